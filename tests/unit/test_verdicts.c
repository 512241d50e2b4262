// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit.h"

#include <stdio.h>
#include <unistd.h>

#include "common/file.h"
#include "host/check/verdicts.h"

static char directory[] = "/tmp/test_verdicts.XXXXXX";
static struct verdicts verdicts;

static int make_directory(void **state)
{
	(void)state;
	return !mkdtemp(directory);
}

static int remove_directory(void **state)
{
	char path[PATH_MAX];

	(void)state;
	file_path(path, directory, "/6.1");
	unlink(path);
	return rmdir(directory);
}

static void put(const char *text, size_t len)
{
	char path[PATH_MAX];
	FILE *file;

	file_path(path, directory, "/6.1");
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, len, file), len);
	fclose(file);
}

/* Of @key it is known what is @expected; NULL: nothing. */
static void expect(const char *key, const char *expected)
{
	char reason[64];

	if (!expected) {
		assert_false(verdicts_find(&verdicts, key, reason, sizeof(reason)));
		return;
	}
	assert_true(verdicts_find(&verdicts, key, reason, sizeof(reason)));
	assert_string_equal(reason, expected);
}

static void what_was_added_is_there_the_next_time(void **state)
{
	(void)state;
	verdicts_read(&verdicts, directory, "6.1", "head 1");
	expect("aa", NULL);
	verdicts_add(&verdicts, "aa", "rule 10: no function x");
	verdicts_add(&verdicts, "bb", "");
	verdicts_add(&verdicts, "cc", "two\nlines");
	verdicts_write(&verdicts);
	for (int i = 0; i < 2; i++) {
		expect("aa", "rule 10: no function x");
		expect("bb", "");
		expect("cc", NULL);
		expect("a", NULL);
		expect("head", NULL);
		verdicts_read(&verdicts, directory, "6.1", "head 1");
	}
}

static void with_another_head_nothing_counts(void **state)
{
	static const char *const heads[] = { "head 2", "head", "head 1 ", "" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(heads); i++) {
		put("head 1\naa x\n", 12);
		verdicts_read(&verdicts, directory, "6.1", heads[i]);
		expect("aa", NULL);
		verdicts_add(&verdicts, "bb", "y");
		expect("bb", "y");
	}
	verdicts_read(&verdicts, NULL, "6.1", "head 1");
	expect("aa", NULL);
	verdicts_add(&verdicts, "aa", "x");
	verdicts_write(&verdicts);
	expect("aa", "x");
}

static void a_damaged_file_is_none(void **state)
{
	static const struct {
		const char *text;
		size_t len;
	} cases[] = {
		{ "", 0 },
		{ "head 1", 6 },
		{ "head 1\naa x", 11 },
		{ "head 1\n\0\naa x\n", 14 },
		{ "head 1\naa\n", 10 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		put(cases[i].text, cases[i].len);
		verdicts_read(&verdicts, directory, "6.1", "head 1");
		expect("aa", NULL);
	}
}

static void a_full_file_begins_anew(void **state)
{
	static char long_reason[VERDICTS_BYTES_MAX];
	char reason[8];

	(void)state;
	verdicts_read(&verdicts, NULL, "6.1", "head");
	verdicts_add(&verdicts, "aa", "x");
	memset(long_reason, 'y', sizeof(long_reason) - 1);
	verdicts_add(&verdicts, "bb", long_reason);
	expect("aa", "x");
	expect("bb", NULL);
	long_reason[VERDICTS_BYTES_MAX - 12] = '\0';
	verdicts_add(&verdicts, "bb", long_reason);
	expect("aa", NULL);
	assert_true(verdicts_find(&verdicts, "bb", reason, sizeof(reason)));
	assert_string_equal(reason, "yyyyyyy");
	assert_true(verdicts.len <= VERDICTS_BYTES_MAX);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_added_is_there_the_next_time),
		cmocka_unit_test(with_another_head_nothing_counts),
		cmocka_unit_test(a_damaged_file_is_none),
		cmocka_unit_test(a_full_file_begins_anew),
	};

	return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
