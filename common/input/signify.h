/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keys and detached signatures in the format of signify(1), Ed25519 alone: parses and
 * verifies. Opens no files, makes no signatures, knows no manifest.
 */
#ifndef SIGNIFY_H
#define SIGNIFY_H

#include <stddef.h>

#define SIGNIFY_KEYNUM_BYTES	8	/* random; a signature has its key's number */
#define SIGNIFY_KEY_BYTES	32
#define SIGNIFY_SIGNATURE_BYTES	64

struct signify_key {
	unsigned char number[SIGNIFY_KEYNUM_BYTES];
	unsigned char bytes[SIGNIFY_KEY_BYTES];
};

struct signify_signature {
	unsigned char number[SIGNIFY_KEYNUM_BYTES];
	unsigned char bytes[SIGNIFY_SIGNATURE_BYTES];
};

enum signify_verdict {
	SIGNIFY_GOOD,
	SIGNIFY_OTHER_KEY,	/* its number is not the key's */
	SIGNIFY_WRONG,		/* another message or key made it, or it is damaged */
};

/*
 * Parse the whole of a file: a line "untrusted comment: " with up to SIGNIFY_COMMENT_MAX
 * bytes, none a control character, then a line of canonical base64, and nothing behind
 * its newline. @ret is written only on success. Return NULL, or why not, static text.
 */
const char *signify_parse_key(const char *text, size_t len, struct signify_key *ret);
const char *signify_parse_signature(const char *text, size_t len,
				    struct signify_signature *ret);

/*
 * Verifies that @key made @signature of @message, of @len bytes. The comments of the
 * files are not signed and take no part.
 */
enum signify_verdict signify_verify(const struct signify_signature *signature,
				    const struct signify_key *key,
				    const char *message, size_t len);

#endif
