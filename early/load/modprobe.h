/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Loads and unloads modules: finit_module(2), delete_module(2), and what a module needs
 * before. Decides nothing, prints nothing.
 */
#ifndef MODPROBE_H
#define MODPROBE_H

#include <stdbool.h>

#include "common/bounds.h"

/*
 * A module is loaded as modprobe(8) does it by name: after those that it needs, with the
 * options of modprobe.d below the root and of "module.option=" in /proc/cmdline, which is
 * the running kernel's under any root, as libkmod takes no other. Softdeps are left out:
 * what the kernel can't do without it requests itself.
 */

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
 * after what can't be loaded: whether it is missed shows in what it is for.
 */
void modprobe_load_each(const char *root, const char *release, const char *names);

enum modprobe_result {
	MODPROBE_LOADED,	/* or built in, or an alias for what is on a blacklist */
	MODPROBE_MISSING,	/* a module is neither in the kernel nor in lib/modules */
	MODPROBE_INSTALL_LINE,	/* modprobe.d has a command to run in place of a load */
	MODPROBE_OPTIONS_OVER_LIMIT,	/* of MODULE_OPTIONS_MAX */
	MODPROBE_UNKNOWN_SYMBOL, /* the kernel does not know one that a module uses */
	MODPROBE_FAILED,	/* with the errno of finit_module(2) or of another call */
};

/* What could not be loaded. */
struct modprobe_failure {
	char module[MODULE_NAME_MAX + 1];
	int err;		/* -errno */
};

/*
 * Loads the modules that @depends names, with commas between them, each after those that
 * it needs itself. Looks for kpatch's core module in its own places as well, see
 * core_module.h. Fills @ret_failure unless all are loaded.
 */
enum modprobe_result modprobe_load_dependencies(const struct modprobe_source *source,
						const char *depends,
						struct modprobe_failure *ret_failure);

/*
 * True if one of @names, as modprobe_load_each takes them, or what it needs is not loaded
 * since it has an install line: @ret_failure names it then. @source has to be a dry run.
 */
bool modprobe_has_install_line(const struct modprobe_source *source, const char *names,
			       struct modprobe_failure *ret_failure);

/*
 * Loads the kernel's own module @name: from HELPERS_DIR/@release, where an overlay has
 * it, without options; else from lib/modules. False if it is in neither, or the kernel
 * refuses it.
 */
bool modprobe_load_helper(const char *release, const char *name);

/*
 * Loads the drivers that are in @directory ("/drivers/watchdog/") of lib/modules/@release
 * below @root and whose alias matches the modalias of a device, as udev would. Leaves out
 * those that the root's /etc/modprobe.d or "modprobe.blacklist=" blacklists.
 */
void modprobe_load_wanted(const char *root, const char *release, const char *directory);

#endif
