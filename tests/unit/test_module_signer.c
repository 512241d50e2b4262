// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit.h"
#include "host/module_signer.h"

static const char magic[] = "~Module signature appended~\n";

/* A module under construction, written from its end to its begin, as DER is easiest made. */
static unsigned char bytes[4096];
static size_t begin;

static void put(const void *p, size_t len)
{
	begin -= len;
	memcpy(bytes + begin, p, len);
}

#define PUT(...) put((const unsigned char[]){ __VA_ARGS__ }, sizeof((const unsigned char[]){ __VA_ARGS__ }))

/* Wraps what was put since @end into an element, with a length of two digits. */
static void wrap(unsigned char tag, size_t end)
{
	size_t len = end - begin;

	PUT(tag, 0x82, (unsigned char)(len >> 8), (unsigned char)len);
}

static size_t message_end(void)
{
	return sizeof(bytes) - 12 - (sizeof(magic) - 1);
}

static void put_attribute(unsigned char type, const char *value)
{
	size_t end = begin;

	put(value, strlen(value));
	wrap(0x0c, end);
	PUT(0x06, 3, 0x55, 4, type);
	wrap(0x30, end);
	wrap(0x31, end);
}

/* An organization and a common name, each unless NULL, behind a country. */
static void put_issuer(const char *organization, const char *name)
{
	size_t end = begin;

	PUT(0x02, 1, 42);		/* the serial number */
	size_t name_end = begin;
	if (name)
		put_attribute(3, name);
	if (organization)
		put_attribute(10, organization);
	put_attribute(6, "XX");
	wrap(0x30, name_end);
	wrap(0x30, end);
}

static void start(void)
{
	memset(bytes, 0xaa, sizeof(bytes));
	begin = message_end();
	PUT(0x04, 2, 1, 2);		/* the signature proper */
}

/* Everything around the signer that was put; @certificates: with the optional parts. */
static void finish(int certificates)
{
	size_t end = message_end();
	unsigned char trailer[12] = { [2] = 2 };

	PUT(0x02, 1, 1);
	wrap(0x30, end);
	wrap(0x31, end);
	if (certificates)
		PUT(0xa0, 2, 5, 0, 0xa1, 0);
	PUT(0x30, 0);
	PUT(0x31, 0);
	PUT(0x02, 1, 1);
	wrap(0x30, end);
	wrap(0xa0, end);
	PUT(0x06, 1, 42);
	wrap(0x30, end);
	trailer[10] = (unsigned char)((end - begin) >> 8);
	trailer[11] = (unsigned char)(end - begin);
	memcpy(bytes + end, trailer, sizeof(trailer));
	memcpy(bytes + end + sizeof(trailer), magic, sizeof(magic) - 1);
	PUT('E', 'L', 'F');
}

/* In memory of its very size, so that a byte read beside it is seen. */
static enum module_signer signer_of(const unsigned char *p, size_t len, char *ret)
{
	unsigned char *copy = malloc(len ? len : 1);
	enum module_signer result;

	memcpy(copy, p, len);
	memset(ret, 'x', SIGNER_MAX + 1);
	result = module_signer_of(copy, len, ret);
	free(copy);
	return result;
}

static enum module_signer signer(char *ret)
{
	return signer_of(bytes + begin, sizeof(bytes) - begin, ret);
}

static void the_common_name_is_the_signer(void **state)
{
	char name[SIGNER_MAX + 1];

	(void)state;
	for (int certificates = 0; certificates < 2; certificates++) {
		start();
		put_issuer("An Organization", "A Signer, Ltd");
		finish(certificates);
		assert_int_equal(MODULE_SIGNER_READ, signer(name));
		assert_string_equal(name, "A Signer, Ltd");
	}
}

static void without_a_common_name_it_is_the_organization(void **state)
{
	char name[SIGNER_MAX + 1];

	(void)state;
	start();
	put_issuer("An Organization", NULL);
	finish(1);
	assert_int_equal(MODULE_SIGNER_READ, signer(name));
	assert_string_equal(name, "An Organization");
	start();
	put_issuer(NULL, NULL);
	finish(1);
	assert_int_equal(MODULE_SIGNER_UNREADABLE, signer(name));
}

