// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/guard/trial.h"

#include <string.h>

#include "common/text.h"

/* What an event makes of the tries, and of the unblessed boots. */
enum count {
	COUNT_SAME,
	COUNT_ZERO,	/* both */
	COUNT_FIRST,	/* one try; one boot more */
	COUNT_MORE,	/* one more of both */
	COUNT_LESS,	/* one less of both */
};

struct rule {
	enum trial_state next : 8;
	enum count count : 8;
	bool load;	/* the boot may load the set */
};

#define GOES(next, count, load) { TRIAL_##next, COUNT_##count, load }
#define STAYS(state, load) GOES(state, SAME, load)

static const struct rule rules[TRIAL_FAILED + 1][TRIAL_EVENTS] = {
	[TRIAL_NONE] = {
		[EVENT_BOOT]		= GOES(TRYING, FIRST, true),
		[EVENT_BOOT_TOO_MANY]	= STAYS(NONE, false),
		[EVENT_BLESSED]		= GOES(NONE, ZERO, false),
		[EVENT_GOOD]		= GOES(NONE, ZERO, false),
		[EVENT_REFUSED]		= STAYS(NONE, false),
		[EVENT_STALLED]		= STAYS(NONE, false),
		[EVENT_HUNG]		= STAYS(NONE, false),
		[EVENT_WITHDRAWN]	= STAYS(NONE, false),
		[EVENT_ROLLED_BACK]	= GOES(FAILED, SAME, false),
	},
	[TRIAL_TRYING] = {
		[EVENT_BOOT]		= GOES(TRYING, MORE, true),
		[EVENT_BOOT_TOO_MANY]	= GOES(QUARANTINED, SAME, false),
		[EVENT_BLESSED]		= GOES(PROVEN, ZERO, false),
		[EVENT_GOOD]		= GOES(TRYING, ZERO, false),
		[EVENT_REFUSED]		= GOES(TRYING, LESS, false),
		[EVENT_STALLED]		= STAYS(TRYING, false),
		[EVENT_HUNG]		= STAYS(TRYING, false),
		[EVENT_WITHDRAWN]	= GOES(TRYING, LESS, false),
		[EVENT_ROLLED_BACK]	= GOES(FAILED, SAME, false),
	},
	/* It was in force once. Only what ends a boot speaks against it. */
	[TRIAL_PROVEN] = {
		[EVENT_BOOT]		= STAYS(PROVEN, true),
		[EVENT_BOOT_TOO_MANY]	= STAYS(PROVEN, true),
		[EVENT_BLESSED]		= GOES(PROVEN, ZERO, false),
		[EVENT_GOOD]		= GOES(PROVEN, ZERO, false),
		[EVENT_REFUSED]		= STAYS(PROVEN, false),
		[EVENT_STALLED]		= STAYS(PROVEN, false),
		[EVENT_HUNG]		= GOES(TRYING, FIRST, false),
		[EVENT_WITHDRAWN]	= STAYS(PROVEN, false),
		[EVENT_ROLLED_BACK]	= GOES(FAILED, SAME, false),
	},
	/* What is blessed or good is a boot without the set. */
	[TRIAL_QUARANTINED] = {
		[EVENT_BOOT]		= STAYS(QUARANTINED, false),
		[EVENT_BOOT_TOO_MANY]	= STAYS(QUARANTINED, false),
		[EVENT_BLESSED]		= STAYS(QUARANTINED, false),
		[EVENT_GOOD]		= STAYS(QUARANTINED, false),
		[EVENT_REFUSED]		= STAYS(QUARANTINED, false),
		[EVENT_STALLED]		= STAYS(QUARANTINED, false),
		[EVENT_HUNG]		= STAYS(QUARANTINED, false),
		[EVENT_WITHDRAWN]	= STAYS(QUARANTINED, false),
		[EVENT_ROLLED_BACK]	= STAYS(QUARANTINED, false),
	},
	[TRIAL_FAILED] = {
		[EVENT_BOOT]		= STAYS(FAILED, false),
		[EVENT_BOOT_TOO_MANY]	= STAYS(FAILED, false),
		[EVENT_BLESSED]		= STAYS(FAILED, false),
		[EVENT_GOOD]		= STAYS(FAILED, false),
		[EVENT_REFUSED]		= STAYS(FAILED, false),
		[EVENT_STALLED]		= STAYS(FAILED, false),
		[EVENT_HUNG]		= STAYS(FAILED, false),
		[EVENT_WITHDRAWN]	= STAYS(FAILED, false),
		[EVENT_ROLLED_BACK]	= STAYS(FAILED, false),
	},
};

static unsigned int count_after(enum count count, unsigned int value, unsigned int first)
{
	switch (count) {
	case COUNT_ZERO: return 0;
	case COUNT_FIRST: return first;
	case COUNT_MORE: return value + 1;
	case COUNT_LESS: return value > 0 ? value - 1 : 0;
	case COUNT_SAME: break;
	}
	return value;
}

