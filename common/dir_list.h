/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names in a folder, sorted, in memory of fixed size. Opens no files in it. */
#ifndef DIR_LIST_H
#define DIR_LIST_H

#include <stddef.h>

#define DIR_LIST_MAX 16384
#define DIR_LIST_BYTES_MAX (512 * 1024)

struct dir_list {
	size_t count;
	const char *name[DIR_LIST_MAX];
	size_t used;
	char bytes[DIR_LIST_BYTES_MAX];
};

/*
 * Adds the names in @path that end in @suffix ("" for all) to @names, without hidden ones, and
 * sorts all by their bytes. A missing folder is an empty one.
 * Returns 0, -E2BIG over a limit, or another -errno.
 */
int dir_list_add(struct dir_list *names, const char *path, const char *suffix);

/* Removes all names. */
void dir_list_clear(struct dir_list *names);

#endif
