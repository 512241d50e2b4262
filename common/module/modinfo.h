/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The fields of a module file's .modinfo. Decides nothing, prints nothing. */
#ifndef MODINFO_H
#define MODINFO_H

#include <stdbool.h>

#include "common/bounds.h"

#define MODINFO_DEPENDS_MAX 1024

struct modinfo {
	char name[MODULE_NAME_MAX + 1];		/* name=; empty in modules before 4.13 */
	char release[RELEASE_MAX + 1];		/* first word of vermagic=, or empty */
	char depends[MODINFO_DEPENDS_MAX];	/* depends=, comma-separated, or empty */
	bool livepatch;				/* livepatch=Y */
};

/*
 * Reads the .modinfo section of the open module file @fd. Needs the real /proc.
 * Returns:
 *   0
 *   -ENOEXEC     this is not a whole ELF module
 *   -EOVERFLOW   a field is over its limit
 *   -EBADMSG     a field is there twice with different values
 *   -errno       of a system call
 */
int modinfo_read(int fd, struct modinfo *ret);

/* True if a signature is appended to the module file @fd. It is not verified. */
bool modinfo_is_signed(int fd);

/* Called once for each field. Any result but 0 ends the walk. */
typedef int (*modinfo_field_fn)(const char *key, const char *value, void *data);

/*
 * Visits the fields that modinfo(8) prints of the open module file @fd, in the same
 * order: .modinfo, then what libkmod finds in a signature. @key and @value are valid
 * during the call only, and may hold any bytes. Needs the real /proc.
 * Returns:
 *   0
 *   -ENOEXEC         this is not a whole ELF module
 *   another number   the visitor returned it, or it is the -errno of a system call
 */
int modinfo_each_field(int fd, modinfo_field_fn visit, void *data);

/*
 * Writes the name that the module file @path loads as, with '_', to @ret of FILE_NAME_MAX
 * + 1 bytes. The name is that in its .modinfo; if that has none or cannot be read, as
 * when the file is compressed, the file's name tells. Returns 0, or -errno if the file
 * cannot be opened or its name is too long.
 */
int modinfo_module_name(const char *path, char *ret);

#endif
