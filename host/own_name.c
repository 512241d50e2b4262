// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/own_name.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "common/bounds.h"
#include "common/dir_list.h"
#include "common/file.h"
#include "common/module/modinfo.h"
#include "common/module/module_name.h"

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
	       modinfo_module_name(path, own) && !strcmp(own, name);
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
