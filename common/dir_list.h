/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sorted names in a directory, in memory of fixed size. Opens no files in the
 * directory.
 */
#ifndef DIR_LIST_H
#define DIR_LIST_H

#include <stddef.h>

#define DIR_LIST_MAX 16384
#define DIR_LIST_BYTES_MAX (512 * 1024)

struct dir_list {
	size_t count;
	const char *name[DIR_LIST_MAX];
	int err;			/* -errno, after DIR_LIST_UNREADABLE */
	size_t used;			/* of @bytes, in which the names are */
	char bytes[DIR_LIST_BYTES_MAX];
};

enum dir_list_result {
	DIR_LIST_OK,
	DIR_LIST_OVER_LIMIT,	/* more names, or more bytes of them, than above */
	DIR_LIST_UNREADABLE,	/* opendir(3) or readdir(3) failed, with names->err */
};

/*
 * Adds to @names what directory @path holds and ends in @suffix ("" for all), then sorts
 * all names by their bytes. Hidden names are left out. A missing directory counts as
 * empty.
 */
enum dir_list_result dir_list_add(struct dir_list *names, const char *path,
				  const char *suffix);

/* Removes all names. */
void dir_list_clear(struct dir_list *names);

#endif
