/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Module files and the kernel: what a module says of itself, which modules it needs, and
 * finit_module(2). The only file that knows libkmod. Decides nothing, logs nothing.
 */
#ifndef MODPROBE_H
#define MODPROBE_H

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

/*
 * Hands @fd to the kernel with finit_module(2), without parameters and without the flags that
 * switch checks off. Returns 0 or -errno, whose meaning depends on the step, see verdict.c.
 * 0 does not say that a patch is in force.
 */
int modprobe_load_fd(int fd);

/* delete_module(2) of @name, without force. Returns 0 or -errno. */
int modprobe_unload(const char *name);

/*
 * Makes the modules that @names lists live, with commas or blanks between them, as modprobe_load_dependencies, but each
 * as far as that goes: one may be built in.
 */
void modprobe_load_each(const char *root, const char *release, const char *names);

/*
 * Makes the modules that @depends names live, each after those that it needs itself,
 * from lib/modules/@release below @root. With @dry_run, only looks for them.
 * Returns 0, or -errno and in @ret_module (MODULE_NAME_MAX + 1 bytes) the one that failed;
 * -ENOENT: neither live nor in lib/modules. -ENOEXEC: the kernel does not take it.
 */
int modprobe_load_dependencies(const char *root, const char *release, const char *depends,
			     bool dry_run, char *ret_module);

/*
 * Makes the kernel's own module @name live: from HELPERS_FOLDER/@release, where an overlay brings it, else
 * from lib/modules. Returns 0 or -errno, -ENOENT if it is in neither.
 */
int modprobe_load_helper(const char *release, const char *name);

/* The module file @path (without .ko), compressed or not, to @ret of PATH_MAX bytes. False if there is none to be read. */
bool modprobe_find_file(const char *path, char *ret);

/*
 * Loads the modules of lib/modules/@release below @root that are in @folder ("/drivers/watchdog/") and that a device
 * asks for by its modalias, as udev would: none of a blacklist of root's /etc/modprobe.d.
 */
void modprobe_load_wanted(const char *root, const char *release, const char *folder);

#endif
