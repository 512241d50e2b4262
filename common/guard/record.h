/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the boot guard remembers, as 64 bytes: little endian, the CRC last. Knows the bytes; neither where
 * they are kept nor what they lead to, see store.h and trial.h.
 */
#ifndef RECORD_H
#define RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "common/sha256.h"

#define RECORD_BYTES 64
#define RECORD_ATTEMPTS_MAX 255

enum trial_state {
	TRIAL_NONE,		/* nothing is known of any set */
	TRIAL_TRYING,		/* loaded at as many boots as attempts says, and none was blessed */
	TRIAL_PROVEN,
	TRIAL_QUARANTINED,
	TRIAL_FAILED,		/* nothing of it came into force, without a crash */
};

/* Why a set is quarantined or failed, where it is no errno. These are kept: never reused. */
enum trial_cause {
	TRIAL_CAUSE_TRIES = 0x10001,	/* too many boots that were not blessed */
	TRIAL_CAUSE_CRASH,		/* not used */
	TRIAL_CAUSE_VETO,		/* a driver was refused because of it */
};

struct record {
	enum trial_state state;
	unsigned int attempts;
	unsigned char armed;	/* while trying: what was armed at that boot, from crash_sysctl_find_unset */
	uint32_t cause;		/* an errno, or enum trial_cause */
	uint32_t sequence;	/* of two records the higher one is the newer */
	uint32_t boot;		/* of the boot that it was written at, see guard_is_of_this_boot */
	unsigned char set[SHA256_BYTES];
};

/* What was found where a record is kept. */
enum guard_store_state {
	GUARD_STORE_OK,		/* a record */
	GUARD_STORE_NONE,	/* no EFI that keeps variables, and no guard_store= */
	GUARD_STORE_NOT_MADE,	/* a place, and nothing in it yet */
	GUARD_STORE_HIDDEN,	/* EFI without efivarfs, as with efi=noruntime */
	GUARD_STORE_DAMAGED,	/* what was a record */
	GUARD_STORE_FOREIGN,	/* something else than a record */
	GUARD_STORE_SHORT,	/* the place ends before the record does */
	GUARD_STORE_UNREADABLE,	/* an errno says why; ENOENT: what guard_store= names is not there */
};

/* Writes @record to @ret; attempts over the limit as the limit. */
void record_encode(const struct record *record, unsigned char ret[RECORD_BYTES]);

/*
 * Reads @bytes into @ret. Returns 0, or -EBADMSG, with @ret as it was, if they are no record: every
 * change of one to 32 bits in a row is noticed.
 */
int record_decode(const unsigned char bytes[RECORD_BYTES], struct record *ret);

/* Whether @bytes begin as a record does, be it whole or damaged. */
bool record_is_one(const unsigned char bytes[RECORD_BYTES]);

#endif
