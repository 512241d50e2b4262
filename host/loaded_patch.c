// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/loaded_patch.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "common/dir_list.h"
#include "common/file.h"
#include "common/module/buildid.h"
#include "common/module/livepatch.h"
#include "common/text.h"
#include "host/modinfo_text.h"

/* Reads the attribute @key of module @name, one line, to @ret of PATH_MAX bytes. */
static bool read_module_line(const char *name, const char *key, char *ret)
{
	char path[PATH_MAX];

	if (file_path(path, "", "/sys/module/%s/%s", name, key) ||
	    file_read(path, ret, PATH_MAX) < 0)
		return false;
	ret[strcspn(ret, "\n")] = '\0';
	return *ret;
}

bool loaded_patch_is_there(const char *name)
{
	char taint[PATH_MAX];

	return livepatch_state("", name) != LIVEPATCH_ABSENT ||
	       (read_module_line(name, "taint", taint) && strchr(taint, 'K'));
}

void loaded_patch_print_module(const char *name)
{
	static const char *const keys[] = { "version", "srcversion" };
	char text[PATH_MAX];
	struct build_id id;

	modinfo_text_print_field("name", name);
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (read_module_line(name, keys[i], text))
			modinfo_text_print_field(keys[i], text);
	if (build_id_of_module("", name, &id)) {
		text_to_hex(id.bytes, id.len, text);
		modinfo_text_print_field("build id", text);
	}
}

/* A function's directory in sysfs is its name and position, "name,1". */
static void print_live_object(const char *module, const char *object)
{
	struct dir_list functions;
	char path[PATH_MAX];
	const char *before = "";

	functions.count = functions.used = 0;
	if (file_path(path, "", "/sys/kernel/livepatch/%s/%s", module, object) ||
	    dir_list_add(&functions, path, ""))
		return;
	printf("%-16s%s:", "patches:", object);
	for (size_t i = 0; i < functions.count; i++) {
		const char *comma = strchr(functions.name[i], ',');

		if (!comma)
			continue;
		printf("%s %.*s", before, (int)(comma - functions.name[i]),
		       functions.name[i]);
		before = ",";
	}
	putchar('\n');
}

bool loaded_patch_print_objects(const char *name)
{
	struct dir_list objects;
	char path[PATH_MAX];

	objects.count = objects.used = 0;
	if (file_path(path, "", "/sys/kernel/livepatch/%s", name) ||
	    dir_list_add(&objects, path, ""))
		return false;
	for (size_t i = 0; i < objects.count; i++)
		print_live_object(name, objects.name[i]);
	return objects.count;
}
