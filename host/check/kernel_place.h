/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the kernel of a release lies. Opens it, and reads nothing of it. */
#ifndef KERNEL_PLACE_H
#define KERNEL_PLACE_H

/*
 * Opens the kernel of @release below @root, where distributions have it: in
 * /lib/modules/RELEASE or in /boot. Writes its path to @ret_path of PATH_MAX bytes.
 * Returns a descriptor; negative if there is none.
 */
int kernel_place_open(const char *root, const char *release, char *ret_path);

#endif
