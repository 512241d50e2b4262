/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Blocks of memory out of one object of fixed size. Asks the kernel for nothing and sets
 * no errno. It is for a process with one thread.
 */
#ifndef ARENA_H
#define ARENA_H

#include <stddef.h>

#define ARENA_BYTES (1024 * 1024)
#define ARENA_ORDERS 64		/* a block's length is a power of two */

struct arena_block;

/* Begins as zero. */
struct arena {
	size_t used;			/* bytes of @memory that have become blocks */
	struct arena_block *freed[ARENA_ORDERS];	/* a list for each length */
	_Alignas(max_align_t) unsigned char memory[ARENA_BYTES];
};

/*
 * Returns @size bytes, aligned as malloc's, or NULL if there is no room. A block has a
 * header of 16 bytes, and its length is the next power of two. A length that was freed
 * is used again for the same length only. So the arena holds, of each length, as many
 * blocks as were ever in use at a time.
 */
void *arena_allocate(struct arena *arena, size_t size);

/*
 * Makes the block @memory, or a new one if that is NULL, @size bytes long. It stays where
 * it is if it has that room. Returns NULL if there is no room; the block stays as it is.
 */
void *arena_resize(struct arena *arena, void *memory, size_t size);

/*
 * Frees @memory, which may be NULL. As arena_resize does, it ends the process by a signal
 * if @memory is no block in use: then memory is damaged.
 */
void arena_free(struct arena *arena, void *memory);

#endif
