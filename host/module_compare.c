// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/module_compare.h"

#include <string.h>

#include "common/module/elf_sections.h"
#include "common/module/klp_relocations.h"

/* A file, and the section that is looked at. */
struct side {
	struct elf elf;
	unsigned int index;
	Elf64_Shdr section;
	const char *name;
};

static bool begins_with(const char *text, const char *start)
{
	return !strncmp(text, start, strlen(start));
}

/* Whether @side's section is of relocations in a section that takes memory. */
static bool relocates_memory(const struct side *side)
{
	Elf64_Shdr target;

	return side->section.sh_type == SHT_RELA &&
	       elf_section(&side->elf, side->section.sh_info, &target) &&
	       target.sh_flags & SHF_ALLOC;
}

/* Whether the kernel takes @side's section. */
static bool is_taken(const struct side *side)
{
	if (side->section.sh_flags & (SHF_ALLOC | SHF_RELA_LIVEPATCH))
		return true;
	if (begins_with(side->name, ".klp.") || begins_with(side->name, ".kpatch."))
		return true;
	return relocates_memory(side);
}

/* Goes to the next section that the kernel takes. False behind the last. */
static bool next_taken(struct side *side)
{
	while (elf_section(&side->elf, ++side->index, &side->section)) {
		side->name = elf_section_name(&side->elf, &side->section);
		if (!side->name || is_taken(side))
			return true;
	}
	side->name = NULL;
	return false;
}

/* SHF_INFO_LINK only says to linkers how sh_info is meant: strip may set it. */
static bool has_same_header(const Elf64_Shdr *one, const Elf64_Shdr *other)
{
	const uint64_t flags = one->sh_flags ^ other->sh_flags;

	return one->sh_type == other->sh_type && !(flags & ~(uint64_t)SHF_INFO_LINK) &&
	       one->sh_size == other->sh_size &&
	       one->sh_addralign == other->sh_addralign;
}

/* The name of section @index; one of no section, as SHN_LIVEPATCH, has the name "". */
static const char *name_of_index(const struct elf *elf, unsigned int index)
{
	Elf64_Shdr section;

	if (index == SHN_UNDEF || index >= SHN_LORESERVE)
		return "";
	return elf_section(elf, index, &section) ? elf_section_name(elf, &section) : NULL;
}

static bool is_same_section(const struct side *one, unsigned int index,
			    const struct side *other, unsigned int other_index)
{
	const char *name = name_of_index(&one->elf, index);
	const char *other_name = name_of_index(&other->elf, other_index);

	if (!name || !other_name || strcmp(name, other_name))
		return false;
	return *name || index == other_index;
}

static bool has_same_symbol(const struct elf_relocation *one,
			    const struct elf_relocation *other)
{
	return !strcmp(one->name, other->name) &&
	       one->symbol.st_info == other->symbol.st_info &&
	       one->symbol.st_value == other->symbol.st_value &&
	       one->symbol.st_size == other->symbol.st_size;
}

static bool has_same_entry(const Elf64_Rela *one, const Elf64_Rela *other)
{
	return one->r_offset == other->r_offset && one->r_addend == other->r_addend &&
	       ELF64_R_TYPE(one->r_info) == ELF64_R_TYPE(other->r_info);
}

static bool has_same_relocation(struct side *one, struct side *other, uint64_t index)
{
	struct elf_relocation a, b;

	if (!elf_relocation(&one->elf, &one->section, index, &a) ||
	    !elf_relocation(&other->elf, &other->section, index, &b))
		return false;
	return has_same_entry(&a.entry, &b.entry) && has_same_symbol(&a, &b) &&
	       is_same_section(one, a.symbol.st_shndx, other, b.symbol.st_shndx);
}

static bool has_same_relocations(struct side *one, struct side *other)
{
	const uint64_t count = one->section.sh_size / sizeof(Elf64_Rela);

	if (!is_same_section(one, one->section.sh_info, other, other->section.sh_info))
		return false;
	for (uint64_t i = 0; i < count; i++)
		if (!has_same_relocation(one, other, i))
			return false;
	return true;
}

static bool has_same_bytes(const struct side *one, const struct side *other)
{
	const void *bytes = elf_section_bytes(&one->elf, &one->section);
	const void *other_bytes = elf_section_bytes(&other->elf, &other->section);

	if (one->section.sh_type == SHT_NOBITS)
		return true;
	return bytes && other_bytes && !memcmp(bytes, other_bytes, one->section.sh_size);
}

static bool is_same(struct side *one, struct side *other)
{
	if (!one->name || !other->name || strcmp(one->name, other->name))
		return false;
	if (!has_same_header(&one->section, &other->section))
		return false;
	return one->section.sh_type == SHT_RELA ? has_same_relocations(one, other) :
						  has_same_bytes(one, other);
}

static bool has_taken(const struct side *side, const char *name)
{
	struct side at = { .elf = side->elf };

	while (next_taken(&at))
		if (at.name && !strcmp(at.name, name))
			return true;
	return false;
}

/* Of @one's sections from its present one on, the first that @other lacks. NULL: none. */
static const char *first_missing(const struct side *one, const struct side *other)
{
	struct side at = *one;

	while (at.name && has_taken(other, at.name))
		next_taken(&at);
	return at.name;
}

/*
 * The section that differs, where the present ones of the two files are not the same.
 * What strip renames stands elsewhere.
 */
static const char *differing_section(const struct side *one, const struct side *other)
{
	const char *name = one->name;

	if (name && other->name && !strcmp(name, other->name))
		return name;
	name = first_missing(one, other);
	if (!name)
		name = first_missing(other, one);
	if (!name)
		name = one->name;
	return name ? name : other->name;
}

bool module_compare(const struct module_bytes *one, const struct module_bytes *other,
		    const char **ret_section)
{
	struct side a = { .index = 0 }, b = { .index = 0 };
	bool left, other_left;

	*ret_section = NULL;
	if (!elf_open_any(&a.elf, one->bytes, one->len) ||
	    !elf_open_any(&b.elf, other->bytes, other->len))
		return false;
	for (;;) {
		left = next_taken(&a);
		other_left = next_taken(&b);
		if (!left && !other_left)
			return a.elf.header.e_shnum;
		if (!is_same(&a, &b))
			break;
	}
	if (a.elf.left && b.elf.left)
		*ret_section = differing_section(&a, &b);
	return false;
}
