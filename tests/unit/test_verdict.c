// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>

#include "unit.h"
#include "common/verdict.h"

static const char *sentence(struct verdict verdict)
{
	static char text[REASON_MAX + 1];

	verdict_sentence(&verdict, text, sizeof(text));
	return text;
}

static void a_sentence_has_its_detail_seconds_and_errno(void **state)
{
	(void)state;
	assert_string_equal(sentence((struct verdict){ .cause = CAUSE_APPLIED }), "");
	assert_string_equal(sentence((struct verdict){ .cause = CAUSE_REPLACED, .detail = "lp_b" }),
			    "replaced by lp_b");
	assert_string_equal(sentence((struct verdict){ .cause = CAUSE_FUNCTIONS_OPEN, .detail = "lp_b",
						       .functions = "f, g and 2 more" }),
			    "replaced by lp_b, so its functions f, g and 2 more are open again");
	assert_string_equal(sentence((struct verdict){ .cause = CAUSE_STALLED, .seconds = 20 }),
			    "its transition did not end in 20 s, so it was reversed and unloaded");
	assert_string_equal(sentence((struct verdict){ .cause = CAUSE_NOT_OPENED, .detail = "/a%d.ko",
						       .err = -ENOENT }),
			    "/a%d.ko cannot be opened: it is missing");
}

static void the_kernels_words_follow_or_else_the_errnos(void **state)
{
	struct verdict verdict = { .cause = CAUSE_LOAD_REFUSED, .err = -ENOENT };

	(void)state;
	assert_string_equal(sentence(verdict), "the kernel does not know a symbol that the patch uses "
					       "(No such file or directory)");
	strcpy(verdict.words, "lp_a: Unknown symbol %s");
	assert_string_equal(sentence(verdict), "the kernel does not know a symbol that the patch uses; "
					       "the kernel says: lp_a: Unknown symbol %s");
	verdict.cause = CAUSE_INIT_REFUSED;
	assert_string_equal(sentence(verdict), "the patch's own init refused; "
					       "the kernel says: lp_a: Unknown symbol %s");
}

/* What is not applied says why, and nothing of the table's own marks is left in it. */
static void every_other_cause_has_a_sentence(void **state)
{
	(void)state;
	for (int cause = 0; cause < CAUSES; cause++) {
		const char *text = sentence((struct verdict){
			.cause = (enum cause)cause, .err = -EIO, .detail = "detail",
		});

		assert_true(!*text == (verdict_outcome((enum cause)cause) == OUTCOME_APPLIED));
		assert_null(strchr(text, '%'));
	}
}

static void what_does_not_fit_is_cut_off(void **state)
{
	struct verdict verdict = { .cause = CAUSE_DEPENDENCY_REFUSED, .err = -EINVAL, .words = "words" };
	char text[REASON_MAX + 1], small[8] = "";

	(void)state;
	memset(verdict.detail, 'x', sizeof(verdict.detail) - 1);
	verdict_sentence(&verdict, text, sizeof(text));
	assert_int_equal(strlen(text), REASON_MAX);
	verdict_sentence(&verdict, small, sizeof(small));
	assert_string_equal(small, "it need");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sentence_has_its_detail_seconds_and_errno),
		cmocka_unit_test(the_kernels_words_follow_or_else_the_errnos),
		cmocka_unit_test(every_other_cause_has_a_sentence),
		cmocka_unit_test(what_does_not_fit_is_cut_off),
	};

	return cmocka_run_group_tests_name("verdict", tests, NULL, NULL);
}
