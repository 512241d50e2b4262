/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which bytes of a kernel's file will be at which virtual address. Knows ELF segments and
 * no symbol.
 */
#ifndef KERNEL_MEMORY_H
#define KERNEL_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/bounds.h"

struct kernel_memory {
	unsigned int machine;	/* EM_X86_64, ... */
	const unsigned char *bytes;
	size_t size;
	size_t count;
	struct kernel_segment {
		uint64_t address, size;
		size_t offset;
	} segments[KERNEL_SEGMENTS_MAX];
};

/*
 * Reads where @bytes of @size bytes, which must stay, are to be: an ELF program of 64
 * bits and of this machine's byte order, or arm64's Image. The latter does not say its
 * address; kernel_memory_move does. False if this is neither, if a segment is not in the
 * file, or if there are more than KERNEL_SEGMENTS_MAX.
 */
bool kernel_memory_open(struct kernel_memory *ret, const void *bytes, size_t size);

/* Whether there is a segment, so that addresses mean something. */
bool kernel_memory_is_placed(const struct kernel_memory *memory);

/* Has arm64's Image begin at the virtual @address. */
void kernel_memory_move(struct kernel_memory *memory, uint64_t address);

/* Returns the @size bytes at @address; NULL if they are not all in one segment. */
const void *kernel_memory_at(const struct kernel_memory *memory, uint64_t address,
			     size_t size);

/* Returns the text at @address; NULL if no NUL ends it within @max bytes. */
const char *kernel_memory_text(const struct kernel_memory *memory, uint64_t address,
			       size_t max);

/* The address of the byte at @offset of the file. False if it is in no segment. */
bool kernel_memory_address(const struct kernel_memory *memory, size_t offset,
			   uint64_t *ret);

#endif
