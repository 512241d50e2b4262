// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit.h"
#include "../../early/bounds.h"
#include "../../early/settings.h"

static unsigned int notices, last_line;

static void notice(unsigned int line, const char *reason)
{
	assert_non_null(reason);
	notices++;
	last_line = line;
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
		char *text = strdup(cases[i].text);
		struct settings settings;

		notices = last_line = 0;
		settings_defaults(&settings);
		settings_parse(text, strlen(text), notice, &settings);
		assert_int_equal(settings.transition_timeout_s, cases[i].timeout);
		assert_int_equal(notices, cases[i].notices);
		assert_int_equal(last_line, cases[i].line);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_line_sets_or_keeps_the_timeout),
	};

	return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
