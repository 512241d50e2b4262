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

static int append_name(struct dir_list *names, const char *name)
{
	size_t size = strlen(name) + 1;

	if (names->count == DIR_LIST_MAX || size > DIR_LIST_BYTES_MAX - names->used)
		return -E2BIG;
	names->name[names->count++] = memcpy(names->bytes + names->used, name, size);
	names->used += size;
	return 0;
}

int dir_list_add(struct dir_list *names, const char *path, const char *suffix)
{
	CLOSE_DIR *directory = opendir(path);
	struct dirent *entry;
	int err = 0;

	if (!directory)
		return errno == ENOENT ? 0 : -errno;
	errno = 0;
	while (!err && (entry = readdir(directory)))
		if (entry->d_name[0] != '.' && text_ends_with(entry->d_name, suffix))
			err = append_name(names, entry->d_name);
	qsort(names->name, names->count, sizeof(names->name[0]), compare_names);
	return err ? err : -errno;
}

void dir_list_clear(struct dir_list *names)
{
	names->count = names->used = 0;
}
