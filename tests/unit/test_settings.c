// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit.h"
#include "common/bounds.h"
#include "common/input/settings.h"

static unsigned int notices, last_line;

static void notice(unsigned int line, const char *reason)
{
	assert_non_null(reason);
	notices++;
	last_line = line;
}

/* What @text makes of the defaults. What was noticed of it is in notices and last_line. */
static struct settings parsed(const char *text)
{
	char *copy = strdup(text);
	struct settings ret;

	notices = last_line = 0;
	settings_defaults(&ret);
	settings_parse(copy, strlen(copy), notice, &ret);
	free(copy);
	return ret;
}

static void each_line_sets_or_keeps_the_timeout(void **state)
{
	static const struct {
		const char *text;
		unsigned int timeout, notices, line;
	} cases[] = {
		{ "", TRANSITION_TIMEOUT_S, 0, 0 },
		{ "# transition_timeout=5\n\n", TRANSITION_TIMEOUT_S, 0, 0 },
		{ "transition_timeout=5", 5, 0, 0 },
		{ " transition_timeout = 5 \r\n", 5, 0, 0 },
		{ "transition_timeout=5\ntransition_timeout=6\n", 6, 0, 0 },
		{ "transition_timeout=3600\n", 3600, 0, 0 },
		{ "\ntransition_timeout=3601\n", TRANSITION_TIMEOUT_S, 1, 2 },
		{ "transition_timeout=0\n", TRANSITION_TIMEOUT_S, 1, 1 },
		{ "transition_timeout=\n", TRANSITION_TIMEOUT_S, 1, 1 },
		{ "transition_timeout=-1\n", TRANSITION_TIMEOUT_S, 1, 1 },
		{ "transition_timeout=5s\n", TRANSITION_TIMEOUT_S, 1, 1 },
		{ "transition_timeout=4294967301\n", TRANSITION_TIMEOUT_S, 1, 1 },
		{ "transition_timeout\n", TRANSITION_TIMEOUT_S, 1, 1 },
		{ "other=1\ntransition_timeout=7\n", 7, 1, 1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct settings settings = parsed(cases[i].text);

		assert_int_equal(settings.transition_timeout_s, cases[i].timeout);
		assert_int_equal(notices, cases[i].notices);
		assert_int_equal(last_line, cases[i].line);
	}
}

static void each_line_sets_the_guard_or_what_loads_less(void **state)
{
	static const struct {
		const char *text;
		enum guard_mode guard;
		unsigned int tries, wait_s;
		const char *store, *modules;
		unsigned int notices;
	} cases[] = {
		{ "", GUARD_AUTO, 2, 5, "", "", 0 },
		{ "guard=off\nguard_tries=9\nguard_wait=60", GUARD_OFF, 9, 60, "", "", 0 },
		{ "guard=required\nguard=auto", GUARD_AUTO, 2, 5, "", "", 0 },
		{ "guard=yes", GUARD_REQUIRED, 2, 5, "", "", 1 },
		{ "guard=", GUARD_REQUIRED, 2, 5, "", "", 1 },
		{ "guard_tries=0\nguard_tries=10\nguard_wait=61", GUARD_AUTO, 2, 5, "", "", 3 },
		{ "guard_store=/dev/vdb1\nguard_modules=a,b", GUARD_AUTO, 2, 5, "/dev/vdb1", "a,b", 0 },
		{ "guard_store=PARTLABEL=x", GUARD_AUTO, 2, 5, "PARTLABEL=x", "", 0 },
		{ "guard_store=/a\nguard_store=", GUARD_AUTO, 2, 5, "", "", 0 },
		{ "guard_store=vdb1\nguard_store=UUID=x", GUARD_AUTO, 2, 5, "", "", 2 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct settings settings = parsed(cases[i].text);

		assert_int_equal(settings.guard, cases[i].guard);
		assert_int_equal(settings.guard_tries, cases[i].tries);
		assert_int_equal(settings.guard_wait_s, cases[i].wait_s);
		assert_string_equal(settings.guard_store, cases[i].store);
		assert_string_equal(settings.guard_modules, cases[i].modules);
		assert_int_equal(notices, cases[i].notices);
	}
}

static void each_line_sets_the_check_or_refuses(void **state)
{
	static const struct {
		const char *text;
		enum check_mode check;
		unsigned int notices;
	} cases[] = {
		{ "", CHECK_MODE_REFUSE, 0 },
		{ "check=warn", CHECK_MODE_WARN, 0 },
		{ "check=off\n", CHECK_MODE_OFF, 0 },
		{ "check=off\ncheck=refuse", CHECK_MODE_REFUSE, 0 },
		{ "check=off\ncheck=no", CHECK_MODE_REFUSE, 1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct settings settings = parsed(cases[i].text);

		assert_int_equal(settings.check, cases[i].check);
		assert_int_equal(notices, cases[i].notices);
	}
}

static void each_line_sets_what_a_missing_patch_does_or_nothing(void **state)
{
	static const struct {
		const char *text;
		enum on_failure on_failure;
		unsigned int notices;
	} cases[] = {
		{ "", ON_FAILURE_CONTINUE, 0 },
		{ "on_failure=emergency", ON_FAILURE_EMERGENCY, 0 },
		{ "on_failure=reboot", ON_FAILURE_REBOOT, 0 },
		{ "on_failure = poweroff\n", ON_FAILURE_POWEROFF, 0 },
		{ "on_failure=poweroff\non_failure=continue", ON_FAILURE_CONTINUE, 0 },
		{ "on_failure=reboot\non_failure=halt\non_failure=\non_failure=reboots", ON_FAILURE_EMERGENCY, 3 },
		{ "on_failure=halt\non_failure=continue", ON_FAILURE_CONTINUE, 1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct settings settings = parsed(cases[i].text);

		assert_int_equal(settings.on_failure, cases[i].on_failure);
		assert_int_equal(notices, cases[i].notices);
	}
}

static void a_store_has_at_most_255_bytes(void **state)
{
	char text[300] = "guard_store=/";
	struct settings settings;

	(void)state;
	for (size_t len = 255; len <= 256; len++) {
		memset(text + 13, 'a', len - 1);
		text[12 + len] = '\0';
		settings = parsed(text);
		assert_int_equal(strlen(settings.guard_store), len == 255 ? 255 : 0);
		assert_int_equal(notices, len - 255);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_line_sets_or_keeps_the_timeout),
		cmocka_unit_test(each_line_sets_the_guard_or_what_loads_less),
		cmocka_unit_test(each_line_sets_the_check_or_refuses),
		cmocka_unit_test(each_line_sets_what_a_missing_patch_does_or_nothing),
		cmocka_unit_test(a_store_has_at_most_255_bytes),
	};

	return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
