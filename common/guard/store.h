/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The store of the boot guard's record: an EFI variable, or two slots of a file or
 * device. Decides nothing about what is in the record. Loads no module and waits for no
 * device, which reach.h does.
 */
#ifndef STORE_H
#define STORE_H

#include <limits.h>
#include <stdbool.h>

#include "common/guard/record.h"
#include "common/mount.h"

struct settings;

/* Where the store is looked for, and how. */
struct guard_store_place {
	const char *root, *release;
	const struct settings *settings;
	bool dry_run;	/* no module is loaded, nothing is mounted or waited for */
};

/* Begins as zero. */
struct guard_store {
	enum guard_store_state state;
	int err;		/* -errno, after GUARD_STORE_UNREADABLE */
	bool is_efivar;		/* false: it has slots */
	char path[PATH_MAX];	/* for messages too; empty: the store is not found */
	unsigned int slot;	/* that is not written to next, see slots_read */
	uint32_t sequence;	/* of the record read or written last */
	struct mount efivarfs;	/* what guard_store_close undoes */
};

/*
 * Open the EFI variable, for which efivarfs may have to be mounted, or the slots that
 * guard_store= names. guard_store_close must follow, whatever the result. Each fills
 * @ret, and @ret_record if the state is GUARD_STORE_OK; else @ret_record becomes zero.
 * Returns the state.
 */
enum guard_store_state guard_store_open_efivar(const struct guard_store_place *place,
					       struct guard_store *ret,
					       struct record *ret_record);
enum guard_store_state guard_store_open_slots(const struct guard_store_place *place,
					      struct guard_store *ret,
					      struct record *ret_record);

/* Opens the variable if there is one, else the slots if guard_store= names some. */
enum guard_store_state guard_store_open(const struct guard_store_place *place,
					struct guard_store *ret,
					struct record *ret_record);

/*
 * True if the slots count: guard_store= names some, and @efivar is the state of a
 * variable that does not exist.
 */
bool guard_store_counts(const struct guard_store_place *place,
			enum guard_store_state efivar);

/*
 * True if the store held a record, and nobody can tell any more how often a set was
 * tried. It may be the set that damages the record.
 */
bool guard_store_is_doubtful(const struct guard_store *store);

/*
 * Writes @record with the next sequence number and reads it back. Makes the variable, or
 * the first record, where the state is GUARD_STORE_NOT_MADE. Returns GUARD_STORE_OK, or
 * why not, with store->err; the state of @store stays what it was then.
 */
enum guard_store_state guard_store_write(struct guard_store *store,
					 struct record *record);

/* Unmounts what was mounted for the store. */
void guard_store_close(struct guard_store *store);

/*
 * For the host only. Makes the EFI variable or, where there is no EFI, the slots that
 * guard_store= names, with a record of no set. A valid record that is there stays; with a
 * variable no slots are made. Returns the state, with the path in @ret; GUARD_STORE_NONE
 * if there is neither EFI nor guard_store=.
 */
enum guard_store_state guard_store_create(const struct guard_store_place *place,
					  struct guard_store *ret);

/*
 * For the host only. Removes the open @store: the variable, or what is in the slots.
 * Returns GUARD_STORE_OK, or why not, with store->err.
 */
enum guard_store_state guard_store_remove(struct guard_store *store);

#endif
