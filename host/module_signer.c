// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/module_signer.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "common/text.h"
#include "host/der.h"

static const char magic[] = "~Module signature appended~\n";

/* From linux/module_signature.h, which is not among the headers for programs. */
struct module_signature {
	uint8_t algo, hash, id_type, signer_len, key_id_len, pad[3];
	uint8_t sig_len[4];	/* big endian */
};

#define PKEY_ID_PKCS7 2

/* Of the attributes of a name, ITU-T X.520. */
static const unsigned char common_name[] = { 0x55, 4, 3 };	/* 2.5.4.3 */
static const unsigned char organization_name[] = { 0x55, 4, 10 };

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

static bool copy_key_id(const struct signer_id *id, char *ret)
{
	static const char prefix[] = "key id ";

	if (!id->key_id_len || id->key_id_len > (SIGNER_MAX + 1 - sizeof(prefix)) / 2)
		return false;
	memcpy(ret, prefix, sizeof(prefix));
	text_to_hex(id->key_id, id->key_id_len, ret + sizeof(prefix) - 1);
	return true;
}

bool signer_id_name(const struct signer_id *id, char *ret)
{
	const struct der issuer = { id->issuer, id->issuer_len };
	struct der name;

	if (!issuer.len)
		return copy_key_id(id, ret);
	if (!find_attribute(issuer, common_name, &name) &&
	    !find_attribute(issuer, organization_name, &name))
		return false;
	return copy_signer_name(name, ret);
}

static bool read_signer_id(struct der message, struct signer_id *ret)
{
	struct der signer, both, issuer, serial = { 0 }, key_id;

	if (!find_signer_info(message, &signer))
		return false;
	if (der_enter(&signer, DER_PRIMITIVE(0), &key_id)) {
		*ret = (struct signer_id){ .key_id = key_id.bytes,
					   .key_id_len = key_id.len };
		return key_id.len;
	}
	if (!der_enter(&signer, DER_SEQUENCE, &both) ||
	    !der_enter(&both, DER_SEQUENCE, &issuer))
		return false;
	der_enter(&both, DER_INTEGER, &serial);
	*ret = (struct signer_id){ .issuer = issuer.bytes, .issuer_len = issuer.len,
				   .serial = serial.bytes, .serial_len = serial.len };
	return issuer.len;
}

enum module_signer module_signer_id(const void *module, size_t len, struct signer_id *ret)
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
	    !read_signer_id((struct der){ end + len - message_len, message_len }, ret))
		return MODULE_SIGNER_UNREADABLE;
	return MODULE_SIGNER_READ;
}

enum module_signer module_signer_of(const void *module, size_t len, char *ret)
{
	struct signer_id id;
	enum module_signer result = module_signer_id(module, len, &id);

	if (!result && !signer_id_name(&id, ret))
		return MODULE_SIGNER_UNREADABLE;
	return result;
}
