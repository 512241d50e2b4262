// SPDX-License-Identifier: GPL-2.0-or-later
/* The arena, and the early program's malloc, which has other names here. */
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit.h"
#include "early/load/arena.h"

#define malloc early_malloc
#define calloc early_calloc
#define realloc early_realloc
#define free early_free
void *early_malloc(size_t size);
void *early_calloc(size_t count, size_t size);
void *early_realloc(void *memory, size_t size);
void early_free(void *memory);
#include "early/load/malloc.c"
#undef malloc
#undef calloc
#undef realloc
#undef free

#define SLOTS 200
#define ROUNDS 20000

struct slot {
	unsigned char *memory;
	size_t size;
	unsigned char byte;
};

static int forget_blocks(void **state)
{
	(void)state;
	memset(&arena, 0xa5, sizeof(arena));	/* nothing may rely on zeros in memory */
	memset(&arena, 0, offsetof(struct arena, memory));
	return 0;
}

/* Numbers that look random, the same in each run. */
static unsigned int next_number(unsigned int *seed)
{
	*seed = *seed * 1103515245 + 12345;
	return *seed >> 8;
}

static void fill(struct slot *slot, size_t size, unsigned int number)
{
	slot->size = size;
	slot->byte = (unsigned char)number;
	memset(slot->memory, slot->byte, size);
}

static void check(const struct slot *slot, size_t len)
{
	assert_int_equal(0, (uintptr_t)slot->memory % _Alignof(max_align_t));
	assert_true(slot->memory >= arena.memory);
	assert_true(slot->memory + slot->size <= arena.memory + arena.used);
	for (size_t i = 0; i < len; i++)
		assert_int_equal(slot->byte, slot->memory[i]);
}

static void step(struct slot *slot, unsigned int *seed)
{
	size_t size = next_number(seed) % (next_number(seed) % 8 ? 64 : 4000);

	if (!slot->memory) {
		slot->memory = arena_allocate(&arena, size);
		assert_non_null(slot->memory);
	} else if (next_number(seed) % 2) {
		slot->memory = arena_resize(&arena, slot->memory, size);
		assert_non_null(slot->memory);
		check(slot, size < slot->size ? size : slot->size);
	} else {
		check(slot, slot->size);
		arena_free(&arena, slot->memory);
		slot->memory = NULL;
		return;
	}
	fill(slot, size, *seed);
}

static void run(struct slot slots[SLOTS])
{
	unsigned int seed = 1;

	for (size_t i = 0; i < ROUNDS; i++)
		step(&slots[next_number(&seed) % SLOTS], &seed);
	for (size_t i = 0; i < SLOTS; i++) {
		if (slots[i].memory)
			check(&slots[i], slots[i].size);
		arena_free(&arena, slots[i].memory);
		slots[i].memory = NULL;
	}
}

static void blocks_keep_what_is_written_and_freed_ones_are_used_again(void **state)
{
	struct slot slots[SLOTS] = { 0 };
	size_t used;

	(void)state;
	run(slots);
	used = arena.used;
	for (int i = 0; i < 5; i++)
		run(slots);
	assert_int_equal(used, arena.used);
}

static void a_block_that_has_the_room_stays_where_it_is(void **state)
{
	void *memory = arena_allocate(&arena, 100);

	(void)state;
	assert_ptr_equal(memory, arena_resize(&arena, memory, 112));
	assert_ptr_equal(memory, arena_resize(&arena, memory, 0));
	assert_ptr_not_equal(memory, arena_resize(&arena, memory, 113));
	assert_ptr_equal(memory, arena_allocate(&arena, 49));
}

