/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers in a file, at any alignment: little-endian, or in this machine's byte order. */
#ifndef BYTES_H
#define BYTES_H

#include <stdint.h>
#include <string.h>

static inline uint16_t bytes_le16(const unsigned char *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t bytes_le32(const unsigned char *p)
{
	return bytes_le16(p) | (uint32_t)bytes_le16(p + 2) << 16;
}

static inline uint16_t bytes_u16(const void *p)
{
	uint16_t number;

	memcpy(&number, p, sizeof(number));
	return number;
}

static inline uint32_t bytes_u32(const void *p)
{
	uint32_t number;

	memcpy(&number, p, sizeof(number));
	return number;
}

static inline uint64_t bytes_u64(const void *p)
{
	uint64_t number;

	memcpy(&number, p, sizeof(number));
	return number;
}

/* The sum of @address and a signed number of 32 bits. */
static inline uint64_t bytes_relative(uint64_t address, const void *offset)
{
	return address + (uint64_t)(int64_t)(int32_t)bytes_u32(offset);
}

#endif
