// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/sha256.h"

#include <errno.h>
#include <sodium/crypto_hash_sha256.h>
#include <string.h>
#include <unistd.h>

#include "common/text.h"

_Static_assert(sizeof(struct sha256) >= sizeof(crypto_hash_sha256_state),
	       "it holds libsodium's state");

static crypto_hash_sha256_state *state_in(struct sha256 *sha)
{
	return (crypto_hash_sha256_state *)(void *)sha;
}

void sha256_begin(struct sha256 *sha)
{
	crypto_hash_sha256_init(state_in(sha));
}

void sha256_add(struct sha256 *sha, const void *bytes, size_t len)
{
	crypto_hash_sha256_update(state_in(sha), bytes, len);
}

void sha256_end(struct sha256 *sha, unsigned char ret[SHA256_BYTES])
{
	crypto_hash_sha256_final(state_in(sha), ret);
}

void sha256_hex(const void *bytes, size_t len, char ret[SHA256_HEX_BYTES])
{
	unsigned char digest[SHA256_BYTES];
	struct sha256 sha;

	sha256_begin(&sha);
	sha256_add(&sha, bytes, len);
	sha256_end(&sha, digest);
	text_to_hex(digest, SHA256_BYTES, ret);
}

int sha256_file(int fd, unsigned char ret[SHA256_BYTES])
{
	static unsigned char chunk[64 * 1024];
	struct sha256 sha;
	off_t offset = 0;
	ssize_t n;

	sha256_begin(&sha);
	while ((n = pread(fd, chunk, sizeof(chunk), offset)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		sha256_add(&sha, chunk, (size_t)n);
		offset += n;
	}
	sha256_end(&sha, ret);
	return 0;
}
