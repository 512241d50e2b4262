/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads GNU build ids: of a module file, of a module in the kernel, of the running
 * kernel. Compares none.
 */
#ifndef BUILDID_H
#define BUILDID_H

#include <stdbool.h>
#include <stddef.h>

#include "common/bounds.h"

struct build_id {
	size_t len;
	unsigned char bytes[BUILD_ID_BYTES_MAX];
};

enum build_id_result {
	BUILD_ID_FOUND,
	BUILD_ID_NONE,		/* there is no such note */
	BUILD_ID_DAMAGED,	/* notes are cut off, or it is over BUILD_ID_BYTES_MAX */
	BUILD_ID_UNREADABLE,
};

/*
 * Finds the NT_GNU_BUILD_ID note in @notes of @len bytes, a row of ELF notes as in
 * /sys/kernel/notes.
 */
enum build_id_result build_id_from_notes(const void *notes, size_t len,
					 struct build_id *ret);

/*
 * Reads that of the running kernel, below @root. With BUILD_ID_UNREADABLE, *@ret_err is
 * the -errno.
 */
enum build_id_result build_id_of_kernel(const char *root, struct build_id *ret,
					int *ret_err);

/* Reads that of the module @name in the kernel, below @root. False if there is none. */
bool build_id_of_module(const char *root, const char *name, struct build_id *ret);

/*
 * Reads that of the module file @fd, a 64 bit ELF object of this machine's byte order.
 * False if it has none, or is no such object.
 */
bool build_id_of_file(int fd, struct build_id *ret);

#endif
