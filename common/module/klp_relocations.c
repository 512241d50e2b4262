// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/module/klp_relocations.h"

#include <elf.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "common/bounds.h"

/* include/uapi/linux/elf.h, which musl does not have */
#define SHF_RELA_LIVEPATCH 0x00100000
#define COUNT_MAX 1000000

static bool is_known(const Elf64_Ehdr *header)
{
	return !memcmp(header->e_ident, ELFMAG, SELFMAG) &&
	       header->e_ident[EI_CLASS] == ELFCLASS64 &&
	       header->e_shentsize == sizeof(Elf64_Shdr) &&
	       header->e_shnum <= SECTIONS_MAX;
}

unsigned int klp_relocations_count(int fd)
{
	unsigned long long count = 0;
	Elf64_Ehdr header;
	Elf64_Shdr section;

	if (pread(fd, &header, sizeof(header), 0) != sizeof(header) || !is_known(&header))
		return 0;
	for (unsigned int i = 0; i < header.e_shnum; i++) {
		off_t at = (off_t)(header.e_shoff + i * sizeof(section));

		if (pread(fd, &section, sizeof(section), at) != sizeof(section))
			return 0;
		if (section.sh_flags & SHF_RELA_LIVEPATCH)
			count += section.sh_size / sizeof(Elf64_Rela);
	}
	return count < COUNT_MAX ? (unsigned int)count : COUNT_MAX;
}
