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
#include "common/module/core_module.h"
#include "common/module/kmod_context.h"
#include "common/module/livepatch.h"
#include "common/module/module_name.h"
#include "common/paths.h"
#include "common/text.h"

/* From linux/module.h, which musl lacks. The kernel has it since 5.17. */
#define INIT_COMPRESSED_FILE 4

static int finit_module(int fd, const char *options, int flags)
{
	return syscall(SYS_finit_module, fd, options, flags) ? -errno : 0;
}

int modprobe_load_fd(int fd)
{
	return finit_module(fd, "", 0);
}

int modprobe_unload(const char *name)
{
	return syscall(SYS_delete_module, name, O_NONBLOCK) ? -errno : 0;
}

/* One look-up or load, with all that it needs. */
struct lookup {
	const struct modprobe_source *source;
	struct kmod_ctx **ctx;	/* NULL there until something has to be looked up */
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
static enum modprobe_result load_module_file(struct lookup *lookup, const char *path,
					     const char *options)
{
	bool compressed = !text_ends_with(path, ".ko");
	CLOSE_FD fd = open(path, O_RDONLY | O_CLOEXEC);
	int err;

	if (fd < 0)
		return fail_with_errno(lookup, -errno);
	err = finit_module(fd, options, compressed ? INIT_COMPRESSED_FILE : 0);
	if (!err || err == -EEXIST)
		return MODPROBE_LOADED;
	lookup->err = err;
	return err == -ENOENT ? MODPROBE_UNKNOWN_SYMBOL : MODPROBE_FAILED;
}

static enum modprobe_result load_module(struct lookup *lookup, struct kmod_module *module)
{
	const char *path = kmod_module_get_path(module);
	const char *options = kmod_module_get_options(module);

	if (livepatch_module_is_loaded(lookup->source->root,
				       kmod_module_get_name(module)))
		return MODPROBE_LOADED;
	if (kmod_module_get_install_commands(module))
		return MODPROBE_INSTALL_LINE;
	if (!options)
		options = "";
	if (strlen(options) > MODULE_OPTIONS_MAX)
		return MODPROBE_OPTIONS_OVER_LIMIT;
	if (!path)
		return MODPROBE_MISSING;
	if (!lookup->source->dry_run)
		return load_module_file(lookup, path, options);
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

/* Makes lookup->ctx unless it is there. Returns 0 or -errno. */
static int open_context(struct lookup *lookup)
{
	/* In the order of modprobe.d(5): a file hides those of its name that follow. */
	static const char directories[][15] = {
		"/etc", "/run", "/usr/local/lib", "/usr/lib", "/lib"
	};
	const struct modprobe_source *source = lookup->source;
	char modules[PATH_MAX], paths[ARRAY_SIZE(directories)][PATH_MAX];
	const char *configs[ARRAY_SIZE(directories) + 1] = { NULL };
	int err;

	if (*lookup->ctx)
		return 0;
	err = file_path(modules, source->root, "/lib/modules/%s", source->release);
	for (size_t i = 0; !err && i < ARRAY_SIZE(directories); i++) {
		err = file_path(paths[i], source->root, "%s/modprobe.d", directories[i]);
		configs[i] = paths[i];
	}
	if (err)
		return err;
	*lookup->ctx = kmod_context_new(modules, configs);
	return *lookup->ctx ? 0 : -ENOMEM;
}

/* As for modprobe, a blacklist is for what is found by an alias: a name is loaded. */
static unsigned int filter_of(const struct kmod_list *found, const char *name)
{
	KMOD_MODULE *first = kmod_module_get_module(found);

	return !first || !strcmp(kmod_module_get_name(first), name) ?
		       KMOD_FILTER_BUILTIN :
		       KMOD_FILTER_BUILTIN | KMOD_FILTER_BLACKLIST;
}

/* The core module may lie where depmod does not look. */
static enum modprobe_result load_core_module(struct lookup *lookup)
{
	const struct modprobe_source *source = lookup->source;
	KMOD_MODULE *module = NULL;
	char path[PATH_MAX];

