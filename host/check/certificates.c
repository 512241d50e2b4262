// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/check/certificates.h"

#include <string.h>

#include "host/check/bytes.h"
#include "host/der.h"

static const unsigned char subject_key_id[] = { 0x55, 0x1d, 14 };	/* 2.5.29.14 */

/* Finds the subject key id in @extensions, RFC 5280, 4.2.1.2. An old key has none. */
static void read_key_id(struct der extensions, struct signer_id *ret)
{
	struct der extension, type, value, id;

	while (der_enter(&extensions, DER_SEQUENCE, &extension)) {
		if (!der_enter(&extension, DER_OID, &type) ||
		    type.len != sizeof(subject_key_id) ||
		    memcmp(type.bytes, subject_key_id, type.len))
			continue;
		der_skip(&extension, DER_BOOLEAN);	/* critical */
		if (der_enter(&extension, DER_OCTETS, &value) &&
		    der_enter(&value, DER_OCTETS, &id)) {
			ret->key_id = id.bytes;
			ret->key_id_len = id.len;
		}
		return;
	}
}

/* TBSCertificate of RFC 5280, 4.1. */
static bool read_id(struct der certificate, struct signer_id *ret)
{
	struct der body, serial, issuer, extensions;

	if (!der_enter(&certificate, DER_SEQUENCE, &body))
		return false;
	der_skip(&body, DER_CONTEXT(0));	/* version */
	if (!der_enter(&body, DER_INTEGER, &serial) || !der_skip(&body, DER_SEQUENCE) ||
	    !der_enter(&body, DER_SEQUENCE, &issuer))
		return false;
	*ret = (struct signer_id){ .issuer = issuer.bytes, .issuer_len = issuer.len,
				   .serial = serial.bytes, .serial_len = serial.len };
	/* validity, subject, subjectPublicKeyInfo */
	for (int i = 0; i < 3; i++)
		if (!der_skip(&body, DER_SEQUENCE))
			return false;
	der_skip(&body, DER_PRIMITIVE(1));
	der_skip(&body, DER_PRIMITIVE(2));
	if (der_enter(&body, DER_CONTEXT(3), &body) &&
	    der_enter(&body, DER_SEQUENCE, &extensions))
		read_key_id(extensions, ret);
	return true;
}

static bool read_list(struct der list, struct certificates *ret)
{
	struct der certificate;

	while (list.len) {
		struct certificate *entry = &ret->list[ret->count];

		if (ret->count == CERTIFICATES_MAX ||
		    !der_enter(&list, DER_SEQUENCE, &certificate) ||
		    !read_id(certificate, &entry->id))
			return false;
		if (!signer_id_name(&entry->id, entry->issuer))
			*entry->issuer = '\0';
		ret->count++;
	}
	return true;
}

void certificates_read(struct certificates *ret, const void *list, size_t len)
{
	ret->count = 0;
	ret->are_read = read_list((struct der){ list, len }, ret) ? ANSWER_YES :
								    ANSWER_UNKNOWN;
	if (ret->are_read != ANSWER_YES)
		ret->count = 0;
}

void certificates_open(struct certificates *ret, const struct kernel_memory *memory,
		       const struct kallsyms *kallsyms)
{
	struct kallsyms_symbol list, size;
	const void *bytes, *len;

	ret->are_read = ANSWER_UNKNOWN;
	ret->count = 0;
	if (!kallsyms_find_only(kallsyms, "system_certificate_list", &list) ||
	    !kallsyms_find_only(kallsyms, "system_certificate_list_size", &size))
		return;
	len = kernel_memory_at(memory, size.address, sizeof(uint64_t));
	bytes = len ? kernel_memory_at(memory, list.address, bytes_u64(len)) : NULL;
	if (bytes)
		certificates_read(ret, bytes, bytes_u64(len));
}

static bool is_equal(const unsigned char *a, size_t a_len, const unsigned char *b,
		    size_t b_len)
{
	return a_len && a_len == b_len && !memcmp(a, b, a_len);
}

static bool is_same_signer(const struct signer_id *a, const struct signer_id *b)
{
	return is_equal(a->key_id, a->key_id_len, b->key_id, b->key_id_len) ||
	       (is_equal(a->issuer, a->issuer_len, b->issuer, b->issuer_len) &&
		is_equal(a->serial, a->serial_len, b->serial, b->serial_len));
}

enum answer certificates_have(const struct certificates *certificates,
			      const struct signer_id *id)
{
	if (certificates->are_read != ANSWER_YES)
		return ANSWER_UNKNOWN;
	for (size_t i = 0; i < certificates->count; i++)
		if (is_same_signer(&certificates->list[i].id, id))
			return ANSWER_YES;
	return ANSWER_NO;
}
