// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The early program's malloc, for libkmod and the C library's streams and directories.
 * That of musl has 7 KB of code, and gains nothing in a process that lives for seconds.
 * The program defines all four functions, so the linker takes none of musl's.
 *
 * The memory is enough: to look for the drivers of 441 devices of four buses, libkmod
 * has 428 blocks at a time at most, and they take 108 KB of the arena.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "early/load/arena.h"

static struct arena arena;

/* Returns @memory. Its absence is an error. */
static void *with_errno(void *memory)
{
	if (!memory)
		errno = ENOMEM;
	return memory;
}

void *malloc(size_t size)
{
	return with_errno(arena_allocate(&arena, size));
}

void *calloc(size_t count, size_t size)
{
	size_t bytes;
	void *ret = __builtin_mul_overflow(count, size, &bytes) ?
			    NULL :
			    arena_allocate(&arena, bytes);

	return ret ? memset(ret, 0, bytes) : with_errno(NULL);
}

void *realloc(void *memory, size_t size)
{
	return with_errno(arena_resize(&arena, memory, size));
}

void free(void *memory)
{
	arena_free(&arena, memory);
}
