// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit.h"
#include "common/guard/trial.h"

static const unsigned char set[SHA256_BYTES] = { 7 }, other[SHA256_BYTES] = { 8 };

/* Each state with each event, written out once more: a slip in the table has to be made twice. */
static void each_state_with_each_event(void **state)
{
	static const struct {
		enum trial_state from;
		const char *next;	/* a letter an event: n t p q f; upper case: it is loaded */
		const char *attempts;	/* after it, from 2 */
	} cases[] = {
		{ TRIAL_NONE,		"TTTnfnnfn", "111222222" },
		{ TRIAL_TRYING,		"TqTpfttfn", "321221220" },
		{ TRIAL_PROVEN,		"PPTppptfn", "221222120" },
		{ TRIAL_QUARANTINED,	"qqTqqqqqn", "221222220" },
		{ TRIAL_FAILED,		"ffTfffffn", "221222220" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		for (size_t event = 0; event < TRIAL_EVENTS; event++) {
			struct record record = { .state = cases[i].from, .attempts = 2, .cause = 5 };
			char next = cases[i].next[event];
			bool load = trial_step(&record, (enum trial_event)event, 22);

			assert_int_equal("ntpqf"[record.state], next | 32);
			assert_int_equal(load, next < 'a');
			assert_int_equal(record.attempts, cases[i].attempts[event] - '0');
			if (record.state == TRIAL_QUARANTINED || record.state == TRIAL_FAILED)
				assert_int_equal(record.cause, record.state == cases[i].from ? 5 : 22);
			else
				assert_int_equal(record.cause, 0);
		}
}

/* As the guard does at a boot. */
static bool boot(struct record *record, const unsigned char *wanted, unsigned int tries)
{
	bool load = trial_step(record, trial_boot_event(record, wanted, tries), TRIAL_CAUSE_TRIES);

	memcpy(record->set_digest, wanted, SHA256_BYTES);
	return load;
}

static void two_unproven_boots_and_the_third_is_quarantined(void **state)
{
	struct record record = { 0 };

	(void)state;
	assert_true(boot(&record, set, 2));
	assert_true(boot(&record, set, 2));
	for (int i = 0; i < 3; i++) {
		assert_false(boot(&record, set, 2));
		assert_int_equal(record.state, TRIAL_QUARANTINED);
		assert_int_equal(record.cause, TRIAL_CAUSE_TRIES);
	}
	assert_true(boot(&record, other, 2));	/* a changed set is another trial */
	assert_int_equal(record.attempts, 1);
}

static void one_unproven_boot_is_no_quarantine(void **state)
{
	struct record record = { 0 };

	(void)state;
	assert_true(boot(&record, set, 2));
	assert_true(boot(&record, set, 2));
	trial_step(&record, EVENT_BLESSED, 0);
	for (int i = 0; i < 5; i++) {
		struct record before = record;

		assert_true(boot(&record, set, 2));
		assert_true(trial_is_same(&before, &record));	/* so nothing is written */
	}
}

/* A proven set whose load hangs gets as many boots as a new one. */
static void a_hang_puts_a_proven_set_on_trial(void **state)
{
	struct record record = { 0 };

	(void)state;
	boot(&record, set, 2);
	boot(&record, set, 2);
	trial_step(&record, EVENT_BLESSED, 0);
	assert_true(boot(&record, set, 2));
	trial_step(&record, EVENT_HUNG, 0);
	assert_true(boot(&record, set, 2));
	trial_step(&record, EVENT_HUNG, 0);
	assert_false(boot(&record, set, 2));
	assert_int_equal(record.cause, TRIAL_CAUSE_TRIES);
}

/* Which sysctls were set is known until the trial ends, however that ends. */
static void only_a_trial_has_crash_sysctls(void **state)
{
	(void)state;
	for (size_t event = 0; event < TRIAL_EVENTS; event++) {
		struct record record = {
			.state = TRIAL_TRYING, .attempts = 2, .crash_sysctls = 7,
		};
		int expected;

		trial_step(&record, (enum trial_event)event, 22);
		expected = record.state == TRIAL_TRYING ? 7 : 0;
		assert_int_equal(record.crash_sysctls, expected);
	}
}

static void nine_tries_are_nine(void **state)
{
	struct record record = { 0 };

	(void)state;
	for (int i = 0; i < 9; i++)
		assert_true(boot(&record, set, 9));
	assert_false(boot(&record, set, 9));
}

static void what_is_the_same(void **state)
{
	struct record a = { .attempts = 1, .set_digest = { 7 } }, b = a;

	(void)state;
	b.sequence = b.boot_id_crc = 9;
	assert_true(trial_is_same(&a, &b));
	b.crash_sysctls = 1;
	assert_false(trial_is_same(&a, &b));
	b.crash_sysctls = 0;
	b.set_digest[31] = 1;
	assert_false(trial_is_same(&a, &b));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_state_with_each_event),
		cmocka_unit_test(two_unproven_boots_and_the_third_is_quarantined),
		cmocka_unit_test(one_unproven_boot_is_no_quarantine),
		cmocka_unit_test(a_hang_puts_a_proven_set_on_trial),
		cmocka_unit_test(only_a_trial_has_crash_sysctls),
		cmocka_unit_test(nine_tries_are_nine),
		cmocka_unit_test(what_is_the_same),
	};

	return cmocka_run_group_tests_name("trial", tests, NULL, NULL);
}