/* An event that says nothing new leaves the cause of the last try. */
static enum trial_cause cause_after(enum trial_event event, enum trial_cause cause)
{
	switch (event) {
	case EVENT_STALLED:
		return TRIAL_CAUSE_STALLED;
	case EVENT_HUNG:
		return TRIAL_CAUSE_HUNG;
	case EVENT_ROLLED_BACK:
		return TRIAL_CAUSE_ROLLED_BACK;
	case EVENT_BOOT_TOO_MANY:
		return cause != TRIAL_CAUSE_NONE ? cause : TRIAL_CAUSE_TRIES;
	case EVENT_BOOT:
	case EVENT_BLESSED:
	case EVENT_GOOD:
	case EVENT_REFUSED:
	case EVENT_WITHDRAWN:
		break;
	}
	return TRIAL_CAUSE_NONE;
}

static bool is_final(enum trial_state state)
{
	return state == TRIAL_QUARANTINED || state == TRIAL_FAILED;
}

bool trial_step(struct record *record, size_t i, enum trial_event event)
{
	struct trial *trial = &record->trials[i];
	const struct rule *rule = &rules[trial->state][event];

	record->unblessed = count_after(rule->count, record->unblessed,
					record->unblessed + 1);
	trial->tries = count_after(rule->count, trial->tries, 1);
	/* a good boot needs them no more, though the set is not proven */
	if (rule->next != TRIAL_TRYING || event == EVENT_GOOD)
		record->crash_sysctls = 0;
	if (rule->next == TRIAL_NONE || rule->next == TRIAL_PROVEN)
		trial->cause = TRIAL_CAUSE_NONE;
	else if (!is_final(trial->state))
		trial->cause = cause_after(event, trial->cause);
	trial->state = rule->next;
	return rule->load;
}

size_t trial_find(const struct record *record, const unsigned char id[SET_ID_BYTES])
{
	size_t i = 0;

	while (i < RECORD_TRIALS && (record->trials[i].state == TRIAL_NONE ||
				     memcmp(record->trials[i].set_id, id, SET_ID_BYTES)))
		i++;
	return i;
}

/* The oldest trial in @state, or RECORD_TRIALS. */
static size_t find_oldest(const struct record *record, enum trial_state state)
{
	for (size_t i = RECORD_TRIALS; i-- > 0;)
		if (record->trials[i].state == state)
			return i;
	return RECORD_TRIALS;
}

static size_t count_in_state(const struct record *record, enum trial_state state)
{
	size_t count = 0;

	for (size_t i = 0; i < RECORD_TRIALS; i++)
		count += record->trials[i].state == state;
	return count;
}

/*
 * Returns the index of the trial that a new one takes the place of, or RECORD_TRIALS. The
 * last proven one stays beside quarantined ones: it may be what is left to load.
 */
static size_t find_room(const struct record *record)
{
	size_t quarantined = count_in_state(record, TRIAL_QUARANTINED);
	static const enum trial_state order[] = {
		TRIAL_NONE, TRIAL_FAILED, TRIAL_PROVEN, TRIAL_TRYING,
	};
	size_t room = RECORD_TRIALS;

	if (quarantined == RECORD_TRIALS - 1 && count_in_state(record, TRIAL_PROVEN))
		return RECORD_TRIALS;
	for (size_t i = 0; i < ARRAY_SIZE(order) && room == RECORD_TRIALS; i++)
		room = find_oldest(record, order[i]);
	return room;
}

/* Makes the trial at @i the first one. */
static void move_to_front(struct record *record, size_t i)
{
	struct trial trial = record->trials[i];

	memmove(record->trials + 1, record->trials, i * sizeof(trial));
	record->trials[0] = trial;
}

enum trial_answer trial_ask(struct record *record, const unsigned char id[SET_ID_BYTES],
			    unsigned int tries)
{
	size_t i = trial_find(record, id);
	bool is_new = i == RECORD_TRIALS;
	enum trial_event event;

	if (is_new)
		i = find_room(record);
	if (i == RECORD_TRIALS)
		return TRIAL_ANSWER_FULL;
	event = !is_new && record->trials[i].tries >= tries ? EVENT_BOOT_TOO_MANY :
							       EVENT_BOOT;
	if ((is_new || record->trials[i].state == TRIAL_TRYING) && event == EVENT_BOOT &&
	    record->unblessed >= 2 * tries)
		return TRIAL_ANSWER_BOOTS;
	move_to_front(record, i);
	if (is_new) {
		record->trials[0] = (struct trial){ .state = TRIAL_NONE };
		memcpy(record->trials[0].set_id, id, SET_ID_BYTES);
	}
	return trial_step(record, 0, event) ? TRIAL_ANSWER_LOAD : TRIAL_ANSWER_STOPPED;
}

void trial_reset(struct record *record)
{
	memset(record->trials, 0, sizeof(record->trials));
	record->unblessed = 0;
	record->crash_sysctls = 0;
}

static bool trial_entry_is_same(const struct trial *a, const struct trial *b)
{
	return a->state == b->state && a->tries == b->tries && a->cause == b->cause &&
	       !memcmp(a->set_id, b->set_id, SET_ID_BYTES);
}

bool trial_is_same(const struct record *a, const struct record *b)
{
	bool loses_boot = a->boot_id_crc && !b->boot_id_crc;

	/*
	 * Another boot_id alone is not worth a write, but bless must see that there is
	 * none.
	 */
	if (loses_boot && b->trials[0].state == TRIAL_TRYING)
		return false;
	for (size_t i = 0; i < RECORD_TRIALS; i++)
		if (!trial_entry_is_same(&a->trials[i], &b->trials[i]))
			return false;
	return a->crash_sysctls == b->crash_sysctls && a->off == b->off &&
	       a->unblessed == b->unblessed;
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
