/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The boot guard's record in an EFI variable. Decides nothing about what is in the
 * record. The variable is a file in efivarfs (Documentation/filesystems/efivarfs.rst): 4
 * bytes of attributes, then the record. Early in a boot it is overwritten, and made again
 * where it is lost. It is never grown: firmware frees no room before the next start, and
 * some firmware does not start with a full store.
 */
#ifndef EFIVAR_H
#define EFIVAR_H

#include <stdbool.h>

#include "common/guard/record.h"
#include "common/mount.h"

#define EFIVAR_FILE \
	"/sys/firmware/efi/efivars/KpatchEarly-91a27a71-6d27-4412-b45b-14eb7aaea1b0"

/*
 * Mounts efivarfs unless it is mounted. Mounts nothing with @dry_run, or below another
 * @root, which has no firmware. @fs is zero at first; mount_undo of it must follow.
 * Returns:
 *   GUARD_STORE_OK
 *   GUARD_STORE_NONE         there is no EFI
 *   GUARD_STORE_HIDDEN       the kernel has no efivarfs, or no runtime services
 *   GUARD_STORE_UNREADABLE   *@ret_err is the -errno of mount(2)
 */
enum guard_store_state efivar_open(const char *root, bool dry_run, struct mount *fs,
				   int *ret_err);

/*
 * Reads the variable @path.
 * Returns:
 *   GUARD_STORE_OK
 *   GUARD_STORE_NOT_MADE     there is no such variable
 *   GUARD_STORE_DAMAGED
 *   GUARD_STORE_UNREADABLE   *@ret_err is the -errno
 */
enum guard_store_state efivar_read(const char *path, struct record *ret, int *ret_err);

/*
 * Overwrites the variable @path and reads it back: then it is in the firmware's memory.
 * Clears the kernel's immutable flag, which every file here has at boot, while it writes.
 * Returns:
 *   GUARD_STORE_OK
 *   GUARD_STORE_DAMAGED      the variable has another size
 *   GUARD_STORE_LOST         something else is read back
 *   another state            as efivar_read
 */
enum guard_store_state efivar_write(const char *path, const struct record *record,
				    int *ret_err);

/* For the host only. Removes the variable @path. Returns the same. */
enum guard_store_state efivar_remove(const char *path, int *ret_err);

/* Makes the variable @path, which must be new. Returns the same. */
enum guard_store_state efivar_create(const char *path, const struct record *record,
				     int *ret_err);

#endif
