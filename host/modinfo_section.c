// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/modinfo_section.h"

#include <elf.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

/* Whether all @size bytes at @offset of the file are there, and were read. */
static bool read_part(int fd, void *ret, size_t size, uint64_t offset)
{
	return offset <= INT64_MAX &&
	       pread(fd, ret, size, (off_t)offset) == (ssize_t)size;
}

static bool read_elf_header(int fd, Elf64_Ehdr *ret)
{
	return read_part(fd, ret, sizeof(*ret), 0) &&
	       !memcmp(ret->e_ident, ELFMAG, SELFMAG) &&
	       ret->e_ident[EI_CLASS] == ELFCLASS64 &&
	       ret->e_shentsize == sizeof(Elf64_Shdr);
}

/* False also behind the last section. */
static bool read_section_header(int fd, const Elf64_Ehdr *header, unsigned int index,
				Elf64_Shdr *ret)
{
	return index < header->e_shnum && index < SECTIONS_MAX &&
	       read_part(fd, ret, sizeof(*ret), header->e_shoff + index * sizeof(*ret));
}

/* The names of all sections begin at @names of the file. */
static bool is_named_modinfo(int fd, const Elf64_Shdr *section, uint64_t names)
{
	static const char name[] = ".modinfo";
	char found[sizeof(name)];

	return read_part(fd, found, sizeof(found), names + section->sh_name) &&
	       !memcmp(found, name, sizeof(name));
}

static bool find_modinfo_section(int fd, Elf64_Shdr *ret)
{
	Elf64_Ehdr header;
	Elf64_Shdr names;

	if (!read_elf_header(fd, &header) ||
	    !read_section_header(fd, &header, header.e_shstrndx, &names))
		return false;
	for (unsigned int i = 1; read_section_header(fd, &header, i, ret); i++)
		if (is_named_modinfo(fd, ret, names.sh_offset))
			return true;
	return false;
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
	char text[MODINFO_SECTION_BYTES_MAX + 1];
	Elf64_Shdr section;
	size_t size;

	if (!find_modinfo_section(fd, &section))
		return MODINFO_NO_ELF;
	if (section.sh_size > MODINFO_SECTION_BYTES_MAX)
		return MODINFO_OVER_LIMIT;
	size = (size_t)section.sh_size;
	if (!read_part(fd, text, size, section.sh_offset))
		return MODINFO_NO_ELF;
	text[size] = '\0';
	return visit_fields(text, text + size, visit, data);
}
