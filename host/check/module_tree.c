// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/check/module_tree.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "common/file.h"
#include "common/module/kmod_context.h"
#include "common/module/module_name.h"
#include "host/root_path.h"
#include "host/subprocess.h"

void module_tree_open(struct module_tree *ret, const char *root, const char *release,
		      const char *directory)
{
	int err;

	*ret = (struct module_tree){ .root = directory ? "" : root };
	err = directory ? file_path(ret->directory, "", "%s", directory) :
			  root_path(ret->directory, root, "/lib/modules/%s", release);
	if (!err)
		ret->ctx = kmod_context_new(ret->directory, NULL);
}

void module_tree_close(struct module_tree *tree)
{
	if (tree->ctx)
		kmod_context_unref(&tree->ctx);
	tree->ctx = NULL;
}

enum module_place module_tree_find(const struct module_tree *tree, const char *name,
				   char *ret_path)
{
	struct kmod_module *found = NULL;
	const char *path;

	if (!tree->ctx || kmod_module_new_from_name(tree->ctx, name, &found))
		return MODULE_PLACE_NONE;
	KMOD_MODULE *module = found;
	path = kmod_module_get_path(module);
	if (path)
		return file_path(ret_path, "", "%s", path) ? MODULE_PLACE_NONE :
							     MODULE_PLACE_FILE;
	return kmod_module_get_initstate(module) == KMOD_MODULE_BUILTIN ?
		       MODULE_PLACE_BUILT_IN : MODULE_PLACE_NONE;
}

/* Whether @module or one that it needs is called @name, with '_'. */
static bool needs(struct kmod_module *module, const char *name)
{
	KMOD_MODULES *needed = kmod_module_get_dependencies(module);
	struct kmod_list *item;
	bool found = !strcmp(kmod_module_get_name(module), name);

	for (item = needed; item && !found; item = kmod_list_next(needed, item)) {
		KMOD_MODULE *other = kmod_module_get_module(item);

		found = !strcmp(kmod_module_get_name(other), name);
	}
	return found;
}

bool module_tree_list_needs(const struct module_tree *tree, const char *list,
			    const char *name)
{
	char one[NAME_MAX + 1];

	for (; *list; list += *list == ',') {
		KMOD_MODULE *module = NULL;
		size_t len = strcspn(list, ",");

		snprintf(one, sizeof(one), "%.*s", (int)len, list);
		list += len;
		if (tree->ctx && !kmod_module_new_from_name(tree->ctx, one, &module) &&
		    needs(module, name))
			return true;
	}
	return false;
}

bool module_tree_find_exporter(const struct module_tree *tree, const char *symbol,
			       char *ret)
{
	struct kmod_list *found = NULL;
	char alias[PATH_MAX];

	if (!tree->ctx || file_path(alias, "", "symbol:%s", symbol) ||
	    kmod_module_new_from_lookup(tree->ctx, alias, &found) || !found)
		return false;
	KMOD_MODULES *modules = found;
	KMOD_MODULE *module = kmod_module_get_module(modules);
	return !file_path(ret, "", "%s", kmod_module_get_name(module));
}

/* Has *@fd, of a file at @path, be that of the module in memory, if it is compressed. */
static bool unpack_module(int *fd, const char *path)
{
	int unpacked, err = 0;

	if (!path[module_name_uncompressed_length(path)])
		return true;
	unpacked = memfd_create("module", MFD_CLOEXEC);
	if (unpacked < 0)
		return false;
	err = subprocess_decompress(*fd, path, unpacked, &err) != SUBPROCESS_OK;
	file_close(fd);
	*fd = unpacked;
	return !err;
}

bool module_tree_read(const char *root, const char *path, struct module_bytes *ret)
{
	CLOSE_FD fd = root_open(root, path);

	return fd >= 0 && unpack_module(&fd, path) && !module_bytes_read(fd, ret);
}
