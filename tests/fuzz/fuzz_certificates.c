// SPDX-License-Identifier: GPL-2.0-or-later
/* A list of X.509 certificates against any bytes. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "host/check/certificates.h"

static struct certificates certificates;

static void check_part(const uint8_t *data, size_t size, const unsigned char *part, size_t len)
{
	if (len && (part < data || len > size || part > data + size - len))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	certificates_read(&certificates, data, size);
	if (certificates.count > CERTIFICATES_MAX)
		abort();
	for (size_t i = 0; i < certificates.count; i++) {
		const struct signer_id *id = &certificates.list[i].id;

		check_part(data, size, id->issuer, id->issuer_len);
		check_part(data, size, id->serial, id->serial_len);
		check_part(data, size, id->key_id, id->key_id_len);
		if ((id->key_id_len || (id->issuer_len && id->serial_len)) &&
		    certificates_have(&certificates, id) != ANSWER_YES)
			abort();
		if (strlen(certificates.list[i].issuer) > SIGNER_MAX)
			abort();
	}
	return 0;
}
