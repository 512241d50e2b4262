// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/module/klp_relocations.h"

#include <elf.h>
#include <stdbool.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "common/bounds.h"

#define COUNT_MAX 1000000
#define SECTIONS_AT_ONCE 64

static bool is_known(const Elf64_Ehdr *header)
{
	return !memcmp(header->e_ident, ELFMAG, SELFMAG) &&
	       header->e_ident[EI_CLASS] == ELFCLASS64 &&
	       header->e_shentsize == sizeof(Elf64_Shdr) &&
	       header->e_shnum <= SECTIONS_MAX;
}

/* The entries of those of the @n sections that are of the kernel's livepatch. */
static unsigned long long count_in(const Elf64_Shdr *sections, unsigned int n)
{
	unsigned long long count = 0;

	for (unsigned int i = 0; i < n; i++)
		if (sections[i].sh_flags & SHF_RELA_LIVEPATCH)
			count += sections[i].sh_size / sizeof(Elf64_Rela);
	return count;
}

unsigned int klp_relocations_count(int fd)
{
	unsigned long long count = 0;
	Elf64_Ehdr header;
	Elf64_Shdr sections[SECTIONS_AT_ONCE];
	unsigned int n;

	if (pread(fd, &header, sizeof(header), 0) != sizeof(header) || !is_known(&header))
		return 0;
	for (unsigned int i = 0; i < header.e_shnum; i += n) {
		off_t at = (off_t)(header.e_shoff + i * sizeof(*sections));

		n = header.e_shnum - i;
		if (n > SECTIONS_AT_ONCE)
			n = SECTIONS_AT_ONCE;
		if (pread(fd, sections, n * sizeof(*sections), at) !=
		    (ssize_t)(n * sizeof(*sections)))
			return 0;
		count += count_in(sections, n);
	}
	return count < COUNT_MAX ? (unsigned int)count : COUNT_MAX;
}
