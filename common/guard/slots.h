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
 * Reads the newest record of @path. Returns 0 with its slot, 0 or 1; -ENODATA if both are empty; -EBADMSG if none is
 * valid; and if none is valid, -EEXIST where one holds what never was a record, -EIO where one can't be read, -ENOSPC
 * where one is not all there. -EPERM for a file that others than root may write; -ENOTSUP if it is neither file nor block
 * device; or another -errno.
 */
int slots_read(const char *path, struct record *ret, unsigned int *ret_slot);

/*
 * Writes @record to slot @slot of @path, through to the disk, and reads it back: from the disk too, unless that has larger
 * sectors. Returns 0, -EIO or another -errno.
 */
int slots_write(const char *path, unsigned int slot, const struct record *record);

/*
 * Writes @record as the first one: makes the file @path if it is missing. Where one is valid already, it stays.
 * Returns 0, -EEXIST unless all else up to the end of the slots is zero, -EBUSY for a device that is mounted or otherwise in
 * use, or -errno as slots_read.
 */
int slots_create(const char *path, const struct record *record);

#endif
