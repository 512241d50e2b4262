/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The name that the module of a file in the store gives itself, and the file where none
 * has that name; and the kernel that a module's file is for. A file that is compressed is
 * unpacked for it, in memory. Prints nothing.
 */
#ifndef OWN_NAME_H
#define OWN_NAME_H

#include <stdbool.h>

/*
 * Writes the name that the module file @path loads as, as modinfo_module_name() does, to
 * @ret of FILE_NAME_MAX + 1 bytes. Of one that cannot be unpacked the file's name tells.
 * False if the file cannot be opened or its name is too long.
 */
bool own_name_of_file(const char *path, char *ret);

/*
 * Writes the kernel release that the module file @path is for to @ret of RELEASE_MAX + 1
 * bytes. False if it tells none, or can't be read or unpacked.
 */
bool own_name_release_of_file(const char *path, char *ret);

/*
 * Writes the name of the file of @directory whose module's own name (modinfo name=) is
 * @name to @ret of NAME_MAX + 1 bytes. In @name '-' and '_' are alike, with or without
 * .ko. False if there is none, or if a file is named like @name.
 */
bool own_name_find_file(const char *directory, const char *name, char *ret);

#endif
