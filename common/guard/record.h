/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The boot guard's record as 64 bytes: little endian, the CRC last. Knows the bytes;
 * store.h knows where they are kept, and trial.h what they lead to.
 */
#ifndef RECORD_H
#define RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "common/sha256.h"

#define RECORD_BYTES 64
#define RECORD_ATTEMPTS_MAX 255

enum trial_state {
	TRIAL_NONE,		/* no set is known */
	TRIAL_TRYING,		/* as many boots as attempts says loaded it unblessed */
	TRIAL_PROVEN,		/* a boot that loaded it was blessed */
	TRIAL_QUARANTINED,	/* too many boots loaded it without being blessed */
	TRIAL_FAILED,		/* none of it came into force, or it was rolled back */
};

/*
 * Why a set is quarantined or failed, if it is not the errno of a load. No number is ever
 * reused.
 */
enum trial_cause {
	TRIAL_CAUSE_TRIES = 0x10001,	/* too many boots were not blessed */
	TRIAL_CAUSE_CRASH,		/* is not used */
	TRIAL_CAUSE_ROLLED_BACK,	/* the root did not come, and it was turned off */
	TRIAL_CAUSE_NOT_ENABLED,	/* an init returned without enabling its patch */
	TRIAL_CAUSE_STALLED,		/* a transition did not end */
};

struct record {
	enum trial_state state;
	unsigned int attempts;
	unsigned char crash_sysctls;	/* on trial: what that boot has set, as bits */
	uint32_t cause;			/* enum trial_cause, or the errno of a load */
	uint32_t sequence;		/* the newer record has the higher one */
	uint32_t boot_id_crc;		/* of the boot that wrote it; or 0 */
	unsigned char set_digest[SHA256_BYTES];	/* of the set of patches */
};

/* What was found where a record is kept, or what came of a write there. */
enum guard_store_state {
	GUARD_STORE_OK,		/* a record */
	GUARD_STORE_NONE,	/* no EFI that keeps variables, and no guard_store= */
	GUARD_STORE_NOT_MADE,	/* a place with nothing in it yet */
	GUARD_STORE_HIDDEN,	/* EFI without efivarfs, as with efi=noruntime */
	GUARD_STORE_DAMAGED,	/* what was a record */
	GUARD_STORE_FOREIGN,	/* something else than a record */
	GUARD_STORE_SHORT,	/* a place that ends before the record does */
	GUARD_STORE_MISSING,	/* what guard_store= names is not there */
	GUARD_STORE_AMBIGUOUS,	/* several partitions have the label of guard_store= */
	GUARD_STORE_NO_FILE,	/* it is neither a file nor a block device */
	GUARD_STORE_WRITABLE,	/* others than root may write the file */
	GUARD_STORE_LOST,	/* what was written is not what is read back */
	GUARD_STORE_SILENT,	/* there was no answer in time */
	GUARD_STORE_UNREADABLE,	/* a system call failed, with an errno */
};

/* Writes @record to @ret. More attempts than the limit are written as the limit. */
void record_encode(const struct record *record, unsigned char ret[RECORD_BYTES]);

/*
 * Reads @bytes into @ret. Returns false, with @ret as it was, if they are no record: the
 * CRC shows every change of one to 32 bits in a row.
 */
bool record_decode(const unsigned char bytes[RECORD_BYTES], struct record *ret);

/* True if @bytes begin as a record does, be it whole or damaged. */
bool record_has_magic(const unsigned char bytes[RECORD_BYTES]);

#endif
