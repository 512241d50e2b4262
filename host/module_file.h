/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds one module's file by path or name, and reads it whole. Asks no kernel. */
#ifndef MODULE_FILE_H
#define MODULE_FILE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "common/module/modinfo.h"
#include "common/sha256.h"

struct module_file {
	char path[PATH_MAX];		/* absolute; symbolic links stay */
	int fd;				/* of the module in it, if it is compressed */
	const void *bytes;		/* a copy; stays until the program ends */
	size_t len;
	struct modinfo info;
	char name[FILE_NAME_MAX + 1];	/* its own name, or else its file's, with '_' */
	unsigned char digest[SHA256_BYTES];
	enum modinfo_result modinfo_result;	/* of modinfo_read */
	int err;	/* -errno, with MODULE_FILE_ERROR or MODINFO_UNREADABLE */
};

enum module_file_result {
	MODULE_FILE_READ,
	MODULE_FILE_WRONG_MODINFO,	/* modinfo_result says how */
	MODULE_FILE_TOO_LARGE,		/* over MODULE_BYTES_MAX */
	MODULE_FILE_NO_DECOMPRESSOR,	/* xz, zstd or gzip is not installed */
	MODULE_FILE_NOT_UNPACKED,	/* or has failed */
	MODULE_FILE_NAME_TOO_LONG,	/* the module's name, over FILE_NAME_MAX */
	MODULE_FILE_ERROR,		/* a system call failed */
};

/*
 * Fills @ret->path as kpatch's find_module does. @argument is a regular file whose name
 * ends in .ko, or in .ko and a suffix of compression, or names one in the store of
 * @release. In the store the name is that of the file or the module, '-' and '_' alike,
 * with or without .ko. False if there is none.
 */
bool module_file_find(const char *argument, const char *release, struct module_file *ret);

/*
 * Opens and reads @module->path and fills the rest. The caller closes fd, which may be
 * open after an error too.
 */
enum module_file_result module_file_read(struct module_file *module);

#endif
