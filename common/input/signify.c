// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/input/signify.h"

#include <sodium/crypto_sign.h>
#include <sodium/utils.h>
#include <stdbool.h>
#include <string.h>

#include "common/bounds.h"

#define ALGORITHM	"Ed"
#define ALGORITHM_BYTES	2
#define PREFIX_BYTES	(ALGORITHM_BYTES + SIGNIFY_KEYNUM_BYTES)

static const char heading[] = "untrusted comment: ";
static const char not_base64[] =
	"its second line is not the base64 text of the right length";

static const char *check_first_line(const char *text, const char *end)
{
	size_t heading_len = sizeof(heading) - 1, len = (size_t)(end - text);

	if (len < heading_len || memcmp(text, heading, heading_len))
		return "it does not begin with \"untrusted comment: \"";
	if (len > heading_len + SIGNIFY_COMMENT_MAX)
		return "its comment is over the limit";
	for (; text < end; text++)
		if ((unsigned char)*text < ' ' || *text == '\x7f')
			return "there is a control character in its comment";
	return NULL;
}

/* Where char is signed, sodium_base642bin() of 1.0.18 takes some of these for digits. */
static bool has_high_byte(const char *text, const char *end)
{
	for (; text < end; text++)
		if ((unsigned char)*text > 0x7f)
			return true;
	return false;
}

/* Decodes the second line to exactly @size bytes at @ret. */
static const char *decode_second_line(const char *text, size_t len, unsigned char *ret,
				      size_t size)
{
	const char *comment_end = memchr(text, '\n', len), *end = text + len, *stop;
	const char *reason = check_first_line(text, comment_end ? comment_end : end);
	size_t used;
	int err;

	if (reason)
		return reason;
	if (!comment_end)
		return "its second line is missing";
	text = comment_end + 1;
	if (has_high_byte(text, end))
		return not_base64;
	err = sodium_base642bin(ret, size, text, (size_t)(end - text), NULL, &used, &stop,
				sodium_base64_VARIANT_ORIGINAL);
	if (err || used != size)
		return not_base64;
	if (stop == end)
		return "the newline at its end is missing";
	if (*stop != '\n' || stop + 1 != end)
		return "something follows the base64 text in it";
	if (memcmp(ret, ALGORITHM, ALGORITHM_BYTES))
		return "it is not for Ed25519";
	return NULL;
}

const char *signify_parse_key(const char *text, size_t len, struct signify_key *ret)
{
	unsigned char bytes[PREFIX_BYTES + SIGNIFY_KEY_BYTES];
	const char *reason = decode_second_line(text, len, bytes, sizeof(bytes));

	if (reason)
		return reason;
	memcpy(ret->number, bytes + ALGORITHM_BYTES, SIGNIFY_KEYNUM_BYTES);
	memcpy(ret->bytes, bytes + PREFIX_BYTES, SIGNIFY_KEY_BYTES);
	return NULL;
}

const char *signify_parse_signature(const char *text, size_t len,
				    struct signify_signature *ret)
{
	unsigned char bytes[PREFIX_BYTES + SIGNIFY_SIGNATURE_BYTES];
	const char *reason = decode_second_line(text, len, bytes, sizeof(bytes));

	if (reason)
		return reason;
	memcpy(ret->number, bytes + ALGORITHM_BYTES, SIGNIFY_KEYNUM_BYTES);
	memcpy(ret->bytes, bytes + PREFIX_BYTES, SIGNIFY_SIGNATURE_BYTES);
	return NULL;
}

enum signify_verdict signify_verify(const struct signify_signature *signature,
				    const struct signify_key *key,
				    const char *message, size_t len)
{
	const unsigned char *bytes = (const unsigned char *)message;

	if (memcmp(signature->number, key->number, SIGNIFY_KEYNUM_BYTES))
		return SIGNIFY_OTHER_KEY;
	if (crypto_sign_verify_detached(signature->bytes, bytes, len, key->bytes))
		return SIGNIFY_WRONG;
	return SIGNIFY_GOOD;
}
