/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The boot guard's record in two slots of 512 bytes of a file or block device, for machines without
 * EFI: at offsets 0 and 4096, so that no disk has both in one sector. The valid one with the higher sequence counts, and
 * each write goes to the other: one that a power cut tears costs itself alone.
 */
#ifndef SLOTS_H
#define SLOTS_H

#include "common/guard/record.h"

#define SLOT_BYTES	512
#define SLOT_DISTANCE	4096

/*
 * The path below @root of the store @name, a path or PARTLABEL=NAME (as the kernel, not udev, knows it),
 * to @ret of PATH_MAX bytes. Returns 0, -ENOENT if no partition has that label, -ENOTUNIQ if several have it, or
 * -ENAMETOOLONG.
 */
int slots_find(const char *root, const char *name, char *ret);

/*
 * Reads the newest record of @path. Returns GUARD_STORE_OK with its slot, 0 or 1. If none is valid:
 * GUARD_STORE_UNREADABLE with an errno in *@ret_err, if one can't be read; GUARD_STORE_SHORT where one is
 * not all there; GUARD_STORE_NOT_MADE if both are empty; GUARD_STORE_FOREIGN where one holds what never
 * was a record; else GUARD_STORE_DAMAGED. The errno is -EPERM for a file that others than root may write,
 * and -ENOTSUP for what is neither file nor block device.
 */
enum guard_store_state slots_read(const char *path, struct record *ret, unsigned int *ret_slot,
				  int *ret_err);

/*
 * Writes @record to slot @slot of @path, through to the disk, and reads it back: from the disk too, unless that has larger
 * sectors. Returns 0, -EIO or another -errno.
 */
int slots_write(const char *path, unsigned int slot, const struct record *record);

/*
 * Writes @record as the first one: makes the file @path if it is missing. Where one is valid already, it stays.
 * Returns GUARD_STORE_OK; GUARD_STORE_FOREIGN unless all else up to the end of the slots is zero; or
 * another state, as slots_read, with -EBUSY for a device that is mounted or otherwise in use.
 */
enum guard_store_state slots_create(const char *path, const struct record *record, int *ret_err);

#endif
