/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A module's file in memory. Knows nothing of what is in it. */
#ifndef MODULE_BYTES_H
#define MODULE_BYTES_H

#include <stddef.h>

struct module_bytes {
	const void *bytes;
	size_t len;
};

/*
 * Copies all of the file @fd to memory, since a mapped file that shrinks meanwhile would
 * raise SIGBUS, and strip may write into it.
 * Returns:
 *   0
 *   -EFBIG   it is larger than MODULE_BYTES_MAX
 *   -errno
 */
int module_bytes_read(int fd, struct module_bytes *ret);

/* Frees what module_bytes_read has filled, if it has; for __attribute__((cleanup)). */
void module_bytes_free(struct module_bytes *module);
#define MODULE_BYTES __attribute__((cleanup(module_bytes_free))) struct module_bytes

#endif
