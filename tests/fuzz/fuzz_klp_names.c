// SPDX-License-Identifier: GPL-2.0-or-later
/* The names of livepatch sections and symbols: what is taken is what the C library's own sscanf takes. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/check/klp_names.h"

static void compare_symbol(const char *name)
{
	struct klp_symbol_name found;
	char object[MODULE_NAME_MAX + 1], symbol[SYMBOL_NAME_MAX + 1], sign[2];
	unsigned long position;
	int count = sscanf(name, ".klp.sym.%55[^.].%511[^,],%lu", object, symbol, &position);
	const char *dot = count == 3 ? strchr(name + sizeof(".klp.sym.") - 1, '.') : NULL;
	const char *comma = dot ? strchr(dot, ',') : NULL;

	/* The kernel's takes no sign, and knows no "-1". */
	if (comma && sscanf(comma, ", %1[+-]", sign) == 1)
		count = 2;
	if (klp_symbol_name(name, &found) != (count == 3))
		abort();
	if (count == 3 && (strcmp(object, found.object) || strcmp(symbol, found.symbol)))
		abort();
}

static void compare_section(const char *name)
{
	struct klp_section_name found;
	char object[MODULE_NAME_MAX + 1];
	int count = sscanf(name, ".klp.rela.%55[^.]", object);

	if (klp_section_name(name, &found) != (count == 1) || (count == 1 && strcmp(object, found.object)))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *name = malloc(size + 1);

	memcpy(name, data, size);
	name[size] = '\0';
	compare_symbol(name);
	compare_section(name);
	free(name);
	return 0;
}