static void a_key_id_is_told_in_hex(void **state)
{
	char name[SIGNER_MAX + 1];

	(void)state;
	start();
	PUT(0x80, 3, 0xde, 0xad, 0x01);
	finish(0);
	assert_int_equal(MODULE_SIGNER_READ, signer(name));
	assert_string_equal(name, "key id dead01");
	/* A length of four digits that would have to be read behind the message. */
	start();
	begin = message_end();
	PUT(0x80, 0x84);
	finish(0);
	assert_int_equal(MODULE_SIGNER_UNREADABLE, signer(name));
	start();
	PUT(0x80, 0);
	finish(0);
	assert_int_equal(MODULE_SIGNER_UNREADABLE, signer(name));
}

static enum module_signer signer_id(struct signer_id *ret)
{
	memset(ret, 0xaa, sizeof(*ret));
	return module_signer_id(bytes + begin, sizeof(bytes) - begin, ret);
}

static void issuer_and_serial_number_or_else_the_key_id_are_told_as_they_stand(void **state)
{
	static const unsigned char country[] = { 0x31, 0x82, 0, 15, 0x30, 0x82 };
	struct signer_id id;

	(void)state;
	start();
	put_issuer(NULL, "a signer");
	finish(1);
	assert_int_equal(signer_id(&id), MODULE_SIGNER_READ);
	assert_int_equal(id.serial_len, 1);
	assert_int_equal(id.serial[0], 42);
	assert_int_equal(id.key_id_len, 0);
	assert_memory_equal(id.issuer, country, sizeof(country));
	assert_memory_equal(id.issuer + id.issuer_len - 8, "a signer", 8);
	start();
	PUT(0x80, 3, 7, 8, 9);
	finish(0);
	assert_int_equal(signer_id(&id), MODULE_SIGNER_READ);
	assert_int_equal(id.issuer_len, 0);
	assert_int_equal(id.serial_len, 0);
	assert_int_equal(id.key_id_len, 3);
	assert_memory_equal(id.key_id, "\7\10\11", 3);
}

static void bytes_that_a_terminal_would_obey_become_question_marks(void **state)
{
	char name[SIGNER_MAX + 1];

	(void)state;
	start();
	put_issuer(NULL, "a\x1b[2J\n\x7f\xc3\xbc~ b");
	finish(0);
	assert_int_equal(MODULE_SIGNER_READ, signer(name));
	assert_string_equal(name, "a?[2J????~ b");
}

static void a_name_over_the_limit_is_an_error_and_not_cut(void **state)
{
	char longest[SIGNER_MAX + 2], name[SIGNER_MAX + 1];
	unsigned char id[SIGNER_MAX / 2];

	(void)state;
	memset(longest, 'n', sizeof(longest));
	longest[SIGNER_MAX] = '\0';
	start();
	put_issuer(NULL, longest);
	finish(0);
	assert_int_equal(MODULE_SIGNER_READ, signer(name));
	assert_string_equal(name, longest);
	longest[SIGNER_MAX] = 'n';
	longest[SIGNER_MAX + 1] = '\0';
	start();
	put_issuer(NULL, longest);
	finish(0);
	assert_int_equal(MODULE_SIGNER_UNREADABLE, signer(name));
	for (size_t len = (SIGNER_MAX - 7) / 2; len <= SIGNER_MAX / 2; len++) {
		start();
		size_t end = begin;
		memset(id, 0xee, sizeof(id));
		put(id, len);
		wrap(0x80, end);
		finish(0);
		assert_int_equal(len > (SIGNER_MAX - 7) / 2 ? MODULE_SIGNER_UNREADABLE : MODULE_SIGNER_READ, signer(name));
	}
}

