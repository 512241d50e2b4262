// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/own_name.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "common/bounds.h"
#include "common/dir_list.h"
#include "common/file.h"
#include "common/module/modinfo.h"
#include "common/module/module_name.h"
#include "host/subprocess.h"

static bool read_unpacked(const char *path, struct modinfo *ret)
{
	CLOSE_FD from = file_open(path);
	CLOSE_FD to = memfd_create("module", MFD_CLOEXEC);
	int err = 0;

	if (from < 0 || to < 0 || subprocess_decompress(from, path, to, &err))
		return false;
	return modinfo_read(to, ret, &err) == MODINFO_OK;
}

/* Whether the compressed file @path has a name of its own in it. */
static bool read_unpacked_name(const char *path, char *ret)
{
	struct modinfo info;

	return read_unpacked(path, &info) && info.name[0] &&
	       !module_name_of_file(info.name, ret, FILE_NAME_MAX + 1);
}

bool own_name_release_of_file(const char *path, char *ret)
{
	struct modinfo info;

	if (!read_unpacked(path, &info))
		return false;
	strcpy(ret, info.release);
	return *ret;
}

bool own_name_of_file(const char *path, char *ret)
{
	bool is_compressed = path[module_name_uncompressed_length(path)];

	return (is_compressed && read_unpacked_name(path, ret)) ||
	       modinfo_module_name(path, ret);
}

static bool has_file_named_like(const struct dir_list *files, const char *name)
{
	for (size_t i = 0; i < files->count; i++)
		if (module_name_is_of(files->name[i], name))
			return true;
	return false;
}

static bool calls_itself(const char *directory, const char *file, const char *name)
{
	char path[PATH_MAX], own[FILE_NAME_MAX + 1];

	return module_name_is_file(file) && !file_path(path, directory, "/%s", file) &&
	       own_name_of_file(path, own) && !strcmp(own, name);
}

bool own_name_find_file(const char *directory, const char *name, char *ret)
{
	struct dir_list files;
	char module[NAME_MAX + 1];

	files.count = files.used = 0;
	if (strchr(name, '/') || module_name_of_file(name, module, sizeof(module)) ||
	    dir_list_add(&files, directory, "") || has_file_named_like(&files, module))
		return false;
	for (size_t i = 0; i < files.count; i++)
		if (calls_itself(directory, files.name[i], module)) {
			snprintf(ret, NAME_MAX + 1, "%s", files.name[i]);
			return true;
		}
	return false;
}
