// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdbool.h>
#include <stdio.h>

#include "unit.h"
#include "common/bounds.h"
#include "common/input/signify.h"

/* Made once with signify-openbsd 31: -G -n, and -S over the message. */
static const char message[] =
	"6.1 lp_a.ko sha256=0000000000000000000000000000000000000000000000000000000000000000\n";
static const char key_text[] =
	"untrusted comment: kpatch-early test public key\n"
	"RWQdNR8k6oE+xUY0f54aPUWkukoJpfYBRROBXYublXTfnDtTIi9zCHsK\n";
static const char other_key_text[] =
	"untrusted comment: kpatch-early test public key\n"
	"RWSMOSsklKX8kDocne0uYqGAOBiuWcRZ0uSbdzFT3VSznu1j2fYBnE4T\n";
static const char good_text[] =
	"untrusted comment: verify with a.pub\n"
	"RWQdNR8k6oE+xbeobius8lgnXC96dj4jni5ivE3D2Gj++L+5yEoLP23pg3yAkVzg+VAVc4WLICp7YnIZ5GVB50JrKqAsEtQ2LQ8=\n";
static const char other_text[] =
	"untrusted comment: verify with b.pub\n"
	"RWSMOSsklKX8kFJKo59rHJXv+bh/qlOQzA/hY+n6kSYRgxwU0DefpYH+pxtH5oCYVgW8pq5F56NvIig3hHvhMQBzJdoCM89Kcgg=\n";

#define HEADING_LEN 19	/* of "untrusted comment: " */

/* Copied to memory of just its size, so that ASan sees what reads behind it. */
static const char *parse(const char *text, size_t len, struct signify_signature *ret)
{
	char *copy = malloc(len ? len : 1);
	const char *reason;

	memcpy(copy, text, len);
	reason = signify_parse_signature(copy, len, ret);
	free(copy);
	return reason;
}

static struct signify_key key_of(const char *text)
{
	struct signify_key key;

	assert_null(signify_parse_key(text, strlen(text), &key));
	return key;
}

static struct signify_signature signature_of(const char *text)
{
	struct signify_signature signature;

	assert_null(parse(text, strlen(text), &signature));
	return signature;
}

static bool is_good(const char *text, size_t len, const struct signify_key *key)
{
	struct signify_signature signature;

	return !parse(text, len, &signature) &&
	       signify_verify(&signature, key, message, strlen(message)) == SIGNIFY_GOOD;
}

static void a_known_signature_is_good(void **state)
{
	struct signify_key key = key_of(key_text), other_key = key_of(other_key_text);
	struct signify_signature good = signature_of(good_text), other = signature_of(other_text);

	(void)state;
	assert_int_equal(SIGNIFY_GOOD, signify_verify(&good, &key, message, strlen(message)));
	assert_int_equal(SIGNIFY_GOOD, signify_verify(&other, &other_key, message, strlen(message)));
}

static void another_key_s_signature_is_not(void **state)
{
	struct signify_key key = key_of(key_text), other_key = key_of(other_key_text);
	struct signify_signature good = signature_of(good_text), other = signature_of(other_text);

	(void)state;
	assert_int_equal(SIGNIFY_OTHER_KEY, signify_verify(&other, &key, message, strlen(message)));
	assert_int_equal(SIGNIFY_OTHER_KEY, signify_verify(&good, &other_key, message, strlen(message)));
	/* One that only says to be by the key. */
	memcpy(other.number, key.number, sizeof(key.number));
	assert_int_equal(SIGNIFY_WRONG, signify_verify(&other, &key, message, strlen(message)));
}

static void a_wrong_key_number_is_another_key_even_if_the_key_is_the_same(void **state)
{
	struct signify_key key = key_of(key_text);
	struct signify_signature good = signature_of(good_text);

	(void)state;
	for (size_t i = 0; i < sizeof(good.number); i++) {
		good.number[i] ^= 1;
		assert_int_equal(SIGNIFY_OTHER_KEY,
				 signify_verify(&good, &key, message, strlen(message)));
		good.number[i] ^= 1;
	}
}

