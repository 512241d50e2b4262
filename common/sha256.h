/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SHA-256 of an open file, or of bytes. Opens no files, and moves no file's offset. */
#ifndef SHA256_H
#define SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_BYTES 32

/* A digest on its way. The contents are libsodium's. */
struct sha256 {
	uint64_t state[13];
};

/* Computes the digest of all of @fd, with pread(2). Returns 0 or -errno of pread(2). */
int sha256_file(int fd, unsigned char ret[SHA256_BYTES]);

/* The digest of all bytes that are added between begin and end. */
void sha256_begin(struct sha256 *sha);
void sha256_add(struct sha256 *sha, const void *bytes, size_t len);
void sha256_end(struct sha256 *sha, unsigned char ret[SHA256_BYTES]);

/* Writes the digest of the @len bytes as lowercase digits and a NUL to @ret. */
#define SHA256_HEX_BYTES (2 * SHA256_BYTES + 1)
void sha256_hex(const void *bytes, size_t len, char ret[SHA256_HEX_BYTES]);

#endif
