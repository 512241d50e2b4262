/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads whose signature a module says to carry. Verifies nothing: anyone can write any
 * name there.
 */
#ifndef MODULE_SIGNER_H
#define MODULE_SIGNER_H

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

#endif
