/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Paths below a root that --root names. Reads no file, and writes none.
 *
 * A link below the root is followed as the system of that root would follow it, so an
 * absolute one begins at the root, and ".." ends there: RESOLVE_IN_ROOT of openat2(2).
 * That call is not made, since kernels before 5.6 and some containers lack it, and since
 * its descriptor has no name where /proc is missing. What comes out is a path without
 * links, to be opened, listed or given to libkmod and to other programs.
 *
 * Nobody may change the links of the root meanwhile: whoever may is trusted.
 */
#ifndef ROOT_PATH_H
#define ROOT_PATH_H

#include <stdbool.h>

/*
 * Writes the path below @root to @ret of PATH_MAX bytes, every link followed. What is not
 * there yet keeps its names. Where @root is empty, links stay as they are.
 * Returns:
 *   0
 *   -ENOENT   a link leads to what is not there; @ret is where that should be
 *   -errno    the path is too long, has too many links, or leads where nobody may look
 */
int root_path(char *ret, const char *root, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The same for a name to be made, replaced or removed: if it is a link, it stays one. */
int root_path_of_name(char *ret, const char *root, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* As file_open, of a path that begins with @root. Every link is followed below it. */
int root_open(const char *root, const char *path);

/* As file_is_there. */
bool root_has(const char *root, const char *path);

/*
 * True if @path, of root_path_of_name, is a link to /dev/null by its text: a directory
 * that becomes an image has no devices.
 */
bool root_is_mask(const char *path);

#endif
