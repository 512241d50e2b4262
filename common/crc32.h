/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The CRC-32 of gzip (RFC 1952, section 8), which zlib and cksum compute too. Keeps no
 * state: the caller passes it.
 */
#ifndef CRC32_H
#define CRC32_H

#include <stddef.h>
#include <stdint.h>

/*
 * Returns the CRC of the bytes that @crc was computed from, followed by @len more at
 * @bytes. A @crc of 0 stands for no bytes yet.
 */
uint32_t crc32_of(uint32_t crc, const void *bytes, size_t len);

#endif
