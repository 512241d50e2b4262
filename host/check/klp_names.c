// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/check/klp_names.h"

#include <stdlib.h>
#include <string.h>

static const char section_prefix[] = ".klp.rela.";
static const char symbol_prefix[] = ".klp.sym.";

/*
 * Copies what is in front of the first @end in @name, and returns where that is: the
 * kernel's "%N[^E]" for N of @size - 1. NULL if it is empty; a longer one is cut off.
 */
static const char *take_until(const char *name, const char *end, char *ret, size_t size)
{
	size_t len = strcspn(name, end);

	if (len >= size)
		len = size - 1;
	memcpy(ret, name, len);
	ret[len] = '\0';
	return len ? name + len : NULL;
}

bool klp_section_name(const char *name, struct klp_section_name *ret)
{
	if (strncmp(name, section_prefix, sizeof(section_prefix) - 1) != 0)
		return false;
	name = take_until(name + sizeof(section_prefix) - 1, ".", ret->object,
			  sizeof(ret->object));
	if (!name)
		return false;
	ret->section = *name == '.' ? name + 1 : "";
	return true;
}

/* The kernel's "%lu" skips blanks, wants a digit, and takes no sign. */
static bool take_number(const char *text, unsigned long *ret)
{
	text += strspn(text, " \t\n\v\f\r");
	if (*text < '0' || *text > '9')
		return false;
	*ret = strtoul(text, NULL, 10);
	return true;
}

bool klp_symbol_name(const char *name, struct klp_symbol_name *ret)
{
	if (strncmp(name, symbol_prefix, sizeof(symbol_prefix) - 1) != 0)
		return false;
	name = take_until(name + sizeof(symbol_prefix) - 1, ".", ret->object,
			  sizeof(ret->object));
	if (!name || *name != '.')
		return false;
	name = take_until(name + 1, ",", ret->symbol, sizeof(ret->symbol));
	return name && *name == ',' && take_number(name + 1, &ret->position);
}
