// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "unit.h"
#include "common/sha256.h"

static int file_of(const char *byte, size_t times)
{
	FILE *file = tmpfile();

	for (size_t i = 0; i < times; i++)
		fputs(byte, file);
	fflush(file);
	return fileno(file);
}

/* The vectors of FIPS 180-4, and one longer than a chunk. */
static void known_texts_have_their_known_digests(void **state)
{
	static const struct {
		const char *text;
		size_t times;
		const char *hex;
	} cases[] = {
		{ "", 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
		{ "abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
		{ "a", 1000000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		unsigned char digest[SHA256_BYTES];
		char hex[2 * SHA256_BYTES + 1];

		assert_int_equal(0, sha256_file(file_of(cases[i].text, cases[i].times), digest));
		text_to_hex(digest, SHA256_BYTES, hex);
		assert_string_equal(hex, cases[i].hex);
	}
}

static void the_whole_file_counts_wherever_its_offset_is(void **state)
{
	unsigned char a[SHA256_BYTES], b[SHA256_BYTES];
	int fd = file_of("abc", 1);

	(void)state;
	lseek(fd, 2, SEEK_SET);
	assert_int_equal(0, sha256_file(fd, a));
	assert_int_equal(2, lseek(fd, 0, SEEK_CUR));
	lseek(fd, 0, SEEK_SET);
	assert_int_equal(0, sha256_file(fd, b));
	assert_memory_equal(a, b, SHA256_BYTES);
}

static void a_read_error_is_returned(void **state)
{
	unsigned char digest[SHA256_BYTES];
	int fds[2];

	(void)state;
	assert_int_equal(-EBADF, sha256_file(-1, digest));
	assert_int_equal(0, pipe(fds));
	assert_int_equal(-ESPIPE, sha256_file(fds[0], digest));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_texts_have_their_known_digests),
		cmocka_unit_test(the_whole_file_counts_wherever_its_offset_is),
		cmocka_unit_test(a_read_error_is_returned),
	};

	return cmocka_run_group_tests_name("digest", tests, NULL, NULL);
}