static void what_is_over_the_limit_is_null_and_changes_nothing(void **state)
{
	static const size_t sizes[] = {
		ARENA_BYTES - 15, ARENA_BYTES, ARENA_BYTES + 1, SIZE_MAX / 2, SIZE_MAX - 15,
		SIZE_MAX,
	};
	unsigned char *memory;
	size_t used;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++)
		assert_null(arena_allocate(&arena, sizes[i]));
	memory = arena_allocate(&arena, ARENA_BYTES - 16);
	assert_non_null(memory);
	assert_int_equal(ARENA_BYTES, arena.used);
	memset(memory, 7, ARENA_BYTES - 16);
	assert_null(arena_allocate(&arena, 0));
	arena_free(&arena, memory);
	assert_null(arena_allocate(&arena, 0));
	forget_blocks(NULL);
	memory = arena_allocate(&arena, 3);
	memcpy(memory, "abc", 3);
	used = arena.used;
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++)
		assert_null(arena_resize(&arena, memory, sizes[i]));
	assert_memory_equal("abc", memory, 3);
	assert_int_equal(used, arena.used);
	while (arena_allocate(&arena, 1000))
		;
	assert_true(ARENA_BYTES - arena.used < 1024);
}

/* Whether a child is ended by a signal if it frees @memory. */
static bool is_deadly(void *memory)
{
	pid_t child = fork();
	int status;

	if (!child) {
		signal(SIGFPE, SIG_DFL);
		signal(SIGILL, SIG_DFL);
		signal(SIGTRAP, SIG_DFL);
		arena_free(&arena, memory);
		_exit(0);
	}
	assert_int_equal(child, waitpid(child, &status, 0));
	return WIFSIGNALED(status);
}

static void who_frees_what_is_no_block_in_use_is_ended(void **state)
{
	unsigned char *memory = arena_allocate(&arena, 100);

	(void)state;
	memset(memory, 0, 100);
	assert_false(is_deadly(memory));
	assert_true(is_deadly(memory + 32));
	arena_free(&arena, memory);
	assert_true(is_deadly(memory));
}

static void malloc_and_the_others_do_what_the_standard_says(void **state)
{
	unsigned char *memory = early_malloc(40), *other;

	(void)state;
	assert_non_null(memory);
	memset(memory, 0xff, 40);
	early_free(memory);
	early_free(NULL);
	memory = early_calloc(5, 8);
	for (size_t i = 0; i < 40; i++)
		assert_int_equal(0, memory[i]);
	memory[39] = 9;
	memory = early_realloc(memory, 4000);
	assert_int_equal(9, memory[39]);
	other = early_realloc(NULL, 0);
	assert_non_null(other);
	assert_ptr_not_equal(other, early_malloc(0));
}

#define IS_OVER_LIMIT(call) (errno = 0, !(call) && errno == ENOMEM)

static void without_memory_malloc_and_the_others_say_enomem(void **state)
{
	void *memory = early_malloc(1);

	(void)state;
	assert_true(IS_OVER_LIMIT(early_malloc(ARENA_BYTES)));
	assert_true(IS_OVER_LIMIT(early_realloc(memory, ARENA_BYTES)));
	assert_true(IS_OVER_LIMIT(early_realloc(NULL, ARENA_BYTES)));
	assert_true(IS_OVER_LIMIT(early_calloc(1, ARENA_BYTES)));
	assert_true(IS_OVER_LIMIT(early_calloc(SIZE_MAX / 8 + 2, 8)));
	assert_true(IS_OVER_LIMIT(early_calloc(8, SIZE_MAX / 8 + 2)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(
			blocks_keep_what_is_written_and_freed_ones_are_used_again,
			forget_blocks),
		cmocka_unit_test_setup(a_block_that_has_the_room_stays_where_it_is,
				       forget_blocks),
		cmocka_unit_test_setup(what_is_over_the_limit_is_null_and_changes_nothing,
				       forget_blocks),
		cmocka_unit_test_setup(who_frees_what_is_no_block_in_use_is_ended,
				       forget_blocks),
		cmocka_unit_test_setup(malloc_and_the_others_do_what_the_standard_says,
				       forget_blocks),
		cmocka_unit_test_setup(without_memory_malloc_and_the_others_say_enomem,
				       forget_blocks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
