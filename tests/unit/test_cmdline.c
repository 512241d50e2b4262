// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>

#include "unit.h"
#include "common/bounds.h"
#include "common/input/cmdline.h"

static char *copy;
static char told[256];	/* what the parser told, a sentence a line */

static void notice(const char *word, const char *complaint)
{
	size_t used = strlen(told);

	snprintf(told + used, sizeof(told) - used, "%s%s\n", word, complaint);
}

static void parse_bytes(const char *text, size_t len, struct cmdline *ret)
{
	free(copy);
	copy = malloc(len + 1);
	memcpy(copy, text, len);
	copy[len] = '\0';
	told[0] = '\0';
	cmdline_parse(copy, len, notice, ret);
}

static void parse(const char *text, struct cmdline *ret)
{
	parse_bytes(text, strlen(text), ret);
}

static void the_switch_is_read_as_the_table_says(void **state)
{
	static const struct {
		const char *text;
		bool disabled, warning;
	} cases[] = {
		{ "", false, false },
		{ "quiet root=/dev/vda\n", false, false },
		{ "kpatch.disable", true, false },
		{ "kpatch.disable=1", true, false },
		{ "quiet kpatch.disable=y splash", true, false },
		{ "kpatch.disable=yes\n", true, false },
		{ "kpatch.disable=true", true, false },
		{ "kpatch.disable=on", true, false },
		{ "kpatch.disable=0", false, false },
		{ "kpatch.disable=n", false, false },
		{ "kpatch.disable=no", false, false },
		{ "kpatch.disable=false", false, false },
		{ "kpatch.disable=off", false, false },
		{ "kpatch.disable=maybe", true, true },
		{ "kpatch.disable=", true, true },
		{ "kpatch.disable=10", true, true },
		{ "kpatch.disable=1 kpatch.disable=0", false, false },
		{ "kpatch.disable=0 kpatch.disable", true, false },
		{ "kpatch.disable=maybe kpatch.disable=0", false, false },
		{ "kpatch.enable=0", true, false },
		{ "kpatch.enable=off", true, false },
		{ "kpatch.enable=1", false, false },
		{ "kpatch.enable", false, false },
		{ "kpatch.enable=maybe", true, true },
		{ "kpatch.enable=0 kpatch.enable=1", false, false },
		{ "kpatch.enable=1 kpatch.disable=1", true, false },
		{ "kpatch.enable=0 kpatch.disable=0", true, false },
		/* whole words only */
		{ "xkpatch.disable=1 kpatch=disable", false, false },
		{ "kpatch.disabled=1", false, true },
		{ "foo=kpatch.disable=1", false, false },
		{ "kpatch .disable=1", false, false },
		{ "KPATCH.DISABLE=1", false, false },
		/* quotes as the kernel reads them */
		{ "\"kpatch.disable=1\"", true, false },
		{ "kpatch.disable=\"1\"", true, false },
		{ "kpatch.disable=\"0\"", false, false },
		{ "\"kpatch.disable\"", true, false },
		{ "foo=\"bar kpatch.disable=1 baz\"", false, false },
		{ "\"foo kpatch.disable=1\"", false, false },
		{ "foo=\"bar\" kpatch.disable=1", true, false },
		{ "foo=\"open kpatch.disable=1", false, false },
		/* what follows -- is init's */
		{ "quiet -- kpatch.disable=1", false, false },
		{ "kpatch.disable=1 -- quiet", true, false },
		{ "--x kpatch.disable=1", true, false },
		{ "--=x kpatch.disable=1", true, false },
		{ "\tkpatch.disable=1\t", true, false },
		/* kdump */
		{ "elfcorehdr=0x73000000", true, false },
		{ "quiet -- elfcorehdr=1", false, false },
		/* '-' and '_' are alike, and our names hold neither */
		{ "kpatch_disable=1", false, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct cmdline cmdline;

		parse(cases[i].text, &cmdline);
		if (!!cmdline.disabled_by != cases[i].disabled || !!*told != cases[i].warning)
			fail_msg("%s: disabled by %s, told: %s", cases[i].text,
				 cmdline.disabled_by ? cmdline.disabled_by : "nothing", told);
	}
}

static void reasons_tell_the_switches_apart(void **state)
{
	struct cmdline cmdline;

	(void)state;
	parse("kpatch.enable=0", &cmdline);
	assert_non_null(strstr(cmdline.disabled_by, "kpatch.enable=0"));
	parse("kpatch.disable", &cmdline);
	assert_non_null(strstr(cmdline.disabled_by, "kpatch.disable"));
	parse("elfcorehdr=1", &cmdline);
	assert_non_null(strstr(cmdline.disabled_by, "kdump"));
	cmdline_read("/nonexistent", notice, &cmdline);
	assert_non_null(strstr(cmdline.disabled_by, "cannot be read"));
}

static void each_word_that_is_not_understood_is_told(void **state)
{
	static const char nothing_of_ours[] = "kpatch kpatch=1 x.kpatch.y kpatch_x \"a kpatch.x\" "
					      "kpatch.skip kpatch.init=/x kpatch.keep-awake -- kpatch.y";
	struct cmdline cmdline;

	(void)state;
	parse("kpatch.b-c=1 kpatch.enable=0 kpatch.disable=2 \"kpatch.\" kpatch.disable=3 kpatch.keep_awake=x",
	      &cmdline);
	assert_string_equal(told, "kpatch.b-c is no word of kpatch-early: it is ignored\n"
				  "kpatch. is no word of kpatch-early: it is ignored\n"
				  "kpatch.disable= needs 1 or 0: it counts as 1\n"
				  "kpatch.keep_awake= needs 1 or 0: it counts as 0\n");
	parse(nothing_of_ours, &cmdline);
	assert_string_equal(told, "");
}

static void helpers_are_there_until_a_word_says_no(void **state)
{
	static const struct {
		const char *text;
		bool off, warning;
	} cases[] = {
		{ "", false, false },
		{ "kpatch.keep_awake=0", true, false },
		{ "kpatch.keep-awake=off", true, false },
		{ "kpatch.keep_awake", false, false },
		{ "kpatch.keep_awake=1", false, false },
		{ "kpatch.keep_awake=0 kpatch.keep_awake=1", false, false },
		{ "kpatch.keep_awake=1 kpatch.keep_awake=no", true, false },
		{ "kpatch.keep_awake=perhaps", true, true },
		{ "-- kpatch.keep_awake=0", false, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct cmdline cmdline;

		parse(cases[i].text, &cmdline);
		if (cmdline.keep_awake_off != cases[i].off || !!*told != cases[i].warning ||
		    cmdline.disabled_by)
			fail_msg("%s", cases[i].text);
	}
}

static void patches_are_skipped_by_any_spelling_of_their_name(void **state)
{
	static const struct {
		const char *text, *name;
		bool skipped;
	} cases[] = {
		{ "kpatch.skip=lp_a", "lp_a", true },
		{ "kpatch.skip=lp-a", "lp_a", true },
		{ "kpatch.skip=lp-a.ko", "lp_a", true },
		{ "kpatch.skip=x,lp_a,y", "lp_a", true },
		{ "kpatch.skip=\"x,lp_a\"", "lp_a", true },
		{ "kpatch.skip=,,lp_a", "lp_a", true },
		{ "kpatch.skip=lp_ab", "lp_a", false },
		{ "kpatch.skip=lp_", "lp_a", false },
		{ "kpatch.skip=lp-a.ko,x", "lp_a", true },
		{ "kpatch.skip=lp_a.ko.ko", "lp_a", false },
		{ "kpatch.skip=.ko", "", false },
		{ "kpatch.skip=", "lp_a", false },
		{ "kpatch.skip", "lp_a", false },
		{ "kpatch.skip=lp_a kpatch.skip=lp_b", "lp_a", false },
		{ "kpatch.skip=lp_a kpatch.skip=lp_b", "lp_b", true },
		{ "kpatch.skip=lp_a kpatch.skip=", "lp_a", false },
		{ "-- kpatch.skip=lp_a", "lp_a", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct cmdline cmdline;

		parse(cases[i].text, &cmdline);
		if (cmdline_skips(&cmdline, cases[i].name) != cases[i].skipped)
			fail_msg("%s: %s", cases[i].text, cases[i].name);
	}
}

static void the_last_init_counts_and_an_empty_one_takes_it_back(void **state)
{
	static const struct {
		const char *text, *init;
	} cases[] = {
		{ "init=/sbin/init rdinit=/init", NULL },
		{ "kpatch.init=/lib/systemd/systemd quiet", "/lib/systemd/systemd" },
		{ "kpatch.init=\"/my init\"", "/my init" },
		{ "kpatch.init=/a kpatch.init=/b", "/b" },
		{ "kpatch.init=/a kpatch.init=", NULL },
		{ "kpatch.init=/a kpatch.init", NULL },
		{ "kpatch.init=/a kpatch.init=\"\"", NULL },
		{ "kpatch.init=a=b", "a=b" },
		{ "kpatch.init=/a -- kpatch.init=/b", "/a" },
		{ "xkpatch.init=/a kpatch.inits=/a kpatch_init=/a", NULL },
		{ "kpatch.disable=1 kpatch.init=/a", "/a" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct cmdline cmdline;

		parse(cases[i].text, &cmdline);
		if (!cmdline.init != !cases[i].init ||
		    (cmdline.init && strcmp(cmdline.init, cases[i].init)))
			fail_msg("%s: %s", cases[i].text, cmdline.init ? cmdline.init : "none");
	}
}

static void sixty_four_kib_of_words_are_read(void **state)
{
	char *text = malloc(CMDLINE_BYTES_MAX + 1);
	static const char last[] = " kpatch.disable=1";
	struct cmdline cmdline;

	(void)state;
	memset(text, 'x', CMDLINE_BYTES_MAX);
	for (size_t i = 7; i < CMDLINE_BYTES_MAX; i += 8)
		text[i] = ' ';
	memcpy(text + CMDLINE_BYTES_MAX - strlen(last), last, sizeof(last));
	parse_bytes(text, CMDLINE_BYTES_MAX, &cmdline);
	assert_non_null(cmdline.disabled_by);
	free(text);
}

static void a_nul_byte_disables(void **state)
{
	struct cmdline cmdline;

	(void)state;
	parse_bytes("quiet\0kpatch.disable=0", 22, &cmdline);
	assert_non_null(cmdline.disabled_by);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_switch_is_read_as_the_table_says),
		cmocka_unit_test(reasons_tell_the_switches_apart),
		cmocka_unit_test(each_word_that_is_not_understood_is_told),
		cmocka_unit_test(helpers_are_there_until_a_word_says_no),
		cmocka_unit_test(patches_are_skipped_by_any_spelling_of_their_name),
		cmocka_unit_test(the_last_init_counts_and_an_empty_one_takes_it_back),
		cmocka_unit_test(sixty_four_kib_of_words_are_read),
		cmocka_unit_test(a_nul_byte_disables),
	};

	return cmocka_run_group_tests_name("cmdline", tests, NULL, NULL);
}
