/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keys and detached signatures in the format of signify(1), Ed25519 alone: parsing and verifying.
 * Opens no files, makes no signatures, knows no manifest.
 */
#ifndef SIGNIFY_H
#define SIGNIFY_H

#include <stddef.h>

#define SIGNATURE_NUMBER_BYTES	8	/* random; says which key a signature is by */
#define SIGNATURE_KEY_BYTES	32
#define SIGNATURE_BYTES		64

struct signature_key {
	unsigned char number[SIGNATURE_NUMBER_BYTES];
	unsigned char bytes[SIGNATURE_KEY_BYTES];
};

struct signature {
	unsigned char number[SIGNATURE_NUMBER_BYTES];
	unsigned char bytes[SIGNATURE_BYTES];
};

enum signature_verdict {
	SIGNATURE_GOOD,
	SIGNATURE_OTHER_KEY,	/* its number is not the key's */
	SIGNATURE_WRONG,	/* it is not of this message, or damaged, or only says to be by the key */
};

/*
 * Parse the whole of a file: a line "untrusted comment: " with up to SIGNIFY_COMMENT_MAX bytes,
 * none a control character, then a line of canonical base64, and nothing behind its newline.
 * Return NULL, or why not, static text; @ret is written only on success.
 */
const char *signature_parse_key(const char *text, size_t len, struct signature_key *ret);
const char *signature_parse(const char *text, size_t len, struct signature *ret);

/* The comments vouch for nothing and take no part. */
enum signature_verdict signature_verify(const struct signature *signature,
					const struct signature_key *key,
					const char *message, size_t len);

#endif
