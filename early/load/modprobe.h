/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Modules and the kernel: finit_module(2), delete_module(2), and which modules a module needs.
 * Decides nothing, logs nothing.
 */
#ifndef MODPROBE_H
#define MODPROBE_H

#include <stdbool.h>

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
 * Makes the kernel's own module @name live: from HELPERS_DIR/@release, where an overlay brings it, else
 * from lib/modules. Returns 0 or -errno, -ENOENT if it is in neither.
 */
int modprobe_load_helper(const char *release, const char *name);

/*
 * Loads the modules of lib/modules/@release below @root that are in @folder ("/drivers/watchdog/") and that a device
 * asks for by its modalias, as udev would: none of a blacklist of root's /etc/modprobe.d.
 */
void modprobe_load_wanted(const char *root, const char *release, const char *folder);

#endif
