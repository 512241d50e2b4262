/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names of module files, and the module names in them. Opens no files. */
#ifndef MODULE_NAME_H
#define MODULE_NAME_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Writes the module name that belongs to @file (a path or a name, with or without .ko) to
 * @ret: '-' becomes '_', as in the kernel's KBUILD_MODNAME. Returns 0, or -ENAMETOOLONG
 * if the name does not fit into @size.
 */
int module_name_of_file(const char *file, char *ret, size_t size);

/* True if @file is named like a module, compressed or not. */
bool module_name_is_file(const char *file);

/* True if @file, compressed or not, is named like the module @name, which has no '-'. */
bool module_name_is_of(const char *file, const char *name);

/*
 * Returns the length of @file without a suffix of compression (.xz, .zst, .gz): of "a.ko"
 * in "a.ko.xz".
 */
size_t module_name_uncompressed_length(const char *file);

/*
 * Writes the path of the module file @stem.ko, compressed or not, to @ret of PATH_MAX
 * bytes. False if no such file can be read.
 */
bool module_name_find_file(const char *stem, char *ret);

#endif