static void each_bit_of_the_message_counts_and_its_length(void **state)
{
	struct signify_key key = key_of(key_text);
	struct signify_signature good = signature_of(good_text);
	char changed[sizeof(message)];

	(void)state;
	for (size_t i = 0; i < strlen(message) * 8; i++) {
		memcpy(changed, message, sizeof(message));
		changed[i / 8] = (char)(changed[i / 8] ^ 1 << i % 8);
		assert_int_equal(SIGNIFY_WRONG, signify_verify(&good, &key, changed, strlen(message)));
	}
	/* The NUL behind it too. */
	assert_int_equal(SIGNIFY_WRONG, signify_verify(&good, &key, message, sizeof(message)));
	for (size_t len = 0; len < strlen(message); len++)
		assert_int_equal(SIGNIFY_WRONG, signify_verify(&good, &key, message, len));
}

static void a_file_cut_at_any_byte_is_refused_and_nothing_is_written(void **state)
{
	struct signify_signature untouched = { .number = { 1 } }, signature = untouched;
	struct signify_key no_key = { .number = { 1 } }, key = no_key;

	(void)state;
	for (size_t len = 0; len < strlen(good_text); len++)
		assert_non_null(parse(good_text, len, &signature));
	for (size_t len = 0; len < strlen(key_text); len++)
		assert_non_null(signify_parse_key(key_text, len, &key));
	assert_memory_equal(&untouched, &signature, sizeof(signature));
	assert_memory_equal(&no_key, &key, sizeof(key));
}

/* But for the comment's, which nobody vouches for. */
static void each_flipped_bit_of_a_signature_spoils_it(void **state)
{
	struct signify_key key = key_of(key_text);
	size_t len = strlen(good_text), second = (size_t)(strchr(good_text, '\n') + 1 - good_text);
	char changed[sizeof(good_text)];

	(void)state;
	for (size_t i = 0; i < len * 8; i++) {
		memcpy(changed, good_text, sizeof(good_text));
		changed[i / 8] = (char)(changed[i / 8] ^ 1 << i % 8);
		if (i / 8 < HEADING_LEN || i / 8 >= second - 1)
			assert_false(is_good(changed, len, &key));
	}
}

static void each_flipped_bit_of_a_key_spoils_it(void **state)
{
	struct signify_signature good = signature_of(good_text);
	size_t len = strlen(key_text), second = (size_t)(strchr(key_text, '\n') + 1 - key_text);
	char changed[sizeof(key_text)];

	(void)state;
	for (size_t i = 0; i < len * 8; i++) {
		struct signify_key key;

		memcpy(changed, key_text, sizeof(key_text));
		changed[i / 8] = (char)(changed[i / 8] ^ 1 << i % 8);
		if (i / 8 >= HEADING_LEN && i / 8 < second - 1)
			continue;
		if (!signify_parse_key(changed, len, &key))
			assert_int_not_equal(SIGNIFY_GOOD,
					     signify_verify(&good, &key, message, strlen(message)));
	}
}

#define COMMENT "untrusted comment: x\n"
#define LINE "RWQdNR8k6oE+xbeobius8lgnXC96dj4jni5ivE3D2Gj++L+5yEoLP23pg3yAkVzg+VAVc4WLICp7YnIZ5GVB50JrKqAsEtQ2LQ8="

