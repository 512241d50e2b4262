/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads GNU build ids: of a module file, of a module in the kernel, of the running
 * kernel. Compares none.
 */
#ifndef BUILDID_H
#define BUILDID_H

#include <stddef.h>

#include "common/bounds.h"

struct build_id {
	size_t len;
	unsigned char bytes[BUILD_ID_BYTES_MAX];
};

/*
 * Finds the NT_GNU_BUILD_ID note in @notes of @len bytes, a row of ELF notes as in
 * /sys/kernel/notes.
 * Returns:
 *   0
 *   -ENOENT    there is no such note
 *   -EBADMSG   the notes are cut off, or the build id has over BUILD_ID_BYTES_MAX bytes
 */
int build_id_from_notes(const void *notes, size_t len, struct build_id *ret);

/* Reads that of the running kernel, below @root. Returns as above, or another -errno. */
int build_id_of_kernel(const char *root, struct build_id *ret);

/* Reads that of the module @name in the kernel, below @root. Returns the same. */
int build_id_of_module(const char *root, const char *name, struct build_id *ret);

/*
 * Reads that of the module file @fd, a 64 bit ELF object of this machine's byte order.
 * Returns the same; -ENOEXEC if the file is no such object.
 */
int build_id_of_file(int fd, struct build_id *ret);

#endif
