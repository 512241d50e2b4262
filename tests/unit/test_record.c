// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit.h"
#include "common/crc32.h"
#include "common/guard/record.h"

static const struct record sample = {
	.crash_sysctls = 5, .off = 3, .unblessed = 4,
	.sequence = 0x01020304, .boot_id_crc = 0xa0b0c0d0,
	.trials = {
		{ { 1, 2, 3, 4, 5, 6, 7, 8 }, TRIAL_TRYING, 2, TRIAL_CAUSE_STALLED },
		{ { 9 }, TRIAL_PROVEN, 0, TRIAL_CAUSE_NONE },
		{ { [7] = 255 }, TRIAL_QUARANTINED, 9, TRIAL_CAUSE_TRIES },
		{ { 3 }, TRIAL_FAILED, 31, TRIAL_CAUSE_ROLLED_BACK },
	},
};

/* A record of version 1, as 0.1 wrote it: quarantined, with sequence 7. */
static const unsigned char version_1[RECORD_BYTES] =
	"KPEguard\1\3\2\0\1\0\1\0\7\0\0\0\320\300\260\240"
	"12345678901234567890123456789012\0\0\0\0";

static void put_crc(unsigned char bytes[RECORD_BYTES])
{
	uint32_t crc = crc32_of(0, bytes, RECORD_BYTES - 4);

	for (int i = 0; i < 4; i++)
		bytes[RECORD_BYTES - 4 + i] = (unsigned char)(crc >> 8 * i);
}

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
	static const unsigned char start[40] = "KPEguard\2\5\3\4\4\3\2\1\320\300\260\240"
		"\1\2\3\4\5\6\7\10\42\3\11\0\0\0\0\0\0\0\100\0";
	unsigned char bytes[RECORD_BYTES];

	(void)state;
	record_encode(&sample, bytes);
	assert_memory_equal(bytes, start, sizeof(start));
}

static void a_record_of_version_1_is_an_empty_one(void **state)
{
	const struct record empty = { .sequence = 7 };
	unsigned char bytes[RECORD_BYTES];
	struct record read = sample;

	(void)state;
	memcpy(bytes, version_1, sizeof(bytes));
	assert_false(record_decode(bytes, &read));
	put_crc(bytes);
	assert_true(record_decode(bytes, &read));
	assert_memory_equal(&read, &empty, sizeof(read));
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
	next.trials[0].tries++;
	record_encode(&sample, old);
	record_encode(&next, new);
	for (size_t cut = 13; cut < 61; cut++) {
		memcpy(torn, new, cut);
		memcpy(torn + cut, old + cut, RECORD_BYTES - cut);
		assert_false(record_decode(torn, &read));
	}
}

/* Each with a good checksum. */
static void other_versions_states_and_causes_are_none(void **state)
{
	unsigned char bytes[RECORD_BYTES] = { 0 };
	struct record read, later = sample;

	(void)state;
	assert_false(record_decode(bytes, &read));
	record_encode(&sample, bytes);
	bytes[8] = 3;
	put_crc(bytes);
	assert_false(record_decode(bytes, &read));
	later.trials[3].state = (enum trial_state)(TRIAL_FAILED + 1);
	record_encode(&later, bytes);
	assert_false(record_decode(bytes, &read));
	later = sample;
	later.trials[1].cause = (enum trial_cause)TRIAL_CAUSES;
	record_encode(&later, bytes);
	assert_false(record_decode(bytes, &read));
}

static void counts_have_a_limit(void **state)
{
	struct record many = { .unblessed = 300, .trials[2] = { .state = TRIAL_TRYING, .tries = 40 } }, read;
	unsigned char bytes[RECORD_BYTES];

	(void)state;
	record_encode(&many, bytes);
	assert_true(record_decode(bytes, &read));
	assert_int_equal(read.unblessed, 255);
	assert_int_equal(read.trials[2].state, TRIAL_TRYING);
	assert_int_equal(read.trials[2].tries, RECORD_TRIES_MAX);
}

static void who_turned_it_off(void **state)
{
	(void)state;
	for (unsigned int off = 0; off < 4; off++) {
		const struct record record = { .off = (unsigned char)off };

		assert_int_equal(record_is_off(&record, true), off != 0);
		assert_int_equal(record_is_off(&record, false), (off & RECORD_OFF_ADMINISTRATOR) != 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_checksum_is_the_usual_one),
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(the_layout_stays),
		cmocka_unit_test(a_record_of_version_1_is_an_empty_one),
		cmocka_unit_test(each_bit_that_flips_is_noticed),
		cmocka_unit_test(a_torn_record_is_noticed),
		cmocka_unit_test(other_versions_states_and_causes_are_none),
		cmocka_unit_test(counts_have_a_limit),
		cmocka_unit_test(who_turned_it_off),
	};

	return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
