// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit.h"
#include "early/boot/on_failure.h"

static void only_what_failed_or_the_guard_left_out_is_missing(void **state)
{
	static const struct {
		enum outcome outcome;
		enum step step;
		bool missing;
	} cases[] = {
		{ OUTCOME_APPLIED, STEP_DONE, false },
		{ OUTCOME_ALREADY, STEP_DONE, false },
		{ OUTCOME_SKIPPED, STEP_SELECT, false },	/* the administrator's word */
		{ OUTCOME_SKIPPED, STEP_BUILDID, false },	/* for another build */
		{ OUTCOME_SKIPPED, STEP_DONE, false },		/* replaced */
		{ OUTCOME_SKIPPED, STEP_GUARD, true },
		{ OUTCOME_FAILED, STEP_BUILDID, true },
		{ OUTCOME_FAILED, STEP_OPEN, true },
		{ OUTCOME_FAILED, STEP_TRANSITION, true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct status_patch patch = { .outcome = cases[i].outcome, .step = cases[i].step };

		assert_int_equal(on_failure_is_missing(&patch), cases[i].missing);
	}
}

static void below_another_root_there_is_no_boot(void **state)
{
	(void)state;
	assert_false(on_failure_is_boot("/nowhere", STATUS_VERDICT_NONE));
	assert_false(on_failure_is_boot(".", STATUS_VERDICT_NONE));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_failed_or_the_guard_left_out_is_missing),
		cmocka_unit_test(below_another_root_there_is_no_boot),
	};

	return cmocka_run_group_tests_name("on_failure", tests, NULL, NULL);
}
