/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the boot guard's record is kept: an EFI variable, or two slots of a file or device. Decides
 * nothing about what is in it.
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
	bool is_efivar;
	char path[PATH_MAX];	/* for messages too; empty: a store that is not found */
	unsigned int slot;	/* that the record is in */
	uint32_t sequence;	/* of the record read or written last */
};

/*
 * Finds the memory at @place: the EFI variable, if it is there, else the store, if one is named (see
 * slots_find), for which modules are loaded first and which is waited for. Returns 0 with the record in
 * @ret_record; -ENOENT if nothing is there to remember in; -ENODEV likewise, but there is EFI;
 * -ENOTSUP if that does not show its variables; -ENODATA if the store is empty yet; -EEXIST if it holds something else;
 * -EBADMSG if the record is damaged; or another -errno. guard_store_close must follow always.
 */
int guard_store_open(const struct guard_store_place *place, struct guard_store *ret, struct record *ret_record);

/* Gives @record the next sequence and writes it, read back. Returns 0 or -errno. */
int guard_store_write(struct guard_store *memory, struct record *record);

/* Undoes what guard_store_open had to mount. */
void guard_store_close(void);

/*
 * Host only. Makes the store, or if none is named the EFI variable, with a record that knows of nothing; a variable
 * that is there comes before any store.
 * One that is there and valid stays. Returns 0; -ENODEV if there is no EFI; or another -errno; @ret has its path.
 */
int guard_store_create(const struct guard_store_place *place, struct guard_store *ret);

#endif
