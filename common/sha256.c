// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/sha256.h"

#include <errno.h>
#include <sodium/crypto_hash_sha256.h>
#include <string.h>
#include <unistd.h>

static crypto_hash_sha256_state state;

void sha256_begin(void)
{
	crypto_hash_sha256_init(&state);
}

void sha256_add(const void *bytes, size_t len)
{
	crypto_hash_sha256_update(&state, bytes, len);
}

void sha256_end(unsigned char ret[SHA256_BYTES])
{
	crypto_hash_sha256_final(&state, ret);
}

int sha256_file(int fd, unsigned char ret[SHA256_BYTES])
{
	static unsigned char chunk[64 * 1024];
	off_t offset = 0;
	ssize_t n;

	sha256_begin();
	while ((n = pread(fd, chunk, sizeof(chunk), offset)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		sha256_add(chunk, (size_t)n);
		offset += n;
	}
	sha256_end(ret);
	return 0;
}
