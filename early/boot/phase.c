// SPDX-License-Identifier: GPL-2.0-or-later
#include "early/boot/phase.h"

#include "common/bounds.h"

static const struct {
	const char *text;
	unsigned int limit_s;
	enum phase_action actions[PHASE_EVENTS];
} phases[PHASES] = {
	[PHASE_PLAN] = { "verifying the patches", PLAN_LIMIT_S, {
		[PHASE_EVENT_ENDED] = PHASE_ACTION_CONCLUDE,
		[PHASE_EVENT_LIMIT] = PHASE_ACTION_NOTHING,
		[PHASE_EVENT_BUDGET] = PHASE_ACTION_NOTHING,
		[PHASE_EVENT_DIED] = PHASE_ACTION_NOTHING,
	} },
	[PHASE_JUDGE] = { "reaching the boot guard's record", JUDGE_LIMIT_S, {
		[PHASE_EVENT_ENDED] = PHASE_ACTION_CONCLUDE,
		[PHASE_EVENT_LIMIT] = PHASE_ACTION_UNGUARDED,
		[PHASE_EVENT_BUDGET] = PHASE_ACTION_NOTHING,
		[PHASE_EVENT_DIED] = PHASE_ACTION_UNGUARDED,
	} },
	[PHASE_MARK] = { "writing the boot guard's record and starting the watchdog",
			 MARK_LIMIT_S, {
		[PHASE_EVENT_ENDED] = PHASE_ACTION_CONCLUDE,
		[PHASE_EVENT_LIMIT] = PHASE_ACTION_NOTHING,
		[PHASE_EVENT_BUDGET] = PHASE_ACTION_NOTHING,
		[PHASE_EVENT_DIED] = PHASE_ACTION_NOTHING,
	} },
	[PHASE_LOAD] = { "loading", 0, {
		[PHASE_EVENT_ENDED] = PHASE_ACTION_CONCLUDE,
		[PHASE_EVENT_LIMIT] = PHASE_ACTION_HUNG,
		[PHASE_EVENT_BUDGET] = PHASE_ACTION_LEAVE,
		[PHASE_EVENT_DIED] = PHASE_ACTION_HUNG,
	} },
	[PHASE_CONFIRM] = { "telling the boot guard", CONFIRM_LIMIT_S, {
		[PHASE_EVENT_ENDED] = PHASE_ACTION_CONCLUDE,
		[PHASE_EVENT_LIMIT] = PHASE_ACTION_CONCLUDE,
		[PHASE_EVENT_BUDGET] = PHASE_ACTION_CONCLUDE,
		[PHASE_EVENT_DIED] = PHASE_ACTION_CONCLUDE,
	} },
	[PHASE_THROUGH] = { "ending", CONFIRM_LIMIT_S, {
		[PHASE_EVENT_ENDED] = PHASE_ACTION_CONCLUDE,
		[PHASE_EVENT_LIMIT] = PHASE_ACTION_CONCLUDE,
		[PHASE_EVENT_BUDGET] = PHASE_ACTION_CONCLUDE,
		[PHASE_EVENT_DIED] = PHASE_ACTION_CONCLUDE,
	} },
};

enum phase_action phase_action(enum phase phase, enum phase_event event)
{
	return phases[phase].actions[event];
}

unsigned int phase_limit_s(enum phase phase)
{
	return phases[phase].limit_s;
}

const char *phase_text(enum phase phase)
{
	return phases[phase].text;
}
