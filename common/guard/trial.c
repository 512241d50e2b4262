// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/guard/trial.h"

#include <string.h>

enum attempts { ZERO, ONE, MORE, LESS, SAME };

struct rule {
	enum trial_state next : 8;
	enum attempts attempts : 8;
	bool load;
};

#define STAYS(state, load) { TRIAL_##state, SAME, load }

static const struct rule rules[TRIAL_FAILED + 1][TRIAL_EVENTS] = {
	[TRIAL_NONE] = {
		[EVENT_BOOT]		= { TRIAL_TRYING, ONE, true },
		[EVENT_BOOT_TOO_MANY]	= { TRIAL_TRYING, ONE, true },
		[EVENT_BOOT_OTHER]	= { TRIAL_TRYING, ONE, true },
		[EVENT_BLESSED]		= STAYS(NONE, false),
		[EVENT_REFUSED]		= { TRIAL_FAILED, SAME, false },
		[EVENT_PASSING]		= STAYS(NONE, false),
		[EVENT_HUNG]		= STAYS(NONE, false),
		[EVENT_VETO]		= { TRIAL_FAILED, SAME, false },
		[EVENT_RESET]		= STAYS(NONE, false),
	},
	[TRIAL_TRYING] = {
		[EVENT_BOOT]		= { TRIAL_TRYING, MORE, true },
		[EVENT_BOOT_TOO_MANY]	= { TRIAL_QUARANTINED, SAME, false },
		[EVENT_BOOT_OTHER]	= { TRIAL_TRYING, ONE, true },
		[EVENT_BLESSED]		= { TRIAL_PROVEN, SAME, false },
		[EVENT_REFUSED]		= { TRIAL_FAILED, SAME, false },
		[EVENT_PASSING]		= { TRIAL_TRYING, LESS, false },
		[EVENT_HUNG]		= STAYS(TRYING, false),
		[EVENT_VETO]		= { TRIAL_FAILED, SAME, false },
		[EVENT_RESET]		= { TRIAL_NONE, ZERO, false },
	},
	[TRIAL_PROVEN] = {
		[EVENT_BOOT]		= STAYS(PROVEN, true),
		[EVENT_BOOT_TOO_MANY]	= STAYS(PROVEN, true),
		[EVENT_BOOT_OTHER]	= { TRIAL_TRYING, ONE, true },
		[EVENT_BLESSED]		= STAYS(PROVEN, false),
		/* It was in force once: the kernel's policy is another at this boot, and no crash came of it. */
		[EVENT_REFUSED]		= STAYS(PROVEN, false),
		[EVENT_PASSING]		= STAYS(PROVEN, false),
		[EVENT_HUNG]		= { TRIAL_TRYING, ONE, false },
		[EVENT_VETO]		= { TRIAL_FAILED, SAME, false },
		[EVENT_RESET]		= { TRIAL_NONE, ZERO, false },
	},
	[TRIAL_QUARANTINED] = {
		[EVENT_BOOT]		= STAYS(QUARANTINED, false),
		[EVENT_BOOT_TOO_MANY]	= STAYS(QUARANTINED, false),
		[EVENT_BOOT_OTHER]	= { TRIAL_TRYING, ONE, true },
		[EVENT_BLESSED]		= STAYS(QUARANTINED, false),
		[EVENT_REFUSED]		= STAYS(QUARANTINED, false),
		[EVENT_PASSING]		= STAYS(QUARANTINED, false),
		[EVENT_HUNG]		= STAYS(QUARANTINED, false),
		[EVENT_VETO]		= STAYS(QUARANTINED, false),
		[EVENT_RESET]		= { TRIAL_NONE, ZERO, false },
	},
	[TRIAL_FAILED] = {
		[EVENT_BOOT]		= STAYS(FAILED, false),
		[EVENT_BOOT_TOO_MANY]	= STAYS(FAILED, false),
		[EVENT_BOOT_OTHER]	= { TRIAL_TRYING, ONE, true },
		[EVENT_BLESSED]		= STAYS(FAILED, false),
		[EVENT_REFUSED]		= STAYS(FAILED, false),
		[EVENT_PASSING]		= STAYS(FAILED, false),
		[EVENT_HUNG]		= STAYS(FAILED, false),
		[EVENT_VETO]		= STAYS(FAILED, false),
		[EVENT_RESET]		= { TRIAL_NONE, ZERO, false },
	},
};

enum trial_event trial_boot_event(const struct record *record, const unsigned char set[SHA256_BYTES],
				  unsigned int tries)
{
	if (memcmp(record->set, set, SHA256_BYTES))
		return EVENT_BOOT_OTHER;
	return record->attempts >= tries ? EVENT_BOOT_TOO_MANY : EVENT_BOOT;
}

static bool has_cause(enum trial_state state)
{
	return state == TRIAL_QUARANTINED || state == TRIAL_FAILED;
}

bool trial_step(struct record *record, enum trial_event event, uint32_t cause)
{
	const struct rule *rule = &rules[record->state][event];

	switch (rule->attempts) {
	case ZERO: record->attempts = 0; break;
	case ONE: record->attempts = 1; break;
	case MORE: record->attempts++; break;
	case LESS: record->attempts -= record->attempts > 0; break;
	case SAME: break;
	}
	if (rule->next != TRIAL_TRYING)
		record->armed = 0;
	if (!has_cause(rule->next))
		record->cause = 0;
	else if (record->state != rule->next)
		record->cause = cause;
	record->state = rule->next;
	return rule->load;
}

bool trial_is_same(const struct record *a, const struct record *b)
{
	/* Which boot it was is no reason to write; that it is none, of a set on trial, is. */
	bool same_boot = a->boot == b->boot || b->boot || b->state != TRIAL_TRYING;

	return same_boot && a->state == b->state && a->attempts == b->attempts && a->cause == b->cause &&
	       a->armed == b->armed && !memcmp(a->set, b->set, sizeof(a->set));
}
