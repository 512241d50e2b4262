/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Prints what sysfs tells of a live patch in the kernel, as lines of the info verb. Reads
 * no module file.
 */
#ifndef LOADED_PATCH_H
#define LOADED_PATCH_H

#include <stdbool.h>

/*
 * Whether @name is a live patch in the kernel. One that another replaced is in
 * /sys/kernel/livepatch no more; its module has the taint flag 'K' (taint_flags in
 * kernel/panic.c). kpatch's core module sets it since 0.4.
 */
bool loaded_patch_is_there(const char *name);

/* Prints name, version, srcversion and build id of module @name, if it has them. */
void loaded_patch_print_module(const char *name);

/*
 * Prints the functions that patch @name replaces, a line for each object. False if the
 * kernel shows no objects of it.
 */
bool loaded_patch_print_objects(const char *name);

#endif
