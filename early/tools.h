/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The host's own programs that bake runs: decompressors and strip. Never run at boot. */
#ifndef TOOLS_H
#define TOOLS_H

#include <stddef.h>

/*
 * Length of @file without a compression suffix (.xz, .zst, .gz), e.g. of "a.ko" in "a.ko.xz".
 */
size_t tools_uncompressed_length(const char *file);

/*
 * Writes what @from, a file named @file, holds to @to: as it is, or through xz, zstd or gzip
 * by the suffix of its name. At most MODULE_BYTES_MAX bytes.
 * Returns 0, -EBADMSG if the program refuses, -ENOENT if it is not installed, or -errno.
 */
int tools_decompress(int from, const char *file, int to);

/* Removes debug sections from the file @path in place. Errors as above. */
int tools_strip(const char *path);

#endif
