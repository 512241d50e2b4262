/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * GNU build ids: of a module file, of a module in the kernel, of the running kernel.
 * Compares nothing.
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
 * /sys/kernel/notes. Returns 0, -ENOENT without such a note, -EBADMSG if the notes are cut.
 */
int build_id_from_notes(const void *notes, size_t len, struct build_id *ret);

/* Of the kernel that runs, from sys/kernel/notes below @root. Returns 0 or -errno. */
int build_id_of_kernel(const char *root, struct build_id *ret);

/* Of the live module @name, from sys/module/NAME/notes below @root. Returns 0 or -errno. */
int build_id_of_module(const char *root, const char *name, struct build_id *ret);

/*
 * Of the module file @fd, a 64 bit ELF object of this machine's byte order.
 * Returns 0 or -errno, as above; -ENOEXEC if it is no such object.
 */
int build_id_of_file(int fd, struct build_id *ret);

#endif
