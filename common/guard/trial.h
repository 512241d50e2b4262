/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The trials of sets of patches, as a table: what each event makes of each state. A trial
 * is a set's time until it is proven; a try is one boot of it. Reads, writes and prints
 * nothing.
 */
#ifndef TRIAL_H
#define TRIAL_H

#include <stdbool.h>
#include <stddef.h>

#include "common/guard/record.h"

enum trial_event {
	EVENT_BOOT,		/* a boot tries the set */
	EVENT_BOOT_TOO_MANY,	/* a boot asks for a set that has had its tries */
	EVENT_BLESSED,		/* the boot is good, and all of the set is in force */
	EVENT_GOOD,		/* the boot is good, but the kernel refused a patch */
	EVENT_REFUSED,		/* nothing came into force, so this is no try */
	EVENT_STALLED,		/* a transition did not end */
	EVENT_HUNG,		/* a load did not end, or its process died */
	EVENT_WITHDRAWN,	/* the boot ended in order before it was blessed */
	EVENT_ROLLED_BACK,	/* the root did not come, and the set was turned off */
};
#define TRIAL_EVENTS (EVENT_ROLLED_BACK + 1)

/*
 * Changes record->trials[@i] by @event, and what the record says of the boots. Returns
 * true if a boot with this event may load the set.
 */
bool trial_step(struct record *record, size_t i, enum trial_event event);

/* Returns the index of the set @id, or RECORD_TRIALS if @record doesn't know it. */
size_t trial_find(const struct record *record, const unsigned char id[SET_ID_BYTES]);

/* Whether a boot may load a set. */
enum trial_answer {
	TRIAL_ANSWER_LOAD,
	TRIAL_ANSWER_STOPPED,	/* it is quarantined or failed */
	TRIAL_ANSWER_BOOTS,	/* too many boots in a row, of any sets, are unblessed */
	TRIAL_ANSWER_FULL,	/* no room: each set of the record is quarantined */
};

/*
 * A boot asks for the set @id, of which @tries boots may go unblessed, and twice as many
 * of any sets. After the first two answers the set is trials[0] of @record; for that a
 * set is forgotten if there are too many: the oldest failed one, else proven, else
 * trying. After the others @record is as it was.
 */
enum trial_answer trial_ask(struct record *record, const unsigned char id[SET_ID_BYTES],
			    unsigned int tries);

/* Forgets all sets, and the count of boots. Who turned patching off stays. */
void trial_reset(struct record *record);

/*
 * True if @b need not be written over @a: nothing but sequence and boot_id_crc differ. A
 * trial that belongs to no boot any more has to be written.
 */
bool trial_is_same(const struct record *a, const struct record *b);

/* Returns the word of @state in the status file, which is never reworded. */
const char *trial_state_word(enum trial_state state);

#endif
