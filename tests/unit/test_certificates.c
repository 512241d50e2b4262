// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>

#include "unit.h"
#include "host/check/certificates.h"
#include "host/der.h"

static unsigned char list[1024];
static size_t list_len;
static struct certificates certificates;

/* Appends an element to @to of *@len bytes. */
static void element(unsigned char *to, size_t *len, unsigned char tag, const void *value, size_t value_len)
{
	to[(*len)++] = tag;
	to[(*len)++] = (unsigned char)value_len;
	memcpy(to + *len, value, value_len);
	*len += value_len;
}

/* Puts all of @bytes into one element of @tag. */
static void wrap(unsigned char *bytes, size_t *len, unsigned char tag)
{
	unsigned char copy[512];
	size_t copy_len = *len;

	memcpy(copy, bytes, copy_len);
	*len = 0;
	element(bytes, len, tag, copy, copy_len);
}

/* A Name of one common name, as it stands in a certificate and in a signature. */
static size_t make_issuer(unsigned char *to, const char *name)
{
	static const unsigned char common_name[] = { 0x55, 4, 3 };
	size_t len = 0;

	element(to, &len, DER_OID, common_name, sizeof(common_name));
	element(to, &len, 0x0c, name, strlen(name));
	wrap(to, &len, DER_SEQUENCE);
	wrap(to, &len, DER_SET);
	return len;
}

static size_t make_extensions(unsigned char *to, const char *key_id)
{
	static const unsigned char usage[] = { 0x55, 0x1d, 15 }, subject_key_id[] = { 0x55, 0x1d, 14 };
	unsigned char octets[64];
	size_t len = 0, octets_len = 0;

	element(to, &len, DER_OID, usage, sizeof(usage));
	element(to, &len, DER_OCTETS, "\3\2\7", 3);
	wrap(to, &len, DER_SEQUENCE);
	if (key_id) {
		unsigned char extension[64];
		size_t extension_len = 0;

		element(octets, &octets_len, DER_OCTETS, key_id, strlen(key_id));
		element(extension, &extension_len, DER_OID, subject_key_id, sizeof(subject_key_id));
		element(extension, &extension_len, DER_BOOLEAN, "", 1);
		element(extension, &extension_len, DER_OCTETS, octets, octets_len);
		element(to, &len, DER_SEQUENCE, extension, extension_len);
	}
	wrap(to, &len, DER_SEQUENCE);
	return len;
}

/* Appends a certificate to the list. */
static void add_certificate(const char *name, const char *serial, const char *key_id)
{
	unsigned char body[256], part[128];
	size_t len = 0;

	element(body, &len, DER_CONTEXT(0), "\2\1\2", 3);
	element(body, &len, DER_INTEGER, serial, strlen(serial));
	element(body, &len, DER_SEQUENCE, "", 0);
	element(body, &len, DER_SEQUENCE, part, make_issuer(part, name));
	for (int i = 0; i < 3; i++)
		element(body, &len, DER_SEQUENCE, "", 0);
	element(body, &len, DER_PRIMITIVE(1), "u", 1);
	element(body, &len, DER_CONTEXT(3), part, make_extensions(part, key_id));
	wrap(body, &len, DER_SEQUENCE);
	element(body, &len, DER_SEQUENCE, "", 0);
	element(body, &len, 0x03, "", 1);
	element(list, &list_len, DER_SEQUENCE, body, len);
}

static void read_list(void)
{
	memset(&certificates, 0x5a, sizeof(certificates));
	certificates_read(&certificates, list, list_len);
}

static void make_two(void)
{
	list_len = 0;
	add_certificate("first", "1234", NULL);
	add_certificate("second", "5678", "identifier");
	read_list();
}

