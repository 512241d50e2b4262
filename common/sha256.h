/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SHA-256 of an open file, or of bytes. Does not open, and does not move the file's offset. */
#ifndef SHA256_H
#define SHA256_H

#include <stddef.h>

#define SHA256_BYTES 32

/* Reads all of @fd with pread. Returns 0 or -errno of the read. */
int sha256_file(int fd, unsigned char ret[SHA256_BYTES]);

/* Of all that is added between the two. One at a time, and no sha256_file meanwhile. */
void sha256_begin(void);
void sha256_add(const void *bytes, size_t len);
void sha256_end(unsigned char ret[SHA256_BYTES]);

#endif
