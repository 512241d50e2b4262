/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The boot guard's EFI variable, a file in efivarfs (Documentation/filesystems/efivarfs.rst): 4 bytes of
 * attributes and a record. Early it is only overwritten, never made, grown or deleted: firmware
 * frees no room before the next start, and some does not come up again with a full store.
 */
#ifndef EFIVAR_H
#define EFIVAR_H

#include <stdbool.h>

#include "common/guard/record.h"

#define EFIVAR_FILE "/sys/firmware/efi/efivars/KpatchEarly-91a27a71-6d27-4412-b45b-14eb7aaea1b0"

/*
 * Mounts efivarfs if it is not mounted. Only looks with a @root, which has no firmware, and with @look.
 * Returns GUARD_STORE_OK; GUARD_STORE_NONE where there is no EFI; GUARD_STORE_HIDDEN where the kernel has
 * no efivarfs, or no runtime services; or GUARD_STORE_UNREADABLE with an errno in *@ret_err.
 */
enum guard_store_state efivar_open(const char *root, bool look, int *ret_err);

/* Unmounts what efivar_open mounted. */
void efivar_close(void);

/*
 * Reads the variable @path. Returns GUARD_STORE_OK, GUARD_STORE_NOT_MADE if there is none,
 * GUARD_STORE_DAMAGED, or GUARD_STORE_UNREADABLE with an errno in *@ret_err.
 */
enum guard_store_state efivar_read(const char *path, struct record *ret, int *ret_err);

/*
 * Overwrites the variable @path, and reads it back: then it is in the firmware's memory. The kernel's immutable
 * flag, which every file here has at boot, is cleared for the moment. Returns 0; -EBADMSG if it has
 * another size; -EIO if something else is read back; or another -errno.
 */
int efivar_write(const char *path, const struct record *record);

/* Makes the variable @path, which must not be there. Host only. Returns 0 or -errno. */
int efivar_create(const char *path, const struct record *record);

#endif
