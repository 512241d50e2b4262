/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The X.509 certificates that are built into a kernel, by which it knows signers of
 * modules. Verifies nothing. Source: certs/system_keyring.c.
 */
#ifndef CERTIFICATES_H
#define CERTIFICATES_H

#include <stddef.h>

#include "common/bounds.h"
#include "host/check/answer.h"
#include "host/check/kallsyms.h"
#include "host/module_signer.h"

struct certificates {
	enum answer are_read;	/* never ANSWER_NO; may be read and none */
	size_t count;
	struct certificate {
		struct signer_id id;		/* all of it that the certificate has */
		char issuer[SIGNER_MAX + 1];	/* as module_signer_of has it, or "" */
	} list[CERTIFICATES_MAX];
};

/*
 * Reads the kernel's list, found by its symbols in @kallsyms. @memory must stay. One that
 * is damaged, or has more than CERTIFICATES_MAX, is not read.
 */
void certificates_open(struct certificates *ret, const struct kernel_memory *memory,
		       const struct kallsyms *kallsyms);

/* The same for a list of @len bytes that a caller has. */
void certificates_read(struct certificates *ret, const void *list, size_t len);

/*
 * Whether one of them is that of the signer @id: the same issuer and serial number, or
 * the same key id, as pkcs7_validate_trust_one() and asymmetric_key_id_same() compare.
 * ANSWER_NO does not mean that the kernel refuses: at run time the firmware's db and MOK
 * count, too.
 */
enum answer certificates_have(const struct certificates *certificates,
			      const struct signer_id *id);

#endif
