// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit.h"
#include "common/guard/trial.h"

static const unsigned char set_a[SET_ID_BYTES] = { 'a' }, set_b[SET_ID_BYTES] = { 'b' };

/*
 * Each state with each event. Letters: the state after it (n t p q f; upper case: the boot may load
 * it). The tries begin at 2, the unblessed boots at 3.
 */
static void each_state_with_each_event(void **state)
{
	static const struct {
		enum trial_state from;
		const char *next, *tries, *unblessed;
	} cases[] = {
		/*			  events: boot too-many blessed good refused stalled hung withdrawn rolled-back */
		{ TRIAL_NONE,		"Tnnnnnnnf", "120022222", "430033333" },
		{ TRIAL_TRYING,		"Tqptttttf", "320012212", "430023323" },
		{ TRIAL_PROVEN,		"PPpppptpf", "220022122", "330033433" },
		{ TRIAL_QUARANTINED,	"qqqqqqqqq", "222222222", "333333333" },
		{ TRIAL_FAILED,		"fffffffff", "222222222", "333333333" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		for (size_t event = 0; event < TRIAL_EVENTS; event++) {
			struct record record = { .unblessed = 3, .trials[1] = { .state = cases[i].from, .tries = 2 } };
			char next = cases[i].next[event];
			bool load = trial_step(&record, 1, (enum trial_event)event);

			assert_int_equal("ntpqf"[record.trials[1].state], next | 32);
			assert_int_equal(load, next < 'a');
			assert_int_equal(record.trials[1].tries, cases[i].tries[event] - '0');
			assert_int_equal(record.unblessed, cases[i].unblessed[event] - '0');
		}
}

/* As a boot does. */
static enum trial_answer boot(struct record *record, const unsigned char *set)
{
	return trial_ask(record, set, 2);
}

static void bless(struct record *record)
{
	trial_step(record, 0, EVENT_BLESSED);
}

static void two_unproven_boots_and_the_third_is_quarantined(void **state)
{
	struct record record = { 0 };

	(void)state;
	assert_int_equal(boot(&record, set_a), TRIAL_ANSWER_LOAD);
	assert_int_equal(boot(&record, set_a), TRIAL_ANSWER_LOAD);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(boot(&record, set_a), TRIAL_ANSWER_STOPPED);
		assert_int_equal(record.trials[0].state, TRIAL_QUARANTINED);
		assert_int_equal(record.trials[0].cause, TRIAL_CAUSE_TRIES);
	}
	assert_int_equal(boot(&record, set_b), TRIAL_ANSWER_LOAD);	/* a changed set is another trial */
	assert_int_equal(record.trials[0].tries, 1);
	assert_int_equal(record.trials[1].state, TRIAL_QUARANTINED);
}

/* As A/B images do, or a boot loader's fallback. */
static void two_sets_in_turn_are_bounded(void **state)
{
	struct record record = { 0 };
	unsigned int loads = 0;

	(void)state;
	for (int i = 0; i < 20; i++)
		loads += boot(&record, i % 2 ? set_b : set_a) == TRIAL_ANSWER_LOAD;
	assert_int_equal(loads, 4);
}

/* More sets than the record remembers: the count of boots bounds them. */
static void any_number_of_sets_in_turn_is_bounded(void **state)
{
	struct record record = { 0 };
	unsigned int loads = 0;

	(void)state;
	for (int i = 0; i < 40; i++) {
		unsigned char set[SET_ID_BYTES] = { (unsigned char)(i % 8) };

		loads += boot(&record, set) == TRIAL_ANSWER_LOAD;
	}
	assert_int_equal(loads, 4);
	/* A boot that is good makes room for as many. */
	record.unblessed = 0;
	assert_int_equal(boot(&record, set_b), TRIAL_ANSWER_LOAD);
}

static void a_proven_set_is_loaded_whatever_others_did(void **state)
{
	struct record record = { 0 };

	(void)state;
	boot(&record, set_a);
	bless(&record);
	for (int i = 0; i < 4; i++) {
		unsigned char set[SET_ID_BYTES] = { 1, (unsigned char)(i / 2) };

		assert_int_equal(boot(&record, set), TRIAL_ANSWER_LOAD);
	}
	assert_int_equal(boot(&record, set_b), TRIAL_ANSWER_BOOTS);
	assert_int_equal(boot(&record, set_a), TRIAL_ANSWER_LOAD);
	assert_int_equal(record.trials[0].state, TRIAL_PROVEN);
}

static void a_steady_boot_changes_nothing(void **state)
{
	struct record record = { 0 };

	(void)state;
	boot(&record, set_a);
	boot(&record, set_a);
	bless(&record);
	for (int i = 0; i < 5; i++) {
		struct record before = record;

		assert_int_equal(boot(&record, set_a), TRIAL_ANSWER_LOAD);
		assert_true(trial_is_same(&before, &record));
	}
}

/* A proven set whose load hangs gets as many boots as a new one. */
static void a_hang_puts_a_proven_set_on_trial(void **state)
{
	struct record record = { 0 };

	(void)state;
	boot(&record, set_a);
	bless(&record);
	boot(&record, set_a);
	trial_step(&record, 0, EVENT_HUNG);
	assert_int_equal(boot(&record, set_a), TRIAL_ANSWER_LOAD);
	trial_step(&record, 0, EVENT_HUNG);
	assert_int_equal(boot(&record, set_a), TRIAL_ANSWER_STOPPED);
	assert_int_equal(record.trials[0].cause, TRIAL_CAUSE_HUNG);
}

/* The cause is the last try's. */
static void a_stall_is_known_until_the_next_try(void **state)
{
	struct record record = { 0 };

	(void)state;
	boot(&record, set_a);
	trial_step(&record, 0, EVENT_STALLED);
	assert_int_equal(record.trials[0].cause, TRIAL_CAUSE_STALLED);
	boot(&record, set_a);
	assert_int_equal(record.trials[0].cause, TRIAL_CAUSE_NONE);
	trial_step(&record, 0, EVENT_STALLED);
	boot(&record, set_a);
	assert_int_equal(record.trials[0].state, TRIAL_QUARANTINED);
	assert_int_equal(record.trials[0].cause, TRIAL_CAUSE_STALLED);
}

/* A refusal is no try: at each boot it begins and takes back the same. */
static void a_refusal_never_quarantines(void **state)
{
	struct record record = { 0 };

	(void)state;
	for (int i = 0; i < 20; i++) {
		assert_int_equal(boot(&record, set_a), TRIAL_ANSWER_LOAD);
		trial_step(&record, 0, EVENT_REFUSED);
		assert_int_equal(record.trials[0].tries, 0);
		assert_int_equal(record.unblessed, 0);
	}
}

static void the_oldest_failed_is_forgotten_first_and_a_quarantined_one_never(void **state)
{
	struct record record = {
		.trials = {
			{ { 1 }, TRIAL_PROVEN, 0, TRIAL_CAUSE_NONE }, { { 2 }, TRIAL_FAILED, 1, TRIAL_CAUSE_ROLLED_BACK },
			{ { 3 }, TRIAL_TRYING, 1, TRIAL_CAUSE_NONE }, { { 4 }, TRIAL_QUARANTINED, 2, TRIAL_CAUSE_TRIES },
		},
	};
	struct record before;

	(void)state;
	boot(&record, set_a);
	assert_int_equal(record.trials[1].set_id[0], 1);
	assert_int_equal(record.trials[2].set_id[0], 3);
	assert_int_equal(record.trials[3].set_id[0], 4);
	boot(&record, set_b);	/* the proven one goes */
	assert_int_equal(record.trials[1].set_id[0], 'a');
	assert_int_equal(record.trials[2].set_id[0], 3);
	for (size_t i = 0; i < RECORD_TRIALS; i++)
		record.trials[i].state = TRIAL_QUARANTINED;
	before = record;
	assert_int_equal(boot(&record, (const unsigned char[SET_ID_BYTES]){ 'c' }), TRIAL_ANSWER_FULL);
	assert_memory_equal(&record, &before, sizeof(record));
}

static void a_reset_forgets_all_but_the_switches(void **state)
{
	struct record record = { .off = RECORD_OFF_ADMINISTRATOR, .sequence = 9 };

	(void)state;
	for (int i = 0; i < 6; i++)
		boot(&record, i % 2 ? set_b : set_a);
	trial_reset(&record);
	assert_int_equal(record.off, RECORD_OFF_ADMINISTRATOR);
	assert_int_equal(record.sequence, 9);
	assert_int_equal(record.unblessed, 0);
	assert_int_equal(trial_find(&record, set_a), RECORD_TRIALS);
	assert_int_equal(boot(&record, set_a), TRIAL_ANSWER_LOAD);
}

/* Which sysctls were set is known until the trial ends, however that ends. */
static void only_a_trial_has_crash_sysctls(void **state)
{
	(void)state;
	for (size_t event = 0; event < TRIAL_EVENTS; event++) {
		struct record record = {
			.crash_sysctls = 7, .trials[0] = { .state = TRIAL_TRYING, .tries = 2 },
		};

		trial_step(&record, 0, (enum trial_event)event);
		assert_int_equal(record.crash_sysctls,
				 record.trials[0].state == TRIAL_TRYING && event != EVENT_GOOD ? 7 : 0);
	}
}

static void nine_tries_are_nine(void **state)
{
	struct record record = { 0 };

	(void)state;
	for (int i = 0; i < 9; i++)
		assert_int_equal(trial_ask(&record, set_a, 9), TRIAL_ANSWER_LOAD);
	assert_int_equal(trial_ask(&record, set_a, 9), TRIAL_ANSWER_STOPPED);
}

static void what_is_the_same(void **state)
{
	struct record a = { .trials[0] = { { 7 }, TRIAL_TRYING, 1, TRIAL_CAUSE_NONE } }, b = a;

	(void)state;
	b.sequence = b.boot_id_crc = 9;
	assert_true(trial_is_same(&a, &b));
	assert_false(trial_is_same(&b, &a));	/* the trial is of no boot any more */
	b.crash_sysctls = 1;
	assert_false(trial_is_same(&a, &b));
	b = a;
	b.off = 1;
	assert_false(trial_is_same(&a, &b));
	b = a;
	b.unblessed = 1;
	assert_false(trial_is_same(&a, &b));
	b = a;
	b.trials[3].set_id[7] = 1;
	assert_false(trial_is_same(&a, &b));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_state_with_each_event),
		cmocka_unit_test(two_unproven_boots_and_the_third_is_quarantined),
		cmocka_unit_test(two_sets_in_turn_are_bounded),
		cmocka_unit_test(any_number_of_sets_in_turn_is_bounded),
		cmocka_unit_test(a_proven_set_is_loaded_whatever_others_did),
		cmocka_unit_test(a_steady_boot_changes_nothing),
		cmocka_unit_test(a_hang_puts_a_proven_set_on_trial),
		cmocka_unit_test(a_stall_is_known_until_the_next_try),
		cmocka_unit_test(a_refusal_never_quarantines),
		cmocka_unit_test(the_oldest_failed_is_forgotten_first_and_a_quarantined_one_never),
		cmocka_unit_test(a_reset_forgets_all_but_the_switches),
		cmocka_unit_test(only_a_trial_has_crash_sysctls),
		cmocka_unit_test(nine_tries_are_nine),
		cmocka_unit_test(what_is_the_same),
	};

	return cmocka_run_group_tests_name("trial", tests, NULL, NULL);
}
