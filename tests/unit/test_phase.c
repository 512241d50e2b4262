// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit.h"
#include "early/boot/phase.h"

static void who_is_through_is_through(void **state)
{
	(void)state;
	for (int phase = 0; phase < PHASES; phase++)
		assert_int_equal(phase_action((enum phase)phase, PHASE_EVENT_ENDED), PHASE_ACTION_CONCLUDE);
}

/* A load that hangs restarts the machine, or is left behind. No other phase may lead to that. */
static void only_a_load_hangs_or_is_left(void **state)
{
	(void)state;
	for (int phase = 0; phase < PHASES; phase++)
		for (int event = 0; event < PHASE_EVENTS; event++) {
			enum phase_action action = phase_action((enum phase)phase, (enum phase_event)event);

			if (phase != PHASE_LOAD) {
				assert_int_not_equal(action, PHASE_ACTION_HUNG);
				assert_int_not_equal(action, PHASE_ACTION_LEAVE);
			}
		}
	assert_int_equal(phase_action(PHASE_LOAD, PHASE_EVENT_LIMIT), PHASE_ACTION_HUNG);
	assert_int_equal(phase_action(PHASE_LOAD, PHASE_EVENT_DIED), PHASE_ACTION_HUNG);
	assert_int_equal(phase_action(PHASE_LOAD, PHASE_EVENT_BUDGET), PHASE_ACTION_LEAVE);
}

static void before_the_loads_what_does_not_end_loads_nothing(void **state)
{
	static const enum phase before[] = { PHASE_PLAN, PHASE_MARK };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(before); i++)
		for (int event = PHASE_EVENT_LIMIT; event < PHASE_EVENTS; event++)
			assert_int_equal(phase_action(before[i], (enum phase_event)event),
					 PHASE_ACTION_NOTHING);
}

/* A record that can't be reached is one that can't be read; with no time left there is no other try. */
static void a_record_that_is_not_reached_cannot_be_read(void **state)
{
	(void)state;
	assert_int_equal(phase_action(PHASE_JUDGE, PHASE_EVENT_LIMIT), PHASE_ACTION_UNGUARDED);
	assert_int_equal(phase_action(PHASE_JUDGE, PHASE_EVENT_DIED), PHASE_ACTION_UNGUARDED);
	assert_int_equal(phase_action(PHASE_JUDGE, PHASE_EVENT_BUDGET), PHASE_ACTION_NOTHING);
}

/* Every patch has its verdict then. */
static void behind_the_loads_nothing_is_lost(void **state)
{
	(void)state;
	for (int event = 0; event < PHASE_EVENTS; event++) {
		assert_int_equal(phase_action(PHASE_CONFIRM, (enum phase_event)event), PHASE_ACTION_CONCLUDE);
		assert_int_equal(phase_action(PHASE_THROUGH, (enum phase_event)event), PHASE_ACTION_CONCLUDE);
	}
}

static void each_phase_but_the_loads_has_a_limit(void **state)
{
	(void)state;
	for (int phase = 0; phase < PHASES; phase++) {
		assert_true(*phase_text((enum phase)phase));
		assert_true((phase == PHASE_LOAD) == !phase_limit_s((enum phase)phase));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_is_through_is_through),
		cmocka_unit_test(only_a_load_hangs_or_is_left),
		cmocka_unit_test(before_the_loads_what_does_not_end_loads_nothing),
		cmocka_unit_test(a_record_that_is_not_reached_cannot_be_read),
		cmocka_unit_test(behind_the_loads_nothing_is_lost),
		cmocka_unit_test(each_phase_but_the_loads_has_a_limit),
	};

	return cmocka_run_group_tests_name("phase", tests, NULL, NULL);
}