static void a_module_without_the_last_line_is_not_signed(void **state)
{
	char name[SIGNER_MAX + 1];

	(void)state;
	assert_int_equal(MODULE_SIGNER_NONE, signer_of((const unsigned char *)"", 0, name));
	assert_int_equal(MODULE_SIGNER_NONE, signer_of((const unsigned char *)"ELF", 3, name));
	start();
	put_issuer(NULL, "A Signer");
	finish(0);
	bytes[sizeof(bytes) - 1] = ' ';
	assert_int_equal(MODULE_SIGNER_NONE, signer(name));
}

static void other_kinds_of_signature_and_wrong_lengths_are_damage(void **state)
{
	char name[SIGNER_MAX + 1];
	unsigned char *trailer = bytes + message_end();

	(void)state;
	start();
	put_issuer(NULL, "A Signer");
	finish(0);
	trailer[2] = 1;
	assert_int_equal(MODULE_SIGNER_UNREADABLE, signer(name));
	trailer[2] = 2;
	assert_int_equal(MODULE_SIGNER_READ, signer(name));
	trailer[8] = 0xff;
	assert_int_equal(MODULE_SIGNER_UNREADABLE, signer(name));
	memset(trailer + 8, 0xff, 4);
	assert_int_equal(MODULE_SIGNER_UNREADABLE, signer(name));
	memset(trailer + 8, 0, 4);
	assert_int_equal(MODULE_SIGNER_UNREADABLE, signer(name));
}

/* Cut from its begin, the message gets shorter and shorter than it says. */
static void a_cut_signature_is_damage_wherever_it_is_cut(void **state)
{
	size_t len;
	char name[SIGNER_MAX + 1];

	(void)state;
	start();
	put_issuer("An Organization", "A Signer");
	finish(1);
	begin += 3;
	for (size_t first = begin + 1; first < sizeof(bytes) - sizeof(magic); first++)
		assert_int_equal(MODULE_SIGNER_UNREADABLE, signer_of(bytes + first, sizeof(bytes) - first, name));
	/* Cut from its end, with a length that says so. */
	len = message_end() - begin;
	for (size_t cut = 0; cut < len; cut++) {
		unsigned char copy[sizeof(bytes)];
		size_t trailer = len - cut;

		memcpy(copy, bytes + begin, trailer);
		memcpy(copy + trailer, bytes + message_end(), sizeof(bytes) - message_end());
		copy[trailer + 10] = (unsigned char)(trailer >> 8);
		copy[trailer + 11] = (unsigned char)trailer;
		assert_int_equal(cut ? MODULE_SIGNER_UNREADABLE : MODULE_SIGNER_READ,
				 signer_of(copy, trailer + sizeof(bytes) - message_end(), name));
	}
}

static void no_damaged_byte_leads_astray(void **state)
{
	static const unsigned char values[] = { 0, 1, 0x30, 0x7f, 0x80, 0x84, 0x88, 0xff };
	char name[SIGNER_MAX + 1];

	(void)state;
	start();
	put_issuer("An Organization", "A Signer");
	finish(1);
	for (size_t i = begin; i < sizeof(bytes); i++)
		for (size_t k = 0; k < ARRAY_SIZE(values); k++) {
			unsigned char before = bytes[i];

			bytes[i] = values[k];
			if (signer(name) == MODULE_SIGNER_READ)
				assert_true(*name && strlen(name) <= SIGNER_MAX);
			bytes[i] = before;
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_common_name_is_the_signer),
		cmocka_unit_test(without_a_common_name_it_is_the_organization),
		cmocka_unit_test(a_key_id_is_told_in_hex),
		cmocka_unit_test(issuer_and_serial_number_or_else_the_key_id_are_told_as_they_stand),
		cmocka_unit_test(bytes_that_a_terminal_would_obey_become_question_marks),
		cmocka_unit_test(a_name_over_the_limit_is_an_error_and_not_cut),
		cmocka_unit_test(a_module_without_the_last_line_is_not_signed),
		cmocka_unit_test(other_kinds_of_signature_and_wrong_lengths_are_damage),
		cmocka_unit_test(a_cut_signature_is_damage_wherever_it_is_cut),
		cmocka_unit_test(no_damaged_byte_leads_astray),
	};

	return cmocka_run_group_tests_name("signer", tests, NULL, NULL);
}