static void issuer_serial_number_and_key_id_are_read(void **state)
{
	(void)state;
	make_two();
	assert_int_equal(certificates.are_read, ANSWER_YES);
	assert_int_equal(certificates.count, 2);
	assert_string_equal(certificates.list[0].issuer, "first");
	assert_int_equal(certificates.list[0].id.serial_len, 4);
	assert_memory_equal(certificates.list[0].id.serial, "1234", 4);
	assert_int_equal(certificates.list[0].id.key_id_len, 0);
	assert_string_equal(certificates.list[1].issuer, "second");
	assert_int_equal(certificates.list[1].id.key_id_len, 10);
	assert_memory_equal(certificates.list[1].id.key_id, "identifier", 10);
}

static enum answer have_signed(const char *name, const char *serial)
{
	unsigned char issuer[64];
	size_t len = make_issuer(issuer, name);

	return certificates_have(&certificates, &(struct signer_id){
		.issuer = issuer, .issuer_len = len,
		.serial = (const unsigned char *)serial, .serial_len = strlen(serial) });
}

static enum answer have_key(const char *key_id)
{
	return certificates_have(&certificates, &(struct signer_id){
		.key_id = (const unsigned char *)key_id, .key_id_len = strlen(key_id) });
}

static void a_signer_is_known_by_issuer_and_serial_number_or_by_key_id(void **state)
{
	(void)state;
	make_two();
	assert_int_equal(have_signed("first", "1234"), ANSWER_YES);
	assert_int_equal(have_signed("second", "5678"), ANSWER_YES);
	assert_int_equal(have_signed("second", "1234"), ANSWER_NO);
	assert_int_equal(have_signed("first", "123"), ANSWER_NO);
	assert_int_equal(have_signed("third", "1234"), ANSWER_NO);
	assert_int_equal(have_signed("first", ""), ANSWER_NO);
	assert_int_equal(have_key("identifier"), ANSWER_YES);
	assert_int_equal(have_key("another"), ANSWER_NO);
	assert_int_equal(have_key(""), ANSWER_NO);
}

static void no_certificate_is_another_thing_than_none_that_can_be_read(void **state)
{
	(void)state;
	list_len = 0;
	read_list();
	assert_int_equal(certificates.are_read, ANSWER_YES);
	assert_int_equal(have_key("identifier"), ANSWER_NO);
	make_two();
	list_len--;
	read_list();
	assert_int_equal(certificates.are_read, ANSWER_UNKNOWN);
	assert_int_equal(certificates.count, 0);
	assert_int_equal(have_key("identifier"), ANSWER_UNKNOWN);
}

static void more_certificates_than_the_limit_are_unknown(void **state)
{
	static const unsigned char least[] = {
		0x30, 15, 0x30, 13, 2, 1, 7, 0x30, 0, 0x30, 0, 0x30, 0, 0x30, 0, 0x30, 0,
	};
	static unsigned char many[(CERTIFICATES_MAX + 1) * sizeof(least)];

	(void)state;
	for (size_t i = 0; i <= CERTIFICATES_MAX; i++)
		memcpy(many + i * sizeof(least), least, sizeof(least));
	certificates_read(&certificates, many, CERTIFICATES_MAX * sizeof(least));
	assert_int_equal(certificates.count, CERTIFICATES_MAX);
	certificates_read(&certificates, many, sizeof(many));
	assert_int_equal(certificates.are_read, ANSWER_UNKNOWN);
}

static void no_damaged_byte_of_a_list_leads_astray(void **state)
{
	(void)state;
	make_two();
	for (size_t i = 0; i < list_len; i++)
		for (int bit = 0; bit < 8; bit++) {
			unsigned char *copy = malloc(list_len);

			memcpy(copy, list, list_len);
			copy[i] ^= (unsigned char)(1 << bit);
			certificates_read(&certificates, copy, list_len);
			have_key("identifier");
			free(copy);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(issuer_serial_number_and_key_id_are_read),
		cmocka_unit_test(a_signer_is_known_by_issuer_and_serial_number_or_by_key_id),
		cmocka_unit_test(no_certificate_is_another_thing_than_none_that_can_be_read),
		cmocka_unit_test(more_certificates_than_the_limit_are_unknown),
		cmocka_unit_test(no_damaged_byte_of_a_list_leads_astray),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
