// SPDX-License-Identifier: GPL-2.0-or-later
/* An unpacked kernel against any bytes: its segments, and above all kallsyms. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "host/check/kernel.h"

static struct kernel kernel;

/* A symbol is found by its name, at the position that its namesakes in front leave. */
static void check_symbol(const struct kallsyms_symbol *symbol, const char *name)
{
	struct kallsyms_symbol found;
	size_t position = 1;

	if (strlen(name) > SYMBOL_NAME_MAX || symbol->next <= symbol->address)
		abort();
	while (kallsyms_find(&kernel.kallsyms, name, position, &found) &&
	       found.index != symbol->index)
		position++;
	if (position > kallsyms_count(&kernel.kallsyms, name) ||
	    found.address != symbol->address || found.type != symbol->type)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char name[SYMBOL_NAME_MAX + 1];
	struct kallsyms_symbol symbol;
	uint64_t last = 0;

	if (!kernel_open_bytes(&kernel, data, size))
		return 0;
	for (size_t i = 0; kallsyms_at(&kernel.kallsyms, i, &symbol, name); i++) {
		if (symbol.address < last)
			abort();
		last = symbol.address;
		/* The last symbol may be at the end of all addresses. */
		if (symbol.address < UINT64_MAX)
			check_symbol(&symbol, name);
	}
	kernel_close(&kernel);
	return 0;
}
