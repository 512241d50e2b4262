/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds a patch in the store by the name that its module gives itself, where no file has
 * that name. Changes and prints nothing.
 */
#ifndef OWN_NAME_H
#define OWN_NAME_H

#include <stdbool.h>

/*
 * Writes the name of the file of @directory whose module's own name (modinfo name=) is
 * @name to @ret of NAME_MAX + 1 bytes. In @name '-' and '_' are alike, with or without
 * .ko. False if there is none, or if a file is named like @name.
 */
bool own_name_find_file(const char *directory, const char *name, char *ret);

#endif