static void what_is_not_quite_a_signature_is_refused_with_its_reason(void **state)
{
	static const struct {
		const char *text, *reason;
	} cases[] = {
		{ COMMENT LINE "\n", NULL },
		{ "untrusted comment: \n" LINE "\n", NULL },
		{ "", "it does not begin" },
		{ LINE "\n", "it does not begin" },
		{ "Untrusted comment: x\n" LINE "\n", "it does not begin" },
		{ "\n" COMMENT LINE "\n", "it does not begin" },
		{ "untrusted comment: x\r\n" LINE "\r\n", "control character" },
		{ "untrusted comment: \x7f\n" LINE "\n", "control character" },
		{ COMMENT LINE "\r\n", "something follows" },
		{ "untrusted comment: x", "second line is missing" },
		{ COMMENT, "not the base64" },
		{ COMMENT "\n" LINE "\n", "not the base64" },
		{ COMMENT " " LINE "\n", "not the base64" },
		{ COMMENT LINE, "newline at its end" },
		{ COMMENT LINE "\n\n", "something follows" },
		{ COMMENT LINE "\nx", "something follows" },
		{ COMMENT LINE " \n", "something follows" },
		{ COMMENT LINE "=\n", "something follows" },
		{ COMMENT LINE "\n" COMMENT LINE "\n", "something follows" },
		{ COMMENT LINE "\n" LINE "\n", "something follows" },
		{ COMMENT LINE LINE "\n", "something follows" },
		/* Not the one form of its bytes: without padding, or with bits that no byte has. */
		{ COMMENT "RWQdNR8k6oE+xbeobius8lgnXC96dj4jni5ivE3D2Gj++L+5yEoLP23pg3yAkVzg+VAVc4WLICp7YnIZ5GVB50JrKqAsEtQ2LQ8\n",
		  "not the base64" },
		{ COMMENT "RWQdNR8k6oE+xbeobius8lgnXC96dj4jni5ivE3D2Gj++L+5yEoLP23pg3yAkVzg+VAVc4WLICp7YnIZ5GVB50JrKqAsEtQ2LQ9=\n",
		  "not the base64" },
		/* One byte more; a key; a secret key's and an unknown algorithm. */
		{ COMMENT "RWQdNR8k6oE+xbeobius8lgnXC96dj4jni5ivE3D2Gj++L+5yEoLP23pg3yAkVzg+VAVc4WLICp7YnIZ5GVB50JrKqAsEtQ2LQ8A\n",
		  "not the base64" },
		{ key_text, "not the base64" },
		{ COMMENT "RXQdNR8k6oE+xbeobius8lgnXC96dj4jni5ivE3D2Gj++L+5yEoLP23pg3yAkVzg+VAVc4WLICp7YnIZ5GVB50JrKqAsEtQ2LQ8=\n",
		  "not for Ed25519" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct signify_signature signature;
		const char *reason = parse(cases[i].text, strlen(cases[i].text), &signature);

		if (!cases[i].reason != !reason || (reason && !strstr(reason, cases[i].reason)))
			fail_msg("case %zu: %s", i, reason);
	}
}

/* libsodium's decoder takes some of them for digits. */
static void a_byte_that_is_not_ascii_is_no_digit(void **state)
{
	size_t second = (size_t)(strchr(good_text, '\n') + 1 - good_text);
	struct signify_signature signature;
	char changed[sizeof(good_text)];

	(void)state;
	for (size_t i = second; i < strlen(good_text); i++)
		for (int byte = 0x80; byte <= 0xff; byte++) {
			memcpy(changed, good_text, sizeof(good_text));
			changed[i] = (char)byte;
			assert_non_null(parse(changed, strlen(good_text), &signature));
		}
}

static void a_nul_anywhere_is_refused(void **state)
{
	static const char in_comment[] = "untrusted comment: x\0y\n" LINE "\n";
	static const char behind[] = COMMENT LINE "\n";
	struct signify_signature signature;

	(void)state;
	assert_non_null(parse(in_comment, sizeof(in_comment) - 1, &signature));
	assert_non_null(parse(behind, sizeof(behind), &signature));
}

static void a_comment_is_limited_to_the_byte(void **state)
{
	char text[HEADING_LEN + SIGNIFY_COMMENT_MAX + sizeof(LINE) + 16];
	struct signify_signature signature;

	(void)state;
	for (int more = 0; more < 2; more++) {
		int len = snprintf(text, sizeof(text), "untrusted comment: %0*d\n%s\n",
				   SIGNIFY_COMMENT_MAX + more, 0, LINE);
		const char *reason = parse(text, (size_t)len, &signature);

		assert_int_equal(more, !!reason);
	}
}

/* Ed25519 has public keys for which a signature of everything can be made without a secret one. */
static void a_key_of_small_order_verifies_nothing(void **state)
{
	struct signify_key key = { .bytes = { 1 } };
	struct signify_signature signature = { .bytes = { 1 } };

	(void)state;
	assert_int_equal(SIGNIFY_WRONG, signify_verify(&signature, &key, message, strlen(message)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_known_signature_is_good),
		cmocka_unit_test(another_key_s_signature_is_not),
		cmocka_unit_test(a_wrong_key_number_is_another_key_even_if_the_key_is_the_same),
		cmocka_unit_test(each_bit_of_the_message_counts_and_its_length),
		cmocka_unit_test(a_file_cut_at_any_byte_is_refused_and_nothing_is_written),
		cmocka_unit_test(each_flipped_bit_of_a_signature_spoils_it),
		cmocka_unit_test(each_flipped_bit_of_a_key_spoils_it),
		cmocka_unit_test(what_is_not_quite_a_signature_is_refused_with_its_reason),
		cmocka_unit_test(a_byte_that_is_not_ascii_is_no_digit),
		cmocka_unit_test(a_nul_anywhere_is_refused),
		cmocka_unit_test(a_comment_is_limited_to_the_byte),
		cmocka_unit_test(a_key_of_small_order_verifies_nothing),
	};

	return cmocka_run_group_tests_name("signature", tests, NULL, NULL);
}
