// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit.h"
#include "common/crc32.h"
#include "common/guard/record.h"

static const struct record sample = {
	.state = TRIAL_FAILED, .attempts = 2, .crash_sysctls = 5, .cause = 110,
	.sequence = 0x01020304, .boot_id_crc = 0xa0b0c0d0,
	.set_digest = { 1, 2, 3, [31] = 255 },
};

static void the_checksum_is_the_usual_one(void **state)
{
	(void)state;
	assert_int_equal(crc32_of(0, "123456789", 9), 0xcbf43926);
	assert_int_equal(crc32_of(crc32_of(0, "1234", 4), "56789", 5), 0xcbf43926);
}

static void what_is_written_is_read(void **state)
{
	unsigned char bytes[RECORD_BYTES];
	struct record read;

	(void)state;
	record_encode(&sample, bytes);
	assert_true(record_decode(bytes, &read));
	assert_memory_equal(&read, &sample, sizeof(read));
}

static void the_layout_stays(void **state)
{
	static const unsigned char start[24] = "KPEguard\1\4\2\5\156\0\0\0\4\3\2\1\320\300\260\240";
	unsigned char bytes[RECORD_BYTES];

	(void)state;
	record_encode(&sample, bytes);
	assert_memory_equal(bytes, start, sizeof(start));
	assert_memory_equal(bytes + 24, sample.set_digest, 32);
	assert_int_equal(bytes[56] | bytes[57] | bytes[58] | bytes[59], 0);
}

static void each_bit_that_flips_is_noticed(void **state)
{
	unsigned char bytes[RECORD_BYTES];
	struct record read = { 0 }, untouched = { 0 };

	(void)state;
	record_encode(&sample, bytes);
	for (size_t bit = 0; bit < 8 * RECORD_BYTES; bit++) {
		bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
		assert_false(record_decode(bytes, &read));
		assert_memory_equal(&read, &untouched, sizeof(read));
		bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
	}
}

static void a_torn_record_is_noticed(void **state)
{
	unsigned char old[RECORD_BYTES], new[RECORD_BYTES], torn[RECORD_BYTES];
	struct record next = sample, read;

	(void)state;
	next.sequence++;
	next.attempts++;
	record_encode(&sample, old);
	record_encode(&next, new);
	for (size_t cut = 17; cut < 61; cut++) {
		memcpy(torn, new, cut);
		memcpy(torn + cut, old + cut, RECORD_BYTES - cut);
		assert_false(record_decode(torn, &read));
	}
}

static void other_versions_and_states_are_none(void **state)
{
	unsigned char bytes[RECORD_BYTES] = { 0 };
	struct record read, later = sample;

	(void)state;
	assert_false(record_decode(bytes, &read));
	later.state = (enum trial_state)(TRIAL_FAILED + 1);
	record_encode(&later, bytes);
	assert_false(record_decode(bytes, &read));
}

static void attempts_have_a_limit(void **state)
{
	struct record many = { .attempts = 300 }, read;
	unsigned char bytes[RECORD_BYTES];

	(void)state;
	record_encode(&many, bytes);
	assert_true(record_decode(bytes, &read));
	assert_int_equal(read.attempts, RECORD_ATTEMPTS_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_checksum_is_the_usual_one),
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(the_layout_stays),
		cmocka_unit_test(each_bit_that_flips_is_noticed),
		cmocka_unit_test(a_torn_record_is_noticed),
		cmocka_unit_test(other_versions_and_states_are_none),
		cmocka_unit_test(attempts_have_a_limit),
	};

	return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
