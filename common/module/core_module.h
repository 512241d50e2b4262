/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kpatch's core module, kpatch.ko: kernels before 4.0, or without CONFIG_LIVEPATCH, are
 * patched by it. Knows who needs it and where it lies. Opens and loads nothing.
 */
#ifndef CORE_MODULE_H
#define CORE_MODULE_H

#include <stdbool.h>
#include <stddef.h>

#define CORE_MODULE	"kpatch"

/* True if modinfo's @depends, names with commas between them, has the core module. */
bool core_module_is_needed(const char *depends);

/* Where kpatch installs it besides a directory that depmod looks through. */
#define CORE_MODULE_PLACES	5
#define CORE_MODULE_BAKED	1	/* of these the one in a baked tree */

/*
 * Formats place @index of the core module of @release to @ret of PATH_MAX bytes. The
 * order is that of find_core_module() in kpatch/kpatch of kpatch, which looks there if
 * "modprobe kpatch" finds none. Returns 0 or -ENAMETOOLONG.
 */
int core_module_place(size_t index, const char *root, const char *release, char *ret);

#endif
