// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/module_signer.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "common/text.h"

static const char magic[] = "~Module signature appended~\n";

/* From linux/module_signature.h, which is not among the headers for programs. */
struct module_signature {
	uint8_t algo, hash, id_type, signer_len, key_id_len, pad[3];
	uint8_t sig_len[4];	/* big endian */
};

#define PKEY_ID_PKCS7 2

/* The tags of DER, ITU-T X.690, that a PKCS#7 message (RFC 2315, RFC 5652) has here. */
#define DER_INTEGER	0x02
#define DER_OID		0x06
#define DER_SEQUENCE	0x30
#define DER_SET		0x31
#define DER_KEY_ID	0x80	/* [0] of SignerInfo, primitive */
#define DER_CONTEXT(n)	(0xa0 + (n))

static const unsigned char common_name[] = { 0x55, 4, 3 };	/* 2.5.4.3 */
static const unsigned char organization_name[] = { 0x55, 4, 10 };

struct der {
	const unsigned char *bytes;
	size_t len;
};

/* Cuts the next element off @in. False if @in is at its end, or damaged. */
static bool der_next(struct der *in, unsigned char *ret_tag, struct der *ret)
{
	size_t header = 2, len;

	if (in->len < header)
		return false;
	len = in->bytes[1];
	if (len & 0x80) {
		size_t digits = len & 0x7f;

		/* No digits is BER's indefinite length, which DER does not have. */
		if (!digits || digits > 4 || in->len - header < digits)
			return false;
		for (len = 0; digits > 0; digits--)
			len = len << 8 | in->bytes[header++];
	}
	if (len > in->len - header)
		return false;
	*ret_tag = in->bytes[0];
	*ret = (struct der){ in->bytes + header, len };
	in->bytes += header + len;
	in->len -= header + len;
	return true;
}

/* Cuts the next element off @in if it has @tag. Otherwise @in stays as it is. */
static bool der_enter(struct der *in, unsigned char tag, struct der *ret)
{
	struct der rest = *in, found;
	unsigned char found_tag;

	if (!der_next(&rest, &found_tag, &found) || found_tag != tag)
		return false;
	*in = rest;
	*ret = found;
	return true;
}

static bool der_skip(struct der *in, unsigned char tag)
{
	struct der skipped;

	return der_enter(in, tag, &skipped);
}

/* Finds in @name, a row of sets of one attribute or more, the value of attribute @oid. */
static bool find_attribute(struct der name, const unsigned char oid[3], struct der *ret)
{
	struct der set, pair, type;
	unsigned char tag;

	while (der_enter(&name, DER_SET, &set))
		while (der_enter(&set, DER_SEQUENCE, &pair))
			if (der_enter(&pair, DER_OID, &type) && type.len == 3 &&
			    !memcmp(type.bytes, oid, 3) && der_next(&pair, &tag, ret))
				return true;
	return false;
}

/* Goes from ContentInfo into SignedData. */
static bool find_signed_data(struct der message, struct der *ret)
{
	struct der info, content;

	if (!der_enter(&message, DER_SEQUENCE, &info) || !der_skip(&info, DER_OID))
		return false;
	return der_enter(&info, DER_CONTEXT(0), &content) &&
	       der_enter(&content, DER_SEQUENCE, ret);
}

/* Goes to the first SignerInfo, behind its version. */
static bool find_signer_info(struct der message, struct der *ret)
{
	struct der data, infos;

	if (!find_signed_data(message, &data))
		return false;
	/* version, digestAlgorithms, contentInfo */
	if (!der_skip(&data, DER_INTEGER) || !der_skip(&data, DER_SET) ||
	    !der_skip(&data, DER_SEQUENCE))
		return false;
	der_skip(&data, DER_CONTEXT(0));	/* certificates, if any */
	der_skip(&data, DER_CONTEXT(1));	/* revocation lists */
	return der_enter(&data, DER_SET, &infos) &&
	       der_enter(&infos, DER_SEQUENCE, ret) && der_skip(ret, DER_INTEGER);
}

static bool copy_signer_name(struct der name, char *ret)
{
	if (!name.len || name.len > SIGNER_MAX)
		return false;
	for (size_t i = 0; i < name.len; i++) {
		unsigned char c = name.bytes[i];

		ret[i] = c >= ' ' && c <= '~' ? (char)c : '?';
	}
	ret[name.len] = '\0';
	return true;
}

static bool copy_key_id(struct der id, char *ret)
{
	static const char prefix[] = "key id ";

	if (!id.len || id.len > (SIGNER_MAX + 1 - sizeof(prefix)) / 2)
		return false;
	memcpy(ret, prefix, sizeof(prefix));
	text_to_hex(id.bytes, id.len, ret + sizeof(prefix) - 1);
	return true;
}

static bool read_signer(struct der message, char *ret)
{
	struct der signer, issuer, name;

	if (!find_signer_info(message, &signer))
		return false;
	if (der_enter(&signer, DER_KEY_ID, &name))
		return copy_key_id(name, ret);
	if (!der_enter(&signer, DER_SEQUENCE, &issuer) ||
	    !der_enter(&issuer, DER_SEQUENCE, &issuer))
		return false;
	if (!find_attribute(issuer, common_name, &name) &&
	    !find_attribute(issuer, organization_name, &name))
		return false;
	return copy_signer_name(name, ret);
}

enum module_signer module_signer_of(const void *module, size_t len, char *ret)
{
	struct module_signature signature;
	const unsigned char *end = module;
	size_t message_len = 0;

	if (len < sizeof(magic) - 1)
		return MODULE_SIGNER_NONE;
	len -= sizeof(magic) - 1;
	if (memcmp(end + len, magic, sizeof(magic) - 1))
		return MODULE_SIGNER_NONE;
	if (len < sizeof(signature))
		return MODULE_SIGNER_UNREADABLE;
	len -= sizeof(signature);
	memcpy(&signature, end + len, sizeof(signature));
	for (int i = 0; i < 4; i++)
		message_len = message_len << 8 | signature.sig_len[i];
	if (signature.id_type != PKEY_ID_PKCS7 || message_len > len ||
	    !read_signer((struct der){ end + len - message_len, message_len }, ret))
		return MODULE_SIGNER_UNREADABLE;
	return MODULE_SIGNER_READ;
}
