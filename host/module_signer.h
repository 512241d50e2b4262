/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads whose signature a module says to carry. Verifies nothing: anyone can write any
 * name there.
 */
#ifndef MODULE_SIGNER_H
#define MODULE_SIGNER_H

#include <stdbool.h>
#include <stddef.h>

#include "common/bounds.h"

enum module_signer {
	MODULE_SIGNER_READ,
	MODULE_SIGNER_NONE,		/* there is no signature */
	MODULE_SIGNER_UNREADABLE,	/* it is damaged, or the name is over the limit */
};

/*
 * Reads the signature at the end of @module of @len bytes: PKCS#7, struct
 * module_signature and a line of text (linux/module_signature.h, written by
 * scripts/sign-file.c).
 *
 * Writes to @ret, of SIGNER_MAX + 1 bytes, the first signer's issuer: its common name,
 * else its organization. Where the signer is named by its subject key id, that is "key id
 * HEX". A byte that is not printable ASCII becomes '?'.
 */
enum module_signer module_signer_of(const void *module, size_t len, char *ret);

/* Who signed, as a signature names its signer. Of what is not there the length is 0. */
struct signer_id {
	const unsigned char *issuer, *serial, *key_id;
	size_t issuer_len, serial_len, key_id_len;
};

/*
 * Fills @ret, which points into @module, with the first signer's issuer (a Name in DER,
 * without its tag and length) and serial number, or with the subject key id.
 */
enum module_signer module_signer_id(const void *module, size_t len,
				    struct signer_id *ret);

/* Writes a name for @id to @ret, as module_signer_of does. False if it has none. */
bool signer_id_name(const struct signer_id *id, char *ret);

#endif
