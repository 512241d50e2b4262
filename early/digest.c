// SPDX-License-Identifier: GPL-2.0-or-later
#include "digest.h"

#include <errno.h>
#include <sodium/crypto_hash_sha256.h>
#include <string.h>
#include <unistd.h>

int digest_file(int fd, unsigned char ret[DIGEST_BYTES])
{
	static unsigned char chunk[64 * 1024];
	crypto_hash_sha256_state state;
	off_t offset = 0;
	ssize_t n;

	crypto_hash_sha256_init(&state);
	while ((n = pread(fd, chunk, sizeof(chunk), offset)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		crypto_hash_sha256_update(&state, chunk, (unsigned long long)n);
		offset += n;
	}
	crypto_hash_sha256_final(&state, ret);
	return 0;
}

void digest_bytes(const void *bytes, size_t len, unsigned char ret[DIGEST_BYTES])
{
	crypto_hash_sha256_state state;

	crypto_hash_sha256_init(&state);
	crypto_hash_sha256_update(&state, bytes, len);
	crypto_hash_sha256_final(&state, ret);
}
