/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a module file says of itself. Decides nothing, logs nothing. */
#ifndef MODINFO_H
#define MODINFO_H

#include <stdbool.h>

#include "common/bounds.h"

struct modinfo {
	char name[MODULE_NAME_MAX + 1];		/* name=, or empty in modules older than 4.13 */
	char release[RELEASE_MAX + 1];		/* first word of vermagic=, or empty */
	char depends[1024];			/* depends=, comma-separated, or empty */
	bool livepatch;				/* livepatch=Y */
};

/*
 * Reads the .modinfo section of the open module file @fd. Needs the real /proc.
 * Returns 0, -ENOEXEC if this is not a whole ELF module, -EOVERFLOW if a field is over its
 * limit, -EBADMSG if one is there twice with different values, or another -errno.
 */
int modinfo_read(int fd, struct modinfo *ret);

/* True if a signature is appended to the module file @fd. It is not verified. */
bool modinfo_is_signed(int fd);

/* Called once for each field. What it returns, if not 0, ends the walk. */
typedef int (*modinfo_field_fn)(const char *key, const char *value, void *data);

/*
 * Visits the fields that modinfo(8) prints of the open module file @fd, in the same order:
 * .modinfo, then what libkmod tells of a signature. @key and @value are valid during the call
 * only, and may hold any bytes. Needs the real /proc. Returns 0, -ENOEXEC if this is not a whole
 * ELF module, what @visit returned, or another -errno.
 */
int modinfo_each_field(int fd, modinfo_field_fn visit, void *data);

/*
 * The module name that the file @path loads as, with '_', to @ret of FILE_NAME_MAX + 1 bytes:
 * what it says of itself, else, and if it is compressed, what its name says.
 * Returns 0, or -errno if it cannot be opened or its name is too long.
 */
int modinfo_module_name(const char *path, char *ret);

#endif
