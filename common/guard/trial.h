/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The trial of a set of patches: what each event makes of each state. A table; reads, writes and says nothing.
 */
#ifndef TRIAL_H
#define TRIAL_H

#include <stdbool.h>

#include "common/guard/record.h"

enum trial_event {
	EVENT_BOOT,		/* a boot that wants this set */
	EVENT_BOOT_TOO_MANY,	/* the same, and it had its tries */
	EVENT_BOOT_OTHER,	/* a boot that wants another set */
	EVENT_BLESSED,		/* the boot that it was loaded at is good */
	EVENT_REFUSED,		/* nothing of it came into force */
	EVENT_PASSING,		/* the same, for what may be otherwise at the next boot */
	EVENT_HUNG,		/* a load of it never ended, and the machine restarts */
	EVENT_VETO,		/* with it, the kernel refuses a driver */
	EVENT_RESET,		/* forget */
};
#define TRIAL_EVENTS (EVENT_RESET + 1)

/*
 * Which of its four events a boot is that wants the set @set, after @record, if @tries boots may go
 * unproven.
 */
enum trial_event trial_boot_event(const struct record *record, const unsigned char set[SHA256_BYTES],
				  unsigned int tries);

/*
 * Changes state, attempts, cause and armed of @record. @cause, an errno or enum trial_cause, counts for what is
 * quarantined or failed by this event. Returns whether a boot with this event may load the set.
 */
bool trial_step(struct record *record, enum trial_event event, uint32_t cause);

/* Whether @a and @b mean the same; boot and sequence do not count. */
bool trial_is_same(const struct record *a, const struct record *b);

#endif
