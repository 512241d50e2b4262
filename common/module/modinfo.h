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
	bool livepatch;		/* livepatch=Y, or depends= has kpatch's core module */
};

enum modinfo_result {
	MODINFO_OK,
	MODINFO_NO_ELF,		/* this is not a whole ELF module */
	MODINFO_OVER_LIMIT,	/* a field is over its limit */
	MODINFO_CONTRADICTS,	/* a field is there twice with different values */
	MODINFO_UNREADABLE,	/* with an errno */
};

/*
 * Reads the .modinfo section of the open module file @fd. With MODINFO_UNREADABLE,
 * *@ret_err is the -errno.
 */
enum modinfo_result modinfo_read(int fd, struct modinfo *ret, int *ret_err);

/* Returns why modinfo_read returned @result, with -errno @err. */
const char *modinfo_result_text(enum modinfo_result result, int err);

/* True if a signature is appended to the module file @fd. It is not verified. */
bool modinfo_is_signed(int fd);

/* Called once for each field. Any result but MODINFO_OK ends the walk. */
typedef enum modinfo_result (*modinfo_field_fn)(const char *key, const char *value,
						void *data);

/*
 * Visits the fields that modinfo(8) prints of the open module file @fd, in the same
 * order: .modinfo, then what libkmod finds in a signature. @key and @value are valid
 * during the call only, and may hold any bytes. Returns as modinfo_read, or what the
 * visitor returned. Where /proc is missing, modinfo_without_proc is the answer.
 */
enum modinfo_result modinfo_each_field(int fd, modinfo_field_fn visit, void *data,
				       int *ret_err);

/*
 * Each program has its own. libkmod opens a file by its name only, and an open file has
 * none but in /proc. The host program reads .modinfo by itself then, see
 * modinfo_section.h. The early program has /proc, or does nothing: it returns
 * MODINFO_UNREADABLE.
 */
enum modinfo_result modinfo_without_proc(int fd, modinfo_field_fn visit, void *data);

/*
 * Writes the name that the module file @path loads as, with '_', to @ret of FILE_NAME_MAX
 * + 1 bytes. The name is that in its .modinfo; if that has none or cannot be read, as
 * when the file is compressed, the file's name tells. False if the file cannot be opened
 * or its name is too long.
 */
bool modinfo_module_name(const char *path, char *ret);

#endif
