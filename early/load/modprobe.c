// SPDX-License-Identifier: GPL-2.0-or-later
#include "early/load/modprobe.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/bounds.h"
#include "common/file.h"
#include "common/module/kmod_context.h"
#include "common/module/livepatch.h"
#include "common/module/module_name.h"
#include "common/paths.h"

/* From linux/module.h, which musl's headers do not have. Since 5.17. */
#define INIT_COMPRESSED_FILE 4

static int finit_module(int fd, int flags)
{
	return syscall(SYS_finit_module, fd, "", flags) ? -errno : 0;
}

int modprobe_load_fd(int fd)
{
	return finit_module(fd, 0);
}

int modprobe_unload(const char *name)
{
	return syscall(SYS_delete_module, name, O_NONBLOCK) ? -errno : 0;
}

/*
 * A compressed dependency goes to the kernel as it is: Debian's kernels from 6.12 on ship them
 * so, and take them so (CONFIG_MODULE_DECOMPRESS).
 */
static int load_dependency(const char *path)
{
	const char *suffix = strrchr(path, '.');
	CLOSE_FD fd = open(path, O_RDONLY | O_CLOEXEC);
	int err;

	if (fd < 0)
		return -errno;
	err = finit_module(fd, suffix && strcmp(suffix, ".ko") ? INIT_COMPRESSED_FILE : 0);
	/* An unknown symbol must not read like a missing file. */
	if (err == -ENOENT)
		err = -ENOEXEC;
	return err == -EEXIST ? 0 : err;
}

static int need_module(struct kmod_module *module, const char *root, bool dry_run)
{
	const char *path = kmod_module_get_path(module);

	if (livepatch_module_is_loaded(root, kmod_module_get_name(module)))
		return 0;
	if (!path)
		return -ENOENT;
	return dry_run ? access(path, R_OK) ? -errno : 0 : load_dependency(path);
}

/* Loads @module last: libkmod lists what it needs in the order in which it must be loaded. */
static int need_with_dependencies(struct kmod_module *module, const char *root, bool dry_run,
				  const char **ret_name)
{
	KMOD_MODULES *needed = kmod_module_get_dependencies(module);
	struct kmod_list *item;

	kmod_list_foreach(item, needed) {
		KMOD_MODULE *first = kmod_module_get_module(item);
		int err = need_module(first, root, dry_run);

		if (err) {
			*ret_name = kmod_module_get_name(first);
			return err;
		}
	}
	*ret_name = kmod_module_get_name(module);
	return need_module(module, root, dry_run);
}

static int need_by_name(struct kmod_ctx *ctx, const char *root, const char *name, bool dry_run,
			char *ret_module)
{
	KMOD_MODULES *found = NULL;
	KMOD_MODULE *module = NULL;
	const char *failed = name;
	int err;

	if (livepatch_module_is_loaded(root, name))
		return 0;
	err = kmod_module_new_from_lookup(ctx, name, &found);
	if (!err && !found)
		err = -ENOENT;
	if (!err) {
		module = kmod_module_get_module(found);
		err = need_with_dependencies(module, root, dry_run, &failed);
	}
	if (err)
		snprintf(ret_module, MODULE_NAME_MAX + 1, "%s", failed);
	return err < 0 ? err : 0;
}

int modprobe_load_dependencies(const char *root, const char *release, const char *depends,
			     bool dry_run, char *ret_module)
{
	KMOD_CTX *ctx = NULL;
	char folder[PATH_MAX];

	if (!*depends)
		return 0;
	snprintf(ret_module, MODULE_NAME_MAX + 1, "%.*s", (int)strcspn(depends, ","), depends);
	if (file_path(folder, root, "/lib/modules/%s", release))
		return -ENAMETOOLONG;
	ctx = kmod_context_new(folder, NULL);
	if (!ctx)
		return -ENOMEM;
	while (*depends) {
		size_t len = strcspn(depends, ",");
		char file[MODULE_NAME_MAX + 1], name[MODULE_NAME_MAX + 1];
		int err;

		if (len >= sizeof(file))
			return -EOVERFLOW;
		memcpy(file, depends, len);
		file[len] = '\0';
		err = module_name_of_file(file, name, sizeof(name));
		if (!err && len)
			err = need_by_name(ctx, root, name, dry_run, ret_module);
		if (err)
			return err;
		depends += len + (depends[len] == ',');
	}
	return 0;
}

void modprobe_load_each(const char *root, const char *release, const char *names)
{
	char name[MODULE_NAME_MAX + 1], failed[MODULE_NAME_MAX + 1];

	while (*names) {
		size_t len = strcspn(names, ", \t");

		if (len < sizeof(name)) {
			snprintf(name, sizeof(name), "%.*s", (int)len, names);
			modprobe_load_dependencies(root, release, name, false, failed);
		}
		names += len + (names[len] != '\0');
	}
}

int modprobe_load_helper(const char *release, const char *name)
{
	char stem[PATH_MAX], path[PATH_MAX], module[MODULE_NAME_MAX + 1];

	if (!file_path(stem, HELPERS_DIR, "/%s/%s", release, name) && module_name_find_file(stem, path))
		return load_dependency(path);
	return modprobe_load_dependencies("", release, name, false, module);
}

struct wish {
	struct kmod_ctx *ctx;
	const char *root, *folder;
};

/* What is not there, is on a blacklist or doesn't load is none of this device's drivers. */
static void grant(const struct wish *wish, const char *alias)
{
	KMOD_MODULES *found = NULL, *allowed = NULL;
	struct kmod_list *item;
	const char *failed;

	if (kmod_module_new_from_lookup(wish->ctx, alias, &found) < 0 ||
	    kmod_module_apply_filter(wish->ctx, KMOD_FILTER_BLACKLIST, found, &allowed) < 0)
		return;
	kmod_list_foreach(item, allowed) {
		KMOD_MODULE *module = kmod_module_get_module(item);
		const char *path = kmod_module_get_path(module);

		if (path && strstr(path, wish->folder))
			need_with_dependencies(module, wish->root, false, &failed);
	}
}

/* Below @path is a folder for each bus, and in its devices/ one for each device. */
static void grant_each(const struct wish *wish, const char *path, bool is_bus)
{
	CLOSE_FOLDER *folder = opendir(path);
	char next[PATH_MAX], alias[1024];
	struct dirent *entry;

	while (folder && (entry = readdir(folder))) {
		if (entry->d_name[0] == '.' ||
		    file_path(next, path, is_bus ? "/%s/modalias" : "/%s/devices", entry->d_name))
			continue;
		if (!is_bus)
			grant_each(wish, next, true);
		else if (file_read(next, alias, sizeof(alias)) > 0) {
			alias[strcspn(alias, "\n")] = '\0';
			grant(wish, alias);
		}
	}
}

void modprobe_load_wanted(const char *root, const char *release, const char *folder)
{
	char config[PATH_MAX], modules[PATH_MAX], buses[PATH_MAX];
	const char *const configs[] = { config, NULL };
	struct wish wish = { .root = root, .folder = folder };
	KMOD_CTX *ctx = NULL;

	if (file_path(config, root, "/etc/modprobe.d") || file_path(modules, root, "/lib/modules/%s", release) ||
	    file_path(buses, root, "/sys/bus"))
		return;
	ctx = wish.ctx = kmod_context_new(modules, configs);
	if (ctx)
		grant_each(&wish, buses, false);
}
