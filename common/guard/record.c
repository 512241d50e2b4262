// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/guard/record.h"

#include <string.h>

#include "common/crc32.h"

#define VERSION_BYTE 1

/* The offset of each field. The bytes between them are 0. */
enum {
	AT_MAGIC = 0,
	AT_FORMAT = 8,
	AT_STATE = 9,
	AT_ATTEMPTS = 10,
	AT_CRASH_SYSCTLS = 11,
	AT_CAUSE = 12,
	AT_SEQUENCE = 16,
	AT_BOOT_ID_CRC = 20,
	AT_SET_DIGEST = 24,
	AT_CRC = 60,
};

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

void record_encode(const struct record *record, unsigned char ret[RECORD_BYTES])
{
	bool fits = record->attempts < RECORD_ATTEMPTS_MAX;

	memset(ret, 0, RECORD_BYTES);
	memcpy(ret + AT_MAGIC, record_magic, sizeof(record_magic));
	ret[AT_FORMAT] = VERSION_BYTE;
	ret[AT_STATE] = (unsigned char)record->state;
	ret[AT_ATTEMPTS] = fits ? (unsigned char)record->attempts : RECORD_ATTEMPTS_MAX;
	ret[AT_CRASH_SYSCTLS] = record->crash_sysctls;
	put_le32(ret + AT_CAUSE, record->cause);
	put_le32(ret + AT_SEQUENCE, record->sequence);
	put_le32(ret + AT_BOOT_ID_CRC, record->boot_id_crc);
	memcpy(ret + AT_SET_DIGEST, record->set_digest, sizeof(record->set_digest));
	put_le32(ret + AT_CRC, crc32_of(0, ret, AT_CRC));
}

bool record_has_magic(const unsigned char bytes[RECORD_BYTES])
{
	return !memcmp(bytes + AT_MAGIC, record_magic, sizeof(record_magic));
}

bool record_decode(const unsigned char bytes[RECORD_BYTES], struct record *ret)
{
	if (!record_has_magic(bytes) || bytes[AT_FORMAT] != VERSION_BYTE ||
	    bytes[AT_STATE] > TRIAL_FAILED ||
	    get_le32(bytes + AT_CRC) != crc32_of(0, bytes, AT_CRC))
		return false;
	*ret = (struct record){
		.state = (enum trial_state)bytes[AT_STATE],
		.attempts = bytes[AT_ATTEMPTS],
		.crash_sysctls = bytes[AT_CRASH_SYSCTLS],
		.cause = get_le32(bytes + AT_CAUSE),
		.sequence = get_le32(bytes + AT_SEQUENCE),
		.boot_id_crc = get_le32(bytes + AT_BOOT_ID_CRC),
	};
	memcpy(ret->set_digest, bytes + AT_SET_DIGEST, sizeof(ret->set_digest));
	return true;
}
