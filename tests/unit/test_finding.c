// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>

#include "unit.h"
#include "host/check/finding.h"

#define PROBLEMS (PROBLEM_REPLACES_UNKNOWN + 1)

static struct findings findings;

static void each_problem_has_a_sentence_and_the_rules_ascend(void **state)
{
	enum check_rule before = RULE_KERNEL;
	char text[2048];

	(void)state;
	for (int i = 0; i < PROBLEMS; i++) {
		findings_start(&findings, "lp_x");
		FINDINGS_ADD(&findings, (enum check_problem)i, "one", "two", "three");
		assert_int_equal(findings.count, 1);
		finding_sentence(&findings.list[0], text, sizeof(text));
		assert_true(strlen(text) > 10);
		assert_null(strchr(text, '%'));
		assert_true(finding_rule(&findings.list[0]) >= before);
		before = finding_rule(&findings.list[0]);
		assert_int_equal(findings.answer, finding_answer(&findings.list[0]));
	}
}

static void the_kernel_answers_only_what_it_refuses(void **state)
{
	char words[2048];

	(void)state;
	for (int i = 0; i < PROBLEMS; i++) {
		const char *kernel_errno;

		findings_start(&findings, "lp_x");
		FINDINGS_ADD(&findings, (enum check_problem)i, "one", "two", "three");
		kernel_errno = finding_kernel_answer(&findings.list[0], "lp_x", words, sizeof(words));
		if (finding_answer(&findings.list[0]) != CHECK_REFUSED)
			assert_null(kernel_errno);
		if (!kernel_errno)
			assert_string_equal(words, "");
		assert_null(strchr(words, '%'));
	}
}

static void the_words_are_those_of_the_kernel(void **state)
{
	char words[256];

	(void)state;
	findings_start(&findings, "lp_x");
	FINDINGS_ADD(&findings, PROBLEM_NAMESPACE, "crypto_foo", "CRYPTO_INTERNAL");
	assert_string_equal(finding_kernel_answer(&findings.list[0], "lp_x", words, sizeof(words)), "EINVAL");
	assert_string_equal(words, "lp_x: module uses symbol (crypto_foo) from namespace CRYPTO_INTERNAL, "
				   "but does not import it.");
}

static void the_worst_answer_counts(void **state)
{
	(void)state;
	findings_start(&findings, "lp_x");
	assert_int_equal(findings.answer, CHECK_NOTHING);
	FINDINGS_ADD(&findings, PROBLEM_UNSIGNED_ALLOWED, NULL);
	assert_int_equal(findings.answer, CHECK_NOTHING);
	FINDINGS_ADD(&findings, PROBLEM_SYMBOL, "foo");
	FINDINGS_ADD(&findings, PROBLEM_OBJECT_ABSENT, "bar");
	assert_int_equal(findings.answer, CHECK_REFUSED);
	assert_int_equal(findings.count, 3);
}

static void the_same_problem_is_found_once(void **state)
{
	char symbol[] = "foo";

	(void)state;
	findings_start(&findings, "lp_x");
	FINDINGS_ADD(&findings, PROBLEM_SYMBOL, symbol);
	symbol[0] = 'f';
	FINDINGS_ADD(&findings, PROBLEM_SYMBOL, symbol);
	assert_int_equal(findings.count, 1);
	symbol[0] = 'g';
	FINDINGS_ADD(&findings, PROBLEM_SYMBOL, symbol);
	assert_int_equal(findings.count, 2);
	assert_string_equal(findings.list[0].words[0], "foo");
	findings.driver = "ext4";
	FINDINGS_ADD(&findings, PROBLEM_SYMBOL, symbol);
	assert_int_equal(findings.count, 3);
	assert_int_equal(finding_rule(&findings.list[2]), RULE_DRIVER);
}

static void what_has_no_room_is_counted_and_decides_all_the_same(void **state)
{
	char symbol[32];

	(void)state;
	findings_start(&findings, "lp_x");
	for (int i = 0; i < FINDINGS_MAX; i++) {
		snprintf(symbol, sizeof(symbol), "symbol_%d", i);
		FINDINGS_ADD(&findings, PROBLEM_OBJECT_ABSENT, symbol);
	}
	FINDINGS_ADD(&findings, PROBLEM_SYMBOL, "foo");
	assert_int_equal(findings.count, FINDINGS_MAX);
	assert_int_equal(findings.left_out, 1);
	assert_int_equal(findings.answer, CHECK_REFUSED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_problem_has_a_sentence_and_the_rules_ascend),
		cmocka_unit_test(the_kernel_answers_only_what_it_refuses),
		cmocka_unit_test(the_words_are_those_of_the_kernel),
		cmocka_unit_test(the_worst_answer_counts),
		cmocka_unit_test(the_same_problem_is_found_once),
		cmocka_unit_test(what_has_no_room_is_counted_and_decides_all_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
