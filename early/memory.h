/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the boot guard's record is kept: an EFI variable, or two slots of a file or device. Decides
 * nothing about what is in it.
 */
#ifndef MEMORY_H
#define MEMORY_H

#include <limits.h>
#include <stdbool.h>

#include "record.h"

struct memory {
	bool is_efivar;
	char path[PATH_MAX];	/* for messages too; empty: there is neither */
	unsigned int slot;	/* that the record is in */
	uint32_t sequence;	/* of the record read or written last */
};

/*
 * Finds the memory below @root: the EFI variable, if it is there, else the store @name, if that is not empty
 * (see slots_find). @release is the running kernel, whose modules may be loaded, unless @look.
 * Returns 0 with the record in @ret_record; -ENOENT if nothing was made or named; -EBADMSG if the record
 * is damaged; -ENODEV if there is EFI but no variable, and no name; or another -errno. The caller must call memory_close always.
 */
int memory_open(const char *root, const char *release, const char *name, bool look, struct memory *ret,
		struct record *ret_record);

/* Gives @record the next sequence and writes it, read back. Returns 0 or -errno. */
int memory_write(struct memory *memory, struct record *record);

/* Undoes what memory_open had to mount. */
void memory_close(void);

/*
 * Host only. Makes the store @name, or if that is empty the EFI variable, with a record that knows of nothing.
 * One that is there and valid stays. Returns 0; -ENODEV if there is no EFI; or another -errno; @ret has its path.
 */
int memory_create(const char *root, const char *release, const char *name, struct memory *ret);

#endif
