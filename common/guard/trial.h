/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The trial of a set of patches, as a table: what each event makes of each state. Reads,
 * writes and prints nothing.
 */
#ifndef TRIAL_H
#define TRIAL_H

#include <stdbool.h>

#include "common/guard/record.h"

enum trial_event {
	EVENT_BOOT,		/* a boot asks for this set */
	EVENT_BOOT_TOO_MANY,	/* a boot asks for this set, which has had its tries */
	EVENT_BOOT_OTHER,	/* a boot asks for another set */
	EVENT_BLESSED,		/* the boot that loaded it is good */
	EVENT_REFUSED,		/* nothing of it came into force */
	EVENT_PASSING,		/* nothing did, but it may at the next boot */
	EVENT_HUNG,		/* a load of it never ended, and the machine restarts */
	EVENT_ROLLED_BACK,	/* the root did not come, and it was turned off */
	EVENT_RESET,		/* the administrator has the record forgotten */
};
#define TRIAL_EVENTS (EVENT_RESET + 1)

/*
 * Returns which of its three events a boot is that asks for the set @set_digest, after
 * @record, if @tries boots may go unblessed.
 */
enum trial_event trial_boot_event(const struct record *record,
				  const unsigned char set_digest[SHA256_BYTES],
				  unsigned int tries);

/*
 * Changes state, attempts, cause and crash_sysctls of @record. @cause, an errno or enum
 * trial_cause, is kept if the event quarantines or fails the set. Returns true if a boot
 * with this event may load the set.
 */
bool trial_step(struct record *record, enum trial_event event, uint32_t cause);

/*
 * True if @b need not be written over @a: nothing but sequence and boot_id_crc differ. A
 * trial that belongs to no boot any more has to be written.
 */
bool trial_is_same(const struct record *a, const struct record *b);

/* Returns the word of @state in the status file, which is never reworded. */
const char *trial_state_word(enum trial_state state);

#endif
