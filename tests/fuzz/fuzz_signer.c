// SPDX-License-Identifier: GPL-2.0-or-later
/* The signature's parser against any bytes: as a whole file, and as the message in a good one. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "host/module_signer.h"

static const char magic[] = "~Module signature appended~\n";

static void check(const uint8_t *module, size_t size)
{
	char *signer = malloc(SIGNER_MAX + 1);

	memset(signer, 0, SIGNER_MAX + 1);
	if (module_signer_of(module, size, signer) == MODULE_SIGNER_READ) {
		if (!*signer)
			abort();
		for (const char *c = signer; *c; c++)
			if (*c < ' ' || *c > '~')
				abort();
	}
	free(signer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t trailer = 12 + sizeof(magic) - 1;
	uint8_t *module = malloc(size + trailer);

	check(data, size);
	memcpy(module, data, size);
	memset(module + size, 0, 12);
	module[size + 2] = 2;
	module[size + 10] = (uint8_t)(size >> 8);
	module[size + 11] = (uint8_t)size;
	memcpy(module + size + 12, magic, sizeof(magic) - 1);
	check(module, size + trailer);
	free(module);
	return 0;
}
