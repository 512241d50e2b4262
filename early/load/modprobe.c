// SPDX-License-Identifier: GPL-2.0-or-later
#include "early/load/modprobe.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/file.h"
#include "common/module/kmod_context.h"
#include "common/module/livepatch.h"
#include "common/module/module_name.h"
#include "common/paths.h"
#include "common/text.h"

/* From linux/module.h, which musl lacks. The kernel has it since 5.17. */
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

/* One look-up or load, with all that it needs. */
struct lookup {
	struct kmod_ctx *ctx;
	const char *root;
	bool dry_run;
	int err;		/* -errno of what failed */
};

static enum modprobe_result fail_with_errno(struct lookup *lookup, int err)
{
	lookup->err = err;
	return err == -ENOENT ? MODPROBE_MISSING : MODPROBE_FAILED;
}

/*
 * The kernel decompresses a module itself: Debian's from 6.12 on are shipped compressed,
 * and have CONFIG_MODULE_DECOMPRESS.
 */
static enum modprobe_result load_module_file(struct lookup *lookup, const char *path)
{
	bool compressed = !text_ends_with(path, ".ko");
	CLOSE_FD fd = open(path, O_RDONLY | O_CLOEXEC);
	int err;

	if (fd < 0)
		return fail_with_errno(lookup, -errno);
	err = finit_module(fd, compressed ? INIT_COMPRESSED_FILE : 0);
	if (!err || err == -EEXIST)
		return MODPROBE_LOADED;
	lookup->err = err;
	return err == -ENOENT ? MODPROBE_UNKNOWN_SYMBOL : MODPROBE_FAILED;
}

static enum modprobe_result load_module(struct lookup *lookup, struct kmod_module *module)
{
	const char *path = kmod_module_get_path(module);

	if (livepatch_module_is_loaded(lookup->root, kmod_module_get_name(module)))
		return MODPROBE_LOADED;
	if (!path)
		return MODPROBE_MISSING;
	if (!lookup->dry_run)
		return load_module_file(lookup, path);
	return access(path, R_OK) ? fail_with_errno(lookup, -errno) : MODPROBE_LOADED;
}

/* Loads @module last: libkmod lists what it needs in the order of loading. */
static enum modprobe_result load_with_dependencies(struct lookup *lookup,
						   struct kmod_module *module,
						   const char **ret_failed)
{
	KMOD_MODULES *needed = kmod_module_get_dependencies(module);
	struct kmod_list *item;

	kmod_list_foreach(item, needed) {
		KMOD_MODULE *first = kmod_module_get_module(item);
		enum modprobe_result result = load_module(lookup, first);

		if (result != MODPROBE_LOADED) {
			*ret_failed = kmod_module_get_name(first);
			return result;
		}
	}
	*ret_failed = kmod_module_get_name(module);
	return load_module(lookup, module);
}

static enum modprobe_result load_by_name(struct lookup *lookup, const char *name,
					 char *ret_module)
{
	KMOD_MODULES *found = NULL;
	KMOD_MODULE *module = NULL;
	const char *failed = name;
	enum modprobe_result result = MODPROBE_MISSING;
	int err;

	if (livepatch_module_is_loaded(lookup->root, name))
		return MODPROBE_LOADED;
	err = kmod_module_new_from_lookup(lookup->ctx, name, &found);
	if (err < 0) {
		result = fail_with_errno(lookup, err);
	} else if (found) {
		module = kmod_module_get_module(found);
		result = load_with_dependencies(lookup, module, &failed);
	}
	if (result != MODPROBE_LOADED)
		snprintf(ret_module, MODULE_NAME_MAX + 1, "%s", failed);
	return result;
}

/*
 * Loads the first of @depends, which has @len bytes. No module has a name over the
 * kernel's limit.
 */
static enum modprobe_result load_first(struct lookup *lookup, const char *depends,
				       size_t len, char *ret_module)
{
	char name[MODULE_NAME_MAX + 1];

	snprintf(ret_module, MODULE_NAME_MAX + 1, "%.*s", (int)len, depends);
	if (!len)
		return MODPROBE_LOADED;
	if (len > MODULE_NAME_MAX || module_name_of_file(ret_module, name, sizeof(name)))
		return MODPROBE_MISSING;
	return load_by_name(lookup, name, ret_module);
}

enum modprobe_result modprobe_load_dependencies(const struct modprobe_source *source,
						const char *depends,
						struct modprobe_failure *ret_failure)
{
	struct lookup lookup = { .root = source->root, .dry_run = source->dry_run };
	char directory[PATH_MAX];
	KMOD_CTX *ctx = NULL;
	enum modprobe_result result = MODPROBE_LOADED;

