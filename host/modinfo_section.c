// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/modinfo_section.h"

#include <string.h>

#include "common/module/elf_sections.h"
#include "host/module_bytes.h"

/* False also if not all of the section is in the file. */
static bool find_modinfo_section(struct elf *elf, Elf64_Shdr *ret)
{
	unsigned int index;

	return elf_find_section(elf, ".modinfo", &index) && elf_section(elf, index, ret);
}

/* A field is a text up to its NUL. More NULs may follow, and "=" may be missing. */
static enum modinfo_result visit_fields(char *text, const char *end,
					modinfo_field_fn visit, void *data)
{
	enum modinfo_result result = MODINFO_OK;
	char *next, *equals;

	for (; text < end && result == MODINFO_OK; text = next) {
		next = text + strlen(text) + 1;
		equals = strchr(text, '=');
		if (equals)
			*equals++ = '\0';
		if (*text)
			result = visit(text, equals ? equals : "", data);
	}
	return result;
}

enum modinfo_result modinfo_without_proc(int fd, modinfo_field_fn visit, void *data)
{
	MODULE_BYTES module = { 0 };
	char text[MODINFO_SECTION_BYTES_MAX + 1];
	Elf64_Shdr section;
	struct elf elf;

	if (module_bytes_read(fd, &module) ||
	    !elf_open_any(&elf, module.bytes, module.len) ||
	    !find_modinfo_section(&elf, &section))
		return MODINFO_NO_ELF;
	if (section.sh_size > MODINFO_SECTION_BYTES_MAX)
		return MODINFO_OVER_LIMIT;
	memcpy(text, elf_section_bytes(&elf, &section), section.sh_size);
	text[section.sh_size] = '\0';
	return visit_fields(text, text + section.sh_size, visit, data);
}
