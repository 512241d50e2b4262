/* SPDX-License-Identifier: GPL-2.0-or-later */
/* CRC-32 of gzip (RFC 1952, section 8), which zlib and cksum -o3 have too. Keeps nothing. */
#ifndef CRC32_H
#define CRC32_H

#include <stddef.h>
#include <stdint.h>

/* The CRC of what @crc is of, 0 for nothing, and @len more bytes. */
uint32_t crc32_of(uint32_t crc, const void *bytes, size_t len);

#endif
