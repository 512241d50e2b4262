/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The boot guard's record as 64 bytes: little endian, the CRC last. Knows the bytes;
 * store.h knows where they are kept, and trial.h what they lead to.
 */
#ifndef RECORD_H
#define RECORD_H

#include <stdbool.h>
#include <stdint.h>

#define RECORD_BYTES 64
#define RECORD_TRIALS 4		/* sets that are remembered */
#define RECORD_TRIES_MAX 31
#define SET_ID_BYTES 8

enum trial_state {
	TRIAL_NONE,		/* no set is known */
	TRIAL_TRYING,		/* as many boots as tries says loaded it unblessed */
	TRIAL_PROVEN,		/* a boot that loaded it was blessed */
	TRIAL_QUARANTINED,	/* too many boots loaded it without being blessed */
	TRIAL_FAILED,		/* it was rolled back */
};

/* What is known of a set's last try. No number is ever reused. */
enum trial_cause {
	TRIAL_CAUSE_NONE,
	TRIAL_CAUSE_TRIES,	/* too many boots were not blessed */
	TRIAL_CAUSE_ROLLED_BACK,/* the root did not come, and it was turned off */
	TRIAL_CAUSE_STALLED,	/* a transition did not end */
	TRIAL_CAUSE_HUNG,	/* a load did not end, or its process died */
};
#define TRIAL_CAUSES (TRIAL_CAUSE_HUNG + 1)

/* What is remembered of one set of patches. */
struct trial {
	unsigned char set_id[SET_ID_BYTES];	/* the begin of its digest */
	enum trial_state state;
	unsigned int tries;	/* boots that loaded it and are not blessed yet */
	enum trial_cause cause;
};

/* Who turned patching off, as bits of struct record. */
#define RECORD_OFF_ADMINISTRATOR	1	/* kpatch-early disable */
#define RECORD_OFF_KPATCH_SERVICE	2	/* kpatch.service is disabled */

struct record {
	unsigned char crash_sysctls;	/* on trial: what that boot has set, as bits */
	unsigned char off;		/* RECORD_OFF_ bits */
	unsigned int unblessed;		/* boots in a row, of any sets on trial */
	uint32_t sequence;		/* the newer record has the higher one */
	uint32_t boot_id_crc;		/* of the boot that tries trials[0]; or 0 */
	struct trial trials[RECORD_TRIALS];	/* the newest first */
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

/* Writes @record to @ret. A count over its limit is written as the limit. */
void record_encode(const struct record *record, unsigned char ret[RECORD_BYTES]);

/*
 * Reads @bytes into @ret. A record of version 1 is read as an empty one; its sequence
 * alone counts. Returns false, with @ret as it was, if they are no record: the CRC shows
 * every change of one to 32 bits in a row.
 */
bool record_decode(const unsigned char bytes[RECORD_BYTES], struct record *ret);

/*
 * True if patching is turned off; by kpatch.service only if @follows_kpatch_service is
 * set, as the setting of that name.
 */
bool record_is_off(const struct record *record, bool follows_kpatch_service);

/* True if @bytes begin as a record does, be it whole or damaged. */
bool record_has_magic(const unsigned char bytes[RECORD_BYTES]);

#endif
