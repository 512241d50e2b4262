// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/module_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/dir_list.h"
#include "common/file.h"
#include "common/module/module_name.h"
#include "common/paths.h"
#include "host/module_bytes.h"
#include "host/subprocess.h"

static bool is_regular_module(const char *path)
{
	struct stat st;

	return module_name_is_file(path) && !stat(path, &st) && S_ISREG(st.st_mode);
}

/* This makes the path absolute as modinfo does for "filename:", and resolves nothing. */
static bool set_absolute_path(const char *file, struct module_file *ret)
{
	char directory[PATH_MAX];

	if (file[0] == '/')
		return !file_path(ret->path, "", "%s", file);
	return getcwd(directory, sizeof(directory)) &&
	       !file_path(ret->path, directory, "/%s", file);
}

static bool find_module_in_store(const char *argument, const char *release,
				 struct module_file *ret)
{
	static struct dir_list files;
	char path[PATH_MAX], module[NAME_MAX + 1];

	if (module_name_of_file(argument, module, sizeof(module)) ||
	    file_path(path, "", PATCH_STORE "/%s", release))
		return false;
	dir_list_clear(&files);
	dir_list_add(&files, path, "");
	for (size_t i = 0; i < files.count; i++)
		if (module_name_is_of(files.name[i], module) &&
		    !file_path(path, "", PATCH_STORE "/%s/%s", release, files.name[i]) &&
		    is_regular_module(path))
			return set_absolute_path(path, ret);
	return false;
}

bool module_file_find(const char *argument, const char *release, struct module_file *ret)
{
	char path[PATH_MAX];

	if (is_regular_module(argument))
		return set_absolute_path(argument, ret);
	if (strchr(argument, '/'))
		return false;
	/* lp-x.ko and lp_x.ko may both be there, so the exact name goes first. */
	if (!file_path(path, "", PATCH_STORE "/%s/%s", release, argument) &&
	    is_regular_module(path))
		return set_absolute_path(path, ret);
	return find_module_in_store(argument, release, ret);
}

static enum module_file_result fail_module_file(struct module_file *module, int err)
{
	module->err = err;
	return MODULE_FILE_ERROR;
}

static enum module_file_result fail_modinfo(struct module_file *module,
					    enum modinfo_result result)
{
	module->modinfo_result = result;
	return MODULE_FILE_WRONG_MODINFO;
}

/* Has @module->fd be the module in memory, and not the compressed file. */
static enum module_file_result unpack(struct module_file *module)
{
	CLOSE_FD from = module->fd;
	int err = 0;

	module->fd = memfd_create("module", MFD_CLOEXEC);
	if (module->fd < 0)
		return fail_module_file(module, -errno);
	switch (subprocess_decompress(from, module->path, module->fd, &err)) {
	case SUBPROCESS_OK:
		return MODULE_FILE_READ;
	case SUBPROCESS_OVER_LIMIT:
		return MODULE_FILE_TOO_LARGE;
	case SUBPROCESS_NOT_INSTALLED:
		return MODULE_FILE_NO_DECOMPRESSOR;
	case SUBPROCESS_FAILED:
		return MODULE_FILE_NOT_UNPACKED;
	case SUBPROCESS_NOT_READ:
	case SUBPROCESS_ERROR:
		break;
	}
	return fail_module_file(module, err);
}

static enum module_file_result open_module(struct module_file *module)
{
	module->fd = open(module->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (module->fd < 0)
		return fail_module_file(module, -errno);
	return module->path[module_name_uncompressed_length(module->path)] ?
	       unpack(module) : MODULE_FILE_READ;
}

enum module_file_result module_file_read(struct module_file *module)
{
	enum module_file_result result = open_module(module);
	enum modinfo_result modinfo_result;
	struct module_bytes copy;
	const char *name;
	struct stat st;
	int err;

	if (result != MODULE_FILE_READ)
		return result;
	if (fstat(module->fd, &st))
		return fail_module_file(module, -errno);
	if (!S_ISREG(st.st_mode) || !st.st_size)
		return fail_modinfo(module, MODINFO_NO_ELF);
	if (st.st_size > MODULE_BYTES_MAX)
		return MODULE_FILE_TOO_LARGE;
	err = module_bytes_read(module->fd, &copy);
	if (err)
		return fail_module_file(module, err);
	module->bytes = copy.bytes;
	module->len = copy.len;
	modinfo_result = modinfo_read(module->fd, &module->info, &module->err);
	if (modinfo_result != MODINFO_OK)
		return fail_modinfo(module, modinfo_result);
	err = sha256_file(module->fd, module->digest);
	if (err)
		return fail_module_file(module, err);
	name = module->info.name[0] ? module->info.name : module->path;
	if (module_name_of_file(name, module->name, sizeof(module->name)))
		return MODULE_FILE_NAME_TOO_LONG;
	return MODULE_FILE_READ;
}
