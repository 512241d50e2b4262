// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/guard/record.h"

#include <errno.h>
#include <string.h>

#include "common/crc32.h"

#define VERSION_BYTE 1

/* Where each field is. What is between them is 0. */
enum {
	MAGIC = 0, FORMAT = 8, STATE = 9, ATTEMPTS = 10, ARMED = 11, CAUSE = 12, SEQUENCE = 16, BOOT = 20, SET = 24,
	CRC = 60,
};

static const unsigned char magic[8] = { 'K', 'P', 'E', 'g', 'u', 'a', 'r', 'd' };

static void put(unsigned char *to, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		to[i] = (unsigned char)(value >> 8 * i);
}

static uint32_t get(const unsigned char *from)
{
	return from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 | (uint32_t)from[3] << 24;
}

void record_encode(const struct record *record, unsigned char ret[RECORD_BYTES])
{
	memset(ret, 0, RECORD_BYTES);
	memcpy(ret + MAGIC, magic, sizeof(magic));
	ret[FORMAT] = VERSION_BYTE;
	ret[STATE] = (unsigned char)record->state;
	ret[ATTEMPTS] = record->attempts < RECORD_ATTEMPTS_MAX ? (unsigned char)record->attempts :
								 RECORD_ATTEMPTS_MAX;
	ret[ARMED] = record->armed;
	put(ret + CAUSE, record->cause);
	put(ret + SEQUENCE, record->sequence);
	put(ret + BOOT, record->boot);
	memcpy(ret + SET, record->set, sizeof(record->set));
	put(ret + CRC, crc32_of(0, ret, CRC));
}

bool record_is_one(const unsigned char bytes[RECORD_BYTES])
{
	return !memcmp(bytes + MAGIC, magic, sizeof(magic));
}

int record_decode(const unsigned char bytes[RECORD_BYTES], struct record *ret)
{
	if (!record_is_one(bytes) || bytes[FORMAT] != VERSION_BYTE ||
	    bytes[STATE] > TRIAL_FAILED || get(bytes + CRC) != crc32_of(0, bytes, CRC))
		return -EBADMSG;
	*ret = (struct record){
		.state = (enum trial_state)bytes[STATE],
		.attempts = bytes[ATTEMPTS],
		.armed = bytes[ARMED],
		.cause = get(bytes + CAUSE),
		.sequence = get(bytes + SEQUENCE),
		.boot = get(bytes + BOOT),
	};
	memcpy(ret->set, bytes + SET, sizeof(ret->set));
	return 0;
}
