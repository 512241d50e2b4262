/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the boot guard's record is kept: an EFI variable, or two slots of a file or device. Decides
 * nothing about what is in it, loads no module, and waits for nothing: see reach.h.
 */
#ifndef STORE_H
#define STORE_H

#include <limits.h>
#include <stdbool.h>

#include "common/guard/record.h"

struct settings;

/* Where to look, and how. */
struct guard_store_place {
	const char *root, *release;
	const struct settings *settings;	/* guard_store=, guard_modules=, guard_wait= */
	bool look;				/* no module is loaded, nothing mounted or waited for */
};

struct guard_store {
	enum guard_store_state state;
	int err;		/* -errno, where the state is GUARD_STORE_UNREADABLE */
	bool is_efivar;
	char path[PATH_MAX];	/* for messages too; empty: a store that is not found */
	unsigned int slot;	/* that the record is in */
	uint32_t sequence;	/* of the record read or written last */
};

/*
 * Opens the EFI variable, mounting efivarfs if need be; or the store that guard_store= names, see
 * slots_find. Each fills @ret and, if its state is GUARD_STORE_OK, @ret_record; else that is zero. Returns
 * the state. guard_store_close must follow always.
 */
enum guard_store_state guard_store_open_efivar(const struct guard_store_place *place,
					       struct guard_store *ret, struct record *ret_record);
enum guard_store_state guard_store_open_slots(const struct guard_store_place *place,
					      struct guard_store *ret, struct record *ret_record);

/* The variable if there is one, else the store if one is named. */
enum guard_store_state guard_store_open(const struct guard_store_place *place,
					struct guard_store *ret, struct record *ret_record);

/* True if the store that guard_store= names counts, since @efivar is the state of no variable. */
bool guard_store_counts(const struct guard_store_place *place, enum guard_store_state efivar);

/*
 * True if nobody can tell from it how often a set was tried, although it was a record: perhaps it is the
 * set that damages it.
 */
bool guard_store_is_doubtful(const struct guard_store *store);

/* Gives @record the next sequence and writes it, read back. Returns 0 or -errno. */
int guard_store_write(struct guard_store *store, struct record *record);

/* Undoes what had to be mounted. */
void guard_store_close(void);

/*
 * Host only. Makes the store, or if none is named the EFI variable, with a record that knows of nothing; a
 * variable that is there comes before any store. One that is there and valid stays. Returns the state, with
 * its path in @ret; GUARD_STORE_NONE if there is neither EFI nor guard_store=.
 */
enum guard_store_state guard_store_create(const struct guard_store_place *place, struct guard_store *ret);

#endif
