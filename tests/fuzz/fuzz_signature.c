// SPDX-License-Identifier: GPL-2.0-or-later
/* The parser of keys and signatures against any bytes. */
#include <sodium/utils.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/input/signify.h"

/* What is taken has one form alone: a comment, and below it the base64 text of its parts. */
static void check_form(const char *text, size_t size, const unsigned char *number,
		       const unsigned char *bytes, size_t count)
{
	unsigned char binary[2 + SIGNIFY_KEYNUM_BYTES + SIGNIFY_SIGNATURE_BYTES] = "Ed";
	char base64[128];
	const char *line = memchr(text, '\n', size);

	memcpy(binary + 2, number, SIGNIFY_KEYNUM_BYTES);
	memcpy(binary + 2 + SIGNIFY_KEYNUM_BYTES, bytes, count);
	sodium_bin2base64(base64, sizeof(base64), binary, 2 + SIGNIFY_KEYNUM_BYTES + count,
			  sodium_base64_VARIANT_ORIGINAL);
	strcat(base64, "\n");
	if (!line || (size_t)(text + size - line - 1) != strlen(base64) ||
	    memcmp(line + 1, base64, strlen(base64)))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct signify_key key = { 0 };
	struct signify_signature signature = { 0 };
	char *text = malloc(size ? size : 1);
	const char *no_key, *no_signature;

	memcpy(text, data, size);	/* not a byte behind it is theirs to read */
	no_key = signify_parse_key(text, size, &key);
	no_signature = signify_parse_signature(text, size, &signature);
	if (!no_key && !no_signature)
		abort();
	if (!no_key)
		check_form(text, size, key.number, key.bytes, sizeof(key.bytes));
	if (!no_signature) {
		check_form(text, size, signature.number, signature.bytes, sizeof(signature.bytes));
		signify_verify(&signature, &key, text, size);
		memcpy(key.number, signature.number, sizeof(key.number));
		memcpy(key.bytes, signature.bytes, sizeof(key.bytes));
		signify_verify(&signature, &key, text, size);
	}
	free(text);
	return 0;
}
