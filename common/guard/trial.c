// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/guard/trial.h"

#include <string.h>

/* What an event makes of the count of attempts. */
enum attempts {
	ATTEMPTS_ZERO, ATTEMPTS_ONE, ATTEMPTS_MORE, ATTEMPTS_LESS, ATTEMPTS_SAME,
};

struct rule {
	enum trial_state next : 8;
	enum attempts attempts : 8;
	bool load;	/* the boot may load the set */
};

#define GOES(next, attempts, load) { TRIAL_##next, ATTEMPTS_##attempts, load }
#define STAYS(state, load) GOES(state, SAME, load)

static const struct rule rules[TRIAL_FAILED + 1][TRIAL_EVENTS] = {
	[TRIAL_NONE] = {
		[EVENT_BOOT]		= GOES(TRYING, ONE, true),
		[EVENT_BOOT_TOO_MANY]	= GOES(TRYING, ONE, true),
		[EVENT_BOOT_OTHER]	= GOES(TRYING, ONE, true),
		[EVENT_BLESSED]		= STAYS(NONE, false),
		[EVENT_REFUSED]		= GOES(FAILED, SAME, false),
		[EVENT_PASSING]		= STAYS(NONE, false),
		[EVENT_HUNG]		= STAYS(NONE, false),
		[EVENT_ROLLED_BACK]	= GOES(FAILED, SAME, false),
		[EVENT_RESET]		= STAYS(NONE, false),
	},
	[TRIAL_TRYING] = {
		[EVENT_BOOT]		= GOES(TRYING, MORE, true),
		[EVENT_BOOT_TOO_MANY]	= GOES(QUARANTINED, SAME, false),
		[EVENT_BOOT_OTHER]	= GOES(TRYING, ONE, true),
		[EVENT_BLESSED]		= GOES(PROVEN, SAME, false),
		[EVENT_REFUSED]		= GOES(FAILED, SAME, false),
		[EVENT_PASSING]		= GOES(TRYING, LESS, false),
		[EVENT_HUNG]		= STAYS(TRYING, false),
		[EVENT_ROLLED_BACK]	= GOES(FAILED, SAME, false),
		[EVENT_RESET]		= GOES(NONE, ZERO, false),
	},
	[TRIAL_PROVEN] = {
		[EVENT_BOOT]		= STAYS(PROVEN, true),
		[EVENT_BOOT_TOO_MANY]	= STAYS(PROVEN, true),
		[EVENT_BOOT_OTHER]	= GOES(TRYING, ONE, true),
		[EVENT_BLESSED]		= STAYS(PROVEN, false),
		/* It was in force once, and is refused without a crash. */
		[EVENT_REFUSED]		= STAYS(PROVEN, false),
		[EVENT_PASSING]		= STAYS(PROVEN, false),
		[EVENT_HUNG]		= GOES(TRYING, ONE, false),
		[EVENT_ROLLED_BACK]	= GOES(FAILED, SAME, false),
		[EVENT_RESET]		= GOES(NONE, ZERO, false),
	},
	[TRIAL_QUARANTINED] = {
		[EVENT_BOOT]		= STAYS(QUARANTINED, false),
		[EVENT_BOOT_TOO_MANY]	= STAYS(QUARANTINED, false),
		[EVENT_BOOT_OTHER]	= GOES(TRYING, ONE, true),
		[EVENT_BLESSED]		= STAYS(QUARANTINED, false),
		[EVENT_REFUSED]		= STAYS(QUARANTINED, false),
		[EVENT_PASSING]		= STAYS(QUARANTINED, false),
		[EVENT_HUNG]		= STAYS(QUARANTINED, false),
		[EVENT_ROLLED_BACK]	= STAYS(QUARANTINED, false),
		[EVENT_RESET]		= GOES(NONE, ZERO, false),
	},
	[TRIAL_FAILED] = {
		[EVENT_BOOT]		= STAYS(FAILED, false),
		[EVENT_BOOT_TOO_MANY]	= STAYS(FAILED, false),
		[EVENT_BOOT_OTHER]	= GOES(TRYING, ONE, true),
		[EVENT_BLESSED]		= STAYS(FAILED, false),
		[EVENT_REFUSED]		= STAYS(FAILED, false),
		[EVENT_PASSING]		= STAYS(FAILED, false),
		[EVENT_HUNG]		= STAYS(FAILED, false),
		[EVENT_ROLLED_BACK]	= STAYS(FAILED, false),
		[EVENT_RESET]		= GOES(NONE, ZERO, false),
	},
};

enum trial_event trial_boot_event(const struct record *record,
				  const unsigned char set_digest[SHA256_BYTES],
				  unsigned int tries)
{
	if (memcmp(record->set_digest, set_digest, SHA256_BYTES))
		return EVENT_BOOT_OTHER;
	return record->attempts >= tries ? EVENT_BOOT_TOO_MANY : EVENT_BOOT;
}

static unsigned int attempts_after(enum attempts what, unsigned int attempts)
{
	switch (what) {
	case ATTEMPTS_ZERO: return 0;
	case ATTEMPTS_ONE: return 1;
	case ATTEMPTS_MORE: return attempts + 1;
	case ATTEMPTS_LESS: return attempts > 0 ? attempts - 1 : 0;
	case ATTEMPTS_SAME: break;
	}
	return attempts;
}

static bool state_has_cause(enum trial_state state)
{
	return state == TRIAL_QUARANTINED || state == TRIAL_FAILED;
}

bool trial_step(struct record *record, enum trial_event event, uint32_t cause)
{
	const struct rule *rule = &rules[record->state][event];

	record->attempts = attempts_after(rule->attempts, record->attempts);
	if (rule->next != TRIAL_TRYING)
		record->crash_sysctls = 0;
	if (!state_has_cause(rule->next))
		record->cause = 0;
	else if (record->state != rule->next)
		record->cause = cause;
	record->state = rule->next;
	return rule->load;
}

bool trial_is_same(const struct record *a, const struct record *b)
{
	bool loses_boot = a->boot_id_crc && !b->boot_id_crc;

	/*
	 * Another boot_id alone is not worth a write, but bless must see that there is
	 * none.
	 */
	if (loses_boot && b->state == TRIAL_TRYING)
		return false;
	if (a->state != b->state || a->attempts != b->attempts || a->cause != b->cause)
		return false;
	return a->crash_sysctls == b->crash_sysctls &&
	       !memcmp(a->set_digest, b->set_digest, sizeof(a->set_digest));
}

const char *trial_state_word(enum trial_state state)
{
	switch (state) {
	case TRIAL_NONE: return "none";
	case TRIAL_TRYING: return "trying";
	case TRIAL_PROVEN: return "proven";
	case TRIAL_QUARANTINED: return "quarantined";
	case TRIAL_FAILED: return "failed";
	}
	return "none";
}
