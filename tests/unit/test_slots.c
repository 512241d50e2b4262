// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The store whose name changes hands while it is used. open(2) is replaced here, at link
 * time: before the one that is counted down, another file takes the name.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "unit.h"
#include "common/guard/slots.h"

static char directory[] = "/tmp/test_slots.XXXXXX";
static char slots[64], other[64];
static int opens_left;		/* until the name changes hands */
static bool is_odd_opened;	/* a file or device that nobody may open */

static bool is_odd(const char *path)
{
	struct stat st;

	return !stat(path, &st) && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

int open(const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list args;

	if (flags & O_CREAT) {
		va_start(args, flags);
		mode = va_arg(args, mode_t);
		va_end(args);
	}
	if (opens_left && !--opens_left)
		assert_int_equal(0, rename(other, slots));
	is_odd_opened |= !(flags & (O_PATH | O_EXCL)) && is_odd(path);
	return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

static const struct record record = { .sequence = 7, .unblessed = 3 };

static int make_store(void **state)
{
	int err;

	(void)state;
	assert_non_null(mkdtemp(directory));
	snprintf(slots, sizeof(slots), "%s/slots", directory);
	snprintf(other, sizeof(other), "%s/other", directory);
	assert_int_equal(GUARD_STORE_OK, slots_create(slots, &record, &err));
	return 0;
}

static int remove_store(void **state)
{
	(void)state;
	opens_left = 0;
	is_odd_opened = false;
	unlink(slots);
	unlink(other);
	rmdir(directory);
	strcpy(strrchr(directory, '.'), ".XXXXXX");
	return 0;
}

/* What takes the name: a pipe, a device, or a file of any user's. */
static mode_t kinds[] = { S_IFIFO | 0600, S_IFCHR | 0600, S_IFREG | 0666 };

static void make_other(mode_t kind)
{
	unlink(other);
	assert_int_equal(0, mknod(other, kind, 0x103));	/* of a device: /dev/null */
	chmod(other, kind & 0777);
}

static void check_state(enum guard_store_state state, mode_t kind)
{
	assert_false(is_odd_opened);
	if (state != GUARD_STORE_OK)
		assert_int_equal(S_ISREG(kind) ? GUARD_STORE_WRITABLE : GUARD_STORE_NO_FILE,
				 state);
}

static void what_takes_the_name_of_the_store_is_not_read(void **state)
{
	struct record found = { 0 };
	unsigned int slot;
	int err;

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		for (int opens = 1; opens <= 6; opens++) {
			make_other(kinds[i]);
			opens_left = opens;
			check_state(slots_read(slots, &found, &slot, &err), kinds[i]);
			assert_true(found.sequence == 0 || found.sequence == 7);
			remove_store(state);
			make_store(state);
		}
}

static void what_takes_the_name_of_the_store_is_not_written(void **state)
{
	struct stat st;
	int err;

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		for (int opens = 1; opens <= 6; opens++) {
			make_other(kinds[i]);
			opens_left = opens;
			check_state(slots_write(slots, 1, &record, &err), kinds[i]);
			assert_true(opens_left || !stat(slots, &st));
			assert_true(opens_left || st.st_size == 0);
			remove_store(state);
			make_store(state);
		}
}

static void a_store_of_another_kind_is_not_opened(void **state)
{
	struct record found;
	unsigned int slot;
	int err;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		make_other(kinds[i]);
		assert_int_not_equal(GUARD_STORE_OK, slots_read(other, &found, &slot, &err));
		check_state(slots_read(other, &found, &slot, &err), kinds[i]);
		check_state(slots_write(other, 0, &record, &err), kinds[i]);
		check_state(slots_create(other, &record, &err), kinds[i]);
	}
	unlink(other);
	assert_int_equal(GUARD_STORE_MISSING, slots_read(other, &found, &slot, &err));
	assert_int_equal(-ENOENT, err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			what_takes_the_name_of_the_store_is_not_read, make_store,
			remove_store),
		cmocka_unit_test_setup_teardown(
			what_takes_the_name_of_the_store_is_not_written, make_store,
			remove_store),
		cmocka_unit_test_setup_teardown(a_store_of_another_kind_is_not_opened,
						make_store, remove_store),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
