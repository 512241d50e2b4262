// SPDX-License-Identifier: GPL-2.0-or-later
/* The tables of a module file against any bytes. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "host/klp_objects.h"

static struct klp_objects objects;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *begin = (const char *)data, *end = begin + size;

	klp_replace_of_module(data, size);
	if (!klp_objects_of_module(data, size, &objects))
		return 0;
	/* What is found is not nothing, and a function's name always lies in the file. */
	if (!objects.count || objects.count > FUNCTIONS_MAX)
		abort();
	for (size_t i = 0; i < objects.count; i++) {
		const char *function = objects.list[i].function;

		if (function < begin || function + strlen(function) >= end || !*function ||
		    !*objects.list[i].object)
			abort();
	}
	return 0;
}
