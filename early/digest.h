/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SHA-256 of an open file, or of bytes. Does not open, and does not move the file's offset. */
#ifndef DIGEST_H
#define DIGEST_H

#include <stddef.h>

#define DIGEST_BYTES 32

/* Reads all of @fd with pread. Returns 0 or -errno of the read. */
int digest_file(int fd, unsigned char ret[DIGEST_BYTES]);

/* Of @len bytes at @bytes, which may overlap @ret. */
void digest_bytes(const void *bytes, size_t len, unsigned char ret[DIGEST_BYTES]);

#endif