	for (size_t i = 0; i < CORE_MODULE_PLACES; i++)
		if (!core_module_place(i, source->root, source->release, path) &&
		    !access(path, R_OK) &&
		    !kmod_module_new_from_path(*lookup->ctx, path, &module))
			return load_module(lookup, module);
	return MODPROBE_MISSING;
}

static enum modprobe_result load_by_name(struct lookup *lookup, const char *name,
					 char *ret_module)
{
	KMOD_MODULES *found = NULL, *modules = NULL;
	KMOD_MODULE *module = NULL;
	const char *failed = name;
	enum modprobe_result result = MODPROBE_MISSING;
	int err;

	if (livepatch_module_is_loaded(lookup->source->root, name))
		return MODPROBE_LOADED;
	err = open_context(lookup);
	if (!err)
		err = kmod_module_new_from_lookup(*lookup->ctx, name, &found);
	if (!err)
		err = kmod_module_apply_filter(*lookup->ctx, filter_of(found, name),
					       found, &modules);
	if (err < 0) {
		result = fail_with_errno(lookup, err);
	} else if (modules) {
		module = kmod_module_get_module(modules);
		result = load_with_dependencies(lookup, module, &failed);
	} else if (found) {	/* there is nothing to load, which is no failure */
		result = MODPROBE_LOADED;
	}
	if (result == MODPROBE_MISSING && !strcmp(name, CORE_MODULE))
		result = load_core_module(lookup);
	if (result != MODPROBE_LOADED)
		snprintf(ret_module, MODULE_NAME_MAX + 1, "%s", failed);
	return result;
}

/*
 * Loads the first of @names, which has @len bytes. No module has a name over the
 * kernel's limit.
 */
static enum modprobe_result load_first(struct lookup *lookup, const char *names,
				       size_t len, char *ret_module)
{
	char name[MODULE_NAME_MAX + 1];

	snprintf(ret_module, MODULE_NAME_MAX + 1, "%.*s", (int)len, names);
	if (!len)
		return MODPROBE_LOADED;
	if (len > MODULE_NAME_MAX || module_name_of_file(ret_module, name, sizeof(name)))
		return MODPROBE_MISSING;
	return load_by_name(lookup, name, ret_module);
}

/* Goes on after each result but those of @ends, a bit for each. */
static enum modprobe_result load_names(const struct modprobe_source *source,
				       const char *names, unsigned int ends,
				       struct modprobe_failure *ret_failure)
{
	KMOD_CTX *ctx = NULL;
	struct lookup lookup = { .source = source, .ctx = &ctx };
	enum modprobe_result result = MODPROBE_LOADED;

	while (*names && !(1U << result & ends)) {
		size_t len = strcspn(names, ", \t");

		result = load_first(&lookup, names, len, ret_failure->module);
		names += len + (names[len] != '\0');
	}
	ret_failure->err = lookup.err;
	return result;
}

enum modprobe_result modprobe_load_dependencies(const struct modprobe_source *source,
						const char *depends,
						struct modprobe_failure *ret_failure)
{
	return load_names(source, depends, ~(1U << MODPROBE_LOADED), ret_failure);
}

void modprobe_load_each(const char *root, const char *release, const char *names)
{
	const struct modprobe_source source = { .root = root, .release = release };
	struct modprobe_failure failure;

	load_names(&source, names, 0, &failure);
}

bool modprobe_has_install_line(const struct modprobe_source *source, const char *names,
			       struct modprobe_failure *ret_failure)
{
	return load_names(source, names, 1U << MODPROBE_INSTALL_LINE, ret_failure) ==
	       MODPROBE_INSTALL_LINE;
}

bool modprobe_load_helper(const char *release, const char *name)
{
	const struct modprobe_source source = { .root = "", .release = release };
	struct lookup lookup = { .source = &source };
	struct modprobe_failure failure;
	char stem[PATH_MAX], path[PATH_MAX];

	if (!file_path(stem, HELPERS_DIR, "/%s/%s", release, name) &&
	    module_name_find_file(stem, path))
		return load_module_file(&lookup, path, "") == MODPROBE_LOADED;
	return modprobe_load_dependencies(&source, name, &failure) == MODPROBE_LOADED;
}

struct driver_search {
	const struct modprobe_source *source;
	struct kmod_ctx *ctx;	/* with the blacklists that count */
	const char *directory;	/* in lib/modules, that the drivers are in */
};

/* Loads the drivers with this alias. One that does not load is not the device's. */
static void load_drivers(const struct driver_search *search, const char *alias)
{
	KMOD_MODULES *found = NULL, *allowed = NULL;
	struct modprobe_failure failure;
	struct kmod_list *item;

	if (kmod_module_new_from_lookup(search->ctx, alias, &found) < 0 ||
	    kmod_module_apply_filter(search->ctx, KMOD_FILTER_BLACKLIST, found,
				     &allowed) < 0)
		return;
	kmod_list_foreach(item, allowed) {
		KMOD_MODULE *module = kmod_module_get_module(item);
		const char *path = kmod_module_get_path(module);

		if (path && strstr(path, search->directory))
			modprobe_load_dependencies(search->source,
						   kmod_module_get_name(module),
						   &failure);
	}
}

/* @bus is a directory of /sys/bus, with a directory for each device in its devices/. */
static void load_drivers_of_bus(const struct driver_search *search, const char *bus)
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
		load_drivers(search, alias);
	}
}

void modprobe_load_wanted(const char *root, const char *release, const char *directory)
{
	char config[PATH_MAX], modules[PATH_MAX], path[PATH_MAX];
	const char *const configs[] = { config, NULL };
	const struct modprobe_source source = { .root = root, .release = release };
	struct driver_search search = { .source = &source, .directory = directory };
	struct dirent *entry;
	KMOD_CTX *ctx = NULL;

	if (file_path(config, root, "/etc/modprobe.d") ||
	    file_path(path, root, "/sys/bus") ||
	    file_path(modules, root, "/lib/modules/%s", release))
		return;
	ctx = search.ctx = kmod_context_new(modules, configs);
	CLOSE_DIR *buses = opendir(path);
	while (ctx && buses && (entry = readdir(buses)))
		if (entry->d_name[0] != '.' &&
		    !file_path(path, root, "/sys/bus/%s", entry->d_name))
			load_drivers_of_bus(&search, path);
}
