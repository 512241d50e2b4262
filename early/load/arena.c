// SPDX-License-Identifier: GPL-2.0-or-later
#include "early/load/arena.h"

#include <string.h>

/* What stands before the memory of a block. */
struct arena_block {
	/* a freed block of this length, or NULL; the block itself while it is in use */
	struct arena_block *next;
	size_t order;		/* the block has 2 to this bytes, with this header */
};

#define ORDER_MIN 5		/* the header, and as much again */

_Static_assert(sizeof(struct arena_block) % _Alignof(max_align_t) == 0,
	       "what stands behind a header is aligned");

/* The order of a block with room for @size bytes, which are at most ARENA_BYTES. */
static unsigned int order_of(size_t size)
{
	size_t last = size + sizeof(struct arena_block) - 1;
	unsigned int order = ARENA_ORDERS - (unsigned int)__builtin_clzll(last);

	return order < ORDER_MIN ? ORDER_MIN : order;
}

static struct arena_block *make_block(struct arena *arena, unsigned int order)
{
	struct arena_block *block = (void *)(arena->memory + arena->used);
	size_t len = (size_t)1 << order;

	if (len > ARENA_BYTES - arena->used)
		return NULL;
	arena->used += len;
	block->order = order;
	return block;
}

void *arena_allocate(struct arena *arena, size_t size)
{
	struct arena_block *block;
	unsigned int order;

	if (size > ARENA_BYTES)
		return NULL;
	order = order_of(size);
	block = arena->freed[order];
	if (block)
		arena->freed[order] = block->next;
	else
		block = make_block(arena, order);
	if (!block)
		return NULL;
	block->next = block;
	return block + 1;
}

static struct arena_block *block_in_use(void *memory)
{
	struct arena_block *block = (struct arena_block *)memory - 1;

	if (block->next != block)
		__builtin_trap();
	return block;
}

void arena_free(struct arena *arena, void *memory)
{
	struct arena_block *block;

	if (!memory)
		return;
	block = block_in_use(memory);
	block->next = arena->freed[block->order];
	arena->freed[block->order] = block;
}

void *arena_resize(struct arena *arena, void *memory, size_t size)
{
	void *ret;
	size_t room;

	if (!memory)
		return arena_allocate(arena, size);
	room = ((size_t)1 << block_in_use(memory)->order) - sizeof(struct arena_block);
	if (size <= room)
		return memory;
	ret = arena_allocate(arena, size);
	if (ret) {
		memcpy(ret, memory, room);
		arena_free(arena, memory);
	}
	return ret;
}
