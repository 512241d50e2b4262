/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Loads and unloads modules: finit_module(2), delete_module(2), and what a module needs
 * before. Decides nothing, prints nothing.
 */
#ifndef MODPROBE_H
#define MODPROBE_H

#include <stdbool.h>

/* Which modules are loaded, and whether they are. */
struct modprobe_source {
	const char *root;
	const char *release;	/* lib/modules/@release below @root has the modules */
	bool dry_run;		/* they are only looked for */
};

/*
 * Passes the module file @fd to finit_module(2), without parameters and without the flags
 * that switch checks off. The result 0 does not mean that a patch is in force. Returns 0,
 * or -errno, whose meaning at a load verdict.c has.
 */
int modprobe_load_fd(int fd);

/* Calls delete_module(2) of @name, without force. Returns 0 or -errno. */
int modprobe_unload(const char *name);

/*
 * Loads each of @names, with commas or blanks between them, and what it needs. Goes on
 * after an error, since a module may be built in.
 */
void modprobe_load_each(const char *root, const char *release, const char *names);

/*
 * Loads the modules that @depends names, with commas between them, each after those that
 * it needs itself. @ret_module (MODULE_NAME_MAX + 1 bytes) gets the one that failed.
 * Returns:
 *   0
 *   -ENOENT    a module is neither in the kernel nor in lib/modules
 *   -ENOEXEC   the kernel does not take it
 *   -errno
 */
int modprobe_load_dependencies(const struct modprobe_source *source, const char *depends,
			       char *ret_module);

/*
 * Loads the kernel's own module @name: from HELPERS_DIR/@release, where an overlay has
 * it, else from lib/modules. Returns 0 or -errno; -ENOENT if it is in neither.
 */
int modprobe_load_helper(const char *release, const char *name);

/*
 * Loads the drivers that are in @directory ("/drivers/watchdog/") of lib/modules/@release
 * below @root and whose alias matches the modalias of a device, as udev would. Leaves out
 * those that the root's /etc/modprobe.d blacklists.
 */
void modprobe_load_wanted(const char *root, const char *release, const char *directory);

#endif
