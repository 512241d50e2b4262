// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/guard/record.h"

#include <string.h>

#include "common/crc32.h"

#define VERSION_BYTE 2
#define VERSION_BYTE_BEFORE 1	/* it remembered one set, at other offsets */

/* The offset of each field. */
enum {
	AT_MAGIC = 0,
	AT_VERSION = 8,
	AT_CRASH_SYSCTLS = 9,
	AT_OFF = 10,
	AT_UNBLESSED = 11,
	AT_SEQUENCE = 12,
	AT_BOOT_ID_CRC = 16,
	AT_TRIALS = 20,
	AT_CRC = 60,

	AT_SEQUENCE_BEFORE = 16,	/* in version 1 */
};

/* Within a trial. */
enum {
	AT_SET_ID = 0,
	AT_STATE_AND_TRIES = 8,		/* 3 bits and 5 */
	AT_CAUSE = 9,
	TRIAL_BYTES = 10,
};
#define TRIES_BITS 5

_Static_assert(AT_TRIALS + RECORD_TRIALS * TRIAL_BYTES == AT_CRC, "the record is full");

static const unsigned char record_magic[8] = { 'K', 'P', 'E', 'g', 'u', 'a', 'r', 'd' };

static void put_le32(unsigned char *to, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		to[i] = (unsigned char)(value >> 8 * i);
}

static uint32_t get_le32(const unsigned char *from)
{
	return from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 |
	       (uint32_t)from[3] << 24;
}

static unsigned char at_most(unsigned int value, unsigned int limit)
{
	return (unsigned char)(value < limit ? value : limit);
}

static void encode_trial(const struct trial *trial, unsigned char *ret)
{
	memcpy(ret + AT_SET_ID, trial->set_id, SET_ID_BYTES);
	ret[AT_STATE_AND_TRIES] = at_most(trial->tries, RECORD_TRIES_MAX);
	ret[AT_STATE_AND_TRIES] |= (unsigned char)(trial->state << TRIES_BITS);
	ret[AT_CAUSE] = (unsigned char)trial->cause;
}

/* False if it has a state or cause that nobody knows. */
static bool decode_trial(const unsigned char *bytes, struct trial *ret)
{
	memcpy(ret->set_id, bytes + AT_SET_ID, SET_ID_BYTES);
	ret->state = (enum trial_state)(bytes[AT_STATE_AND_TRIES] >> TRIES_BITS);
	ret->tries = bytes[AT_STATE_AND_TRIES] & RECORD_TRIES_MAX;
	ret->cause = (enum trial_cause)bytes[AT_CAUSE];
	return ret->state <= TRIAL_FAILED && ret->cause < TRIAL_CAUSES;
}

void record_encode(const struct record *record, unsigned char ret[RECORD_BYTES])
{
	memcpy(ret + AT_MAGIC, record_magic, sizeof(record_magic));
	ret[AT_VERSION] = VERSION_BYTE;
	ret[AT_CRASH_SYSCTLS] = record->crash_sysctls;
	ret[AT_OFF] = record->off;
	ret[AT_UNBLESSED] = at_most(record->unblessed, UINT8_MAX);
	put_le32(ret + AT_SEQUENCE, record->sequence);
	put_le32(ret + AT_BOOT_ID_CRC, record->boot_id_crc);
	for (size_t i = 0; i < RECORD_TRIALS; i++)
		encode_trial(&record->trials[i], ret + AT_TRIALS + i * TRIAL_BYTES);
	put_le32(ret + AT_CRC, crc32_of(0, ret, AT_CRC));
}

bool record_has_magic(const unsigned char bytes[RECORD_BYTES])
{
	return !memcmp(bytes + AT_MAGIC, record_magic, sizeof(record_magic));
}

bool record_decode(const unsigned char bytes[RECORD_BYTES], struct record *ret)
{
	bool is_before = bytes[AT_VERSION] == VERSION_BYTE_BEFORE;
	struct record record = {
		.crash_sysctls = bytes[AT_CRASH_SYSCTLS],
		.off = bytes[AT_OFF],
		.unblessed = bytes[AT_UNBLESSED],
		.sequence = get_le32(bytes + AT_SEQUENCE),
		.boot_id_crc = get_le32(bytes + AT_BOOT_ID_CRC),
	};

	if (!record_has_magic(bytes) ||
	    get_le32(bytes + AT_CRC) != crc32_of(0, bytes, AT_CRC))
		return false;
	if (bytes[AT_VERSION] != VERSION_BYTE && !is_before)
		return false;
	for (size_t i = 0; i < RECORD_TRIALS && !is_before; i++)
		if (!decode_trial(bytes + AT_TRIALS + i * TRIAL_BYTES, &record.trials[i]))
			return false;
	if (is_before)
		record = (struct record){
			.sequence = get_le32(bytes + AT_SEQUENCE_BEFORE),
		};
	*ret = record;
	return true;
}

bool record_is_off(const struct record *record, bool follows_kpatch_service)
{
	return record->off & RECORD_OFF_ADMINISTRATOR ||
	       (follows_kpatch_service && record->off & RECORD_OFF_KPATCH_SERVICE);
}
