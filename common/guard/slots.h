/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The boot guard's record in a file or block device, for machines without EFI. Decides
 * nothing about what is in the record. There are two slots of 512 bytes, at offsets 0 and
 * 4096, so that no disk has both in one sector. The valid record with the higher sequence
 * counts, and each write goes to the other slot: a power cut can tear only what is being
 * written. No other file or device than the one that was checked is opened, even if it
 * gets the name meanwhile. That needs the real /proc.
 */
#ifndef SLOTS_H
#define SLOTS_H

#include "common/guard/record.h"

#define SLOT_BYTES	512
#define SLOT_DISTANCE	4096
#define SLOT_IS_BAD	2	/* or'ed to the slot that is never written to */

/*
 * Writes the path below @root of the store @name to @ret of PATH_MAX bytes. @name is a
 * path or PARTLABEL=NAME, a partition's label as the kernel knows it; udev is not asked.
 * Returns:
 *   GUARD_STORE_OK
 *   GUARD_STORE_MISSING      no partition has that label
 *   GUARD_STORE_AMBIGUOUS
 *   GUARD_STORE_UNREADABLE   *@ret_err is -ENAMETOOLONG
 */
enum guard_store_state slots_find(const char *root, const char *name, char *ret,
				  int *ret_err);

/*
 * Reads the newest record of @path, and the slot (0 or 1) that the next write must not
 * go to: the record's, or a bad sector's. If no record is valid, the state that comes
 * first here counts for both slots.
 * Returns:
 *   GUARD_STORE_OK
 *   GUARD_STORE_MISSING, GUARD_STORE_NO_FILE, GUARD_STORE_WRITABLE
 *   GUARD_STORE_UNREADABLE   *@ret_err is the -errno
 *   GUARD_STORE_SHORT        a slot is not all there
 *   GUARD_STORE_FOREIGN      a slot holds what never was a record
 *   GUARD_STORE_DAMAGED
 *   GUARD_STORE_NOT_MADE     both slots are empty
 */
enum guard_store_state slots_read(const char *path, struct record *ret,
				  unsigned int *ret_slot, int *ret_err);

/*
 * Writes @record to slot @slot of @path, through to the disk, and reads it back; from the
 * disk too, unless that has larger sectors.
 * Returns:
 *   GUARD_STORE_OK
 *   GUARD_STORE_SHORT
 *   GUARD_STORE_LOST         something else is read
 *   GUARD_STORE_MISSING, GUARD_STORE_NO_FILE, GUARD_STORE_WRITABLE
 *   GUARD_STORE_UNREADABLE   *@ret_err is the -errno
 */
enum guard_store_state slots_write(const char *path, unsigned int slot,
				   const struct record *record, int *ret_err);

/*
 * Writes @record as the first one, and makes the file @path if it is missing. A file that
 * ends before the slots do is made longer if it has only zeros. A valid record that is
 * there stays. A file that was made is removed on an error.
 * Returns:
 *   GUARD_STORE_OK
 *   GUARD_STORE_FOREIGN   something else than zeros is there, up to the end of the slots
 *   another state, as slots_read and slots_write; *@ret_err is -EBUSY for a device in
 *                         use, as by a mount, and -ENOSPC for a full disk
 */
enum guard_store_state slots_create(const char *path, const struct record *record,
				    int *ret_err);

/*
 * Fills both slots of @path with zeros, and removes it if it is a file. Returns
 * GUARD_STORE_OK, or why not, as slots_write.
 */
enum guard_store_state slots_remove(const char *path, int *ret_err);

#endif
