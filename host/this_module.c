// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/this_module.h"

#include <string.h>

#include "common/module/elf_sections.h"

#define NAME_OFFSET 24

const char *this_module_name(const void *module, size_t len)
{
	struct elf elf;
	Elf64_Shdr header;
	unsigned int section;
	const char *bytes;

	if (!elf_open_any(&elf, module, len) ||
	    !elf_find_section(&elf, ".gnu.linkonce.this_module", &section) ||
	    !elf_section(&elf, section, &header))
		return NULL;
	bytes = elf_section_bytes(&elf, &header);
	if (!bytes || header.sh_size <= NAME_OFFSET)
		return NULL;
	bytes += NAME_OFFSET;
	return *bytes && memchr(bytes, '\0', header.sh_size - NAME_OFFSET) ? bytes : NULL;
}
