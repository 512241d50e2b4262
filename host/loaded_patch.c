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

/*
 * The directory @object, at @path, is of an object, and has one for each function: its
 * name and position, "name,1". Before kpatch 0.4 it is "functions", of all objects, and
 * has the names alone.
 */
static void print_live_object(const char *path, const char *object)
{
	bool has_all = !strcmp(object, "functions");
	struct dir_list functions;
	const char *before = "";

	functions.count = functions.used = 0;
	if (dir_list_add(&functions, path, ""))
		return;
	printf("%-16s%s:", "patches:", has_all ? "(objects not told)" : object);
	for (size_t i = 0; i < functions.count; i++) {
		size_t len = strcspn(functions.name[i], ",");

		if (!has_all && !functions.name[i][len])
			continue;
		printf("%s %.*s", before, (int)len, functions.name[i]);
		before = ",";
	}
	putchar('\n');
}

bool loaded_patch_print_objects(const char *name)
{
	struct dir_list objects;
	char path[PATH_MAX], object[PATH_MAX];

	objects.count = objects.used = 0;
	if (file_path(path, "", "%s/%s", livepatch_directory("", name), name) ||
	    dir_list_add(&objects, path, ""))
		return false;
	for (size_t i = 0; i < objects.count; i++)
		if (!file_path(object, path, "/%s", objects.name[i]))
			print_live_object(object, objects.name[i]);
	return objects.count;
}
