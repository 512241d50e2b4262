/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which modules an initramfs has: a finished one, or the directory that becomes one.
 * Unpacks no file of it.
 */
#ifndef INITRAMFS_H
#define INITRAMFS_H

#include <stdbool.h>
#include <stddef.h>

#include "host/check/answer.h"

struct initramfs {
	const char *path;
	char *names;		/* of a finished one, a line each; NULL: not known */
	size_t size;
	bool is_directory;
};

/*
 * Opens the initramfs @path. A finished one is listed by lsinitrd, or by lsinitramfs
 * where that is missing or fails. At most INITRAMFS_NAMES_BYTES_MAX bytes of names.
 */
void initramfs_open(struct initramfs *ret, const char *path);

void initramfs_close(struct initramfs *initramfs);

/* Whether it has the module file @path, as module_tree_find gives it. */
enum answer initramfs_has(const struct initramfs *initramfs, const char *path);

#endif
