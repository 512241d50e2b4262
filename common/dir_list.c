// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/dir_list.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/file.h"
#include "common/text.h"

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* False if there is no room. */
static bool append_name(struct dir_list *names, const char *name)
{
	size_t size = strlen(name) + 1;

	if (names->count == DIR_LIST_MAX || size > DIR_LIST_BYTES_MAX - names->used)
		return false;
	names->name[names->count++] = memcpy(names->bytes + names->used, name, size);
	names->used += size;
	return true;
}

enum dir_list_result dir_list_add(struct dir_list *names, const char *path,
				  const char *suffix)
{
	CLOSE_DIR *directory = opendir(path);
	struct dirent *entry;
	bool fits = true;

	if (!directory && errno == ENOENT)
		return DIR_LIST_OK;
	names->err = -errno;
	if (!directory)
		return DIR_LIST_UNREADABLE;
	errno = 0;
	while (fits && (entry = readdir(directory)))
		if (entry->d_name[0] != '.' && text_ends_with(entry->d_name, suffix))
			fits = append_name(names, entry->d_name);
	names->err = -errno;
	qsort(names->name, names->count, sizeof(names->name[0]), compare_names);
	if (!fits)
		return DIR_LIST_OVER_LIMIT;
	return names->err ? DIR_LIST_UNREADABLE : DIR_LIST_OK;
}

/* Does not write to an empty list: the kernel zeroes each page that is written to. */
void dir_list_clear(struct dir_list *names)
{
	if (names->count)
		names->count = names->used = 0;
}