	if (!*depends)
		return MODPROBE_LOADED;
	snprintf(ret_failure->module, sizeof(ret_failure->module), "%.*s",
		 (int)strcspn(depends, ","), depends);
	ret_failure->err = file_path(directory, source->root, "/lib/modules/%s",
				     source->release);
	if (ret_failure->err)
		return MODPROBE_FAILED;
	ctx = lookup.ctx = kmod_context_new(directory, NULL);
	ret_failure->err = -ENOMEM;
	if (!ctx)
		return MODPROBE_FAILED;
	while (*depends && result == MODPROBE_LOADED) {
		size_t len = strcspn(depends, ",");

		result = load_first(&lookup, depends, len, ret_failure->module);
		depends += len + (depends[len] == ',');
	}
	ret_failure->err = lookup.err;
	return result;
}

void modprobe_load_each(const char *root, const char *release, const char *names)
{
	const struct modprobe_source source = { .root = root, .release = release };
	struct modprobe_failure failure;
	char name[MODULE_NAME_MAX + 1];

	while (*names) {
		size_t len = strcspn(names, ", \t");

		if (len < sizeof(name)) {
			snprintf(name, sizeof(name), "%.*s", (int)len, names);
			modprobe_load_dependencies(&source, name, &failure);
		}
		names += len + (names[len] != '\0');
	}
}

bool modprobe_load_helper(const char *release, const char *name)
{
	const struct modprobe_source source = { .root = "", .release = release };
	struct lookup lookup = { .root = "" };
	struct modprobe_failure failure;
	char stem[PATH_MAX], path[PATH_MAX];

	if (!file_path(stem, HELPERS_DIR, "/%s/%s", release, name) &&
	    module_name_find_file(stem, path))
		return load_module_file(&lookup, path) == MODPROBE_LOADED;
	return modprobe_load_dependencies(&source, name, &failure) == MODPROBE_LOADED;
}

/* Loads the drivers with this alias. One that does not load is not the device's. */
static void load_drivers(struct lookup *lookup, const char *alias, const char *directory)
{
	KMOD_MODULES *found = NULL, *allowed = NULL;
	struct kmod_list *item;
	const char *failed;

	if (kmod_module_new_from_lookup(lookup->ctx, alias, &found) < 0 ||
	    kmod_module_apply_filter(lookup->ctx, KMOD_FILTER_BLACKLIST, found,
				     &allowed) < 0)
		return;
	kmod_list_foreach(item, allowed) {
		KMOD_MODULE *module = kmod_module_get_module(item);
		const char *path = kmod_module_get_path(module);

		if (path && strstr(path, directory))
			load_with_dependencies(lookup, module, &failed);
	}
}

/* @bus is a directory of /sys/bus, with a directory for each device in its devices/. */
static void load_drivers_of_bus(struct lookup *lookup, const char *bus,
				const char *directory)
{
	char path[PATH_MAX], alias[1024];
	struct dirent *entry;

	if (file_path(path, bus, "/devices"))
		return;
	CLOSE_DIR *devices = opendir(path);
	while (devices && (entry = readdir(devices))) {
		if (entry->d_name[0] == '.' ||
		    file_path(path, bus, "/devices/%s/modalias", entry->d_name) ||
		    file_read(path, alias, sizeof(alias)) <= 0)
			continue;
		alias[strcspn(alias, "\n")] = '\0';
		load_drivers(lookup, alias, directory);
	}
}

void modprobe_load_wanted(const char *root, const char *release, const char *directory)
{
	char config[PATH_MAX], modules[PATH_MAX], path[PATH_MAX];
	const char *const configs[] = { config, NULL };
	struct lookup lookup = { .root = root };
	struct dirent *entry;
	KMOD_CTX *ctx = NULL;

	if (file_path(config, root, "/etc/modprobe.d") ||
	    file_path(path, root, "/sys/bus") ||
	    file_path(modules, root, "/lib/modules/%s", release))
		return;
	ctx = lookup.ctx = kmod_context_new(modules, configs);
	CLOSE_DIR *buses = opendir(path);
	while (ctx && buses && (entry = readdir(buses)))
		if (entry->d_name[0] != '.' &&
		    !file_path(path, root, "/sys/bus/%s", entry->d_name))
			load_drivers_of_bus(&lookup, path, directory);
}
