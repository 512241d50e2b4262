// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/module/elf_sections.h"

#include <string.h>

#include "common/text.h"

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define OWN_BYTE_ORDER ELFDATA2MSB
#else
#define OWN_BYTE_ORDER ELFDATA2LSB
#endif

/* Which relocation is a pointer. */
static const struct {
	unsigned int machine, pointer;
} pointer_relocations[] = {
	{ EM_X86_64, R_X86_64_64 },
	{ EM_AARCH64, R_AARCH64_ABS64 },
	{ EM_S390, R_390_64 },
};

static bool is_module(const Elf64_Ehdr *header)
{
	if (memcmp(header->e_ident, ELFMAG, SELFMAG))
		return false;
	if (header->e_ident[EI_CLASS] != ELFCLASS64 ||
	    header->e_ident[EI_DATA] != OWN_BYTE_ORDER)
		return false;
	return header->e_type == ET_REL;
}

/* True if all headers of sections are in the @size bytes of the file. */
static bool has_whole_headers(const Elf64_Ehdr *header, size_t size)
{
	if (header->e_shentsize != sizeof(Elf64_Shdr) || header->e_shnum > SECTIONS_MAX)
		return false;
	return header->e_shoff <= size &&
	       header->e_shnum * sizeof(Elf64_Shdr) <= size - header->e_shoff;
}

bool elf_open_any(struct elf *ret, const void *bytes, size_t size)
{
	struct elf elf = { .bytes = bytes, .size = size, .left = TABLE_READS_MAX };

	if (size < sizeof(elf.header))
		return false;
	memcpy(&elf.header, bytes, sizeof(elf.header));
	if (!is_module(&elf.header) || !has_whole_headers(&elf.header, size))
		return false;
	*ret = elf;
	return true;
}

bool elf_open(struct elf *ret, const void *bytes, size_t size)
{
	struct elf elf;

	if (!elf_open_any(&elf, bytes, size))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(pointer_relocations); i++)
		if (pointer_relocations[i].machine == elf.header.e_machine) {
			*ret = elf;
			ret->pointer_relocation = pointer_relocations[i].pointer;
			return true;
		}
	return false;
}

static bool read_header(const struct elf *elf, unsigned int index, Elf64_Shdr *ret)
{
	if (index >= elf->header.e_shnum)
		return false;
	memcpy(ret, elf->bytes + elf->header.e_shoff + index * sizeof(*ret),
	       sizeof(*ret));
	return true;
}

static bool has_bytes(const struct elf *elf, const Elf64_Shdr *section)
{
	return section->sh_type != SHT_NOBITS && section->sh_offset <= elf->size &&
	       section->sh_size <= elf->size - section->sh_offset;
}

/* Reads the header of a section whose bytes are in the file. */
static bool read_section(const struct elf *elf, unsigned int index, Elf64_Shdr *ret)
{
	return read_header(elf, index, ret) && has_bytes(elf, ret);
}

/* Returns entry @index, of @size bytes, of a table; NULL behind its end. */
static const void *entry_of(struct elf *elf, const Elf64_Shdr *table, uint64_t index,
			    size_t size)
{
	if (index >= table->sh_size / size || !elf->left)
		return NULL;
	elf->left--;
	return elf->bytes + table->sh_offset + index * size;
}

static bool read_relocation(struct elf *elf, const Elf64_Shdr *table, uint64_t index,
			    Elf64_Rela *ret)
{
	const void *entry = entry_of(elf, table, index, sizeof(*ret));

	if (entry)
		memcpy(ret, entry, sizeof(*ret));
	return entry;
}

static bool read_symbol(struct elf *elf, const Elf64_Shdr *table, uint64_t index,
			Elf64_Sym *ret)
{
	const void *entry = entry_of(elf, table, index, sizeof(*ret));

	if (entry)
		memcpy(ret, entry, sizeof(*ret));
	return entry;
}

/* Returns the text at @offset of @section, or NULL if its NUL is too far away. */
static const char *text_of_section(const struct elf *elf, const Elf64_Shdr *section,
				   uint64_t offset)
{
	const unsigned char *text;
	uint64_t len;

	if (offset >= section->sh_size)
		return NULL;
	text = elf->bytes + section->sh_offset + offset;
	len = section->sh_size - offset;
	if (len > MODULE_TEXT_MAX + 1)
		len = MODULE_TEXT_MAX + 1;
	return memchr(text, '\0', len) ? (const char *)text : NULL;
}

bool elf_section(const struct elf *elf, unsigned int index, Elf64_Shdr *ret)
{
	return read_header(elf, index, ret);
}

const char *elf_section_name(const struct elf *elf, const Elf64_Shdr *section)
{
	Elf64_Shdr names;

	return read_section(elf, elf->header.e_shstrndx, &names) ?
		       text_of_section(elf, &names, section->sh_name) : NULL;
}

const void *elf_section_bytes(const struct elf *elf, const Elf64_Shdr *section)
{
	return has_bytes(elf, section) ? elf->bytes + section->sh_offset : NULL;
}

bool elf_find_section(const struct elf *elf, const char *name, unsigned int *ret)
{
	Elf64_Shdr names, section;
	const char *found;

	if (!read_section(elf, elf->header.e_shstrndx, &names))
		return false;
	for (unsigned int i = 1; i < elf->header.e_shnum; i++) {
		if (!read_section(elf, i, &section))
			continue;
		found = text_of_section(elf, &names, section.sh_name);
		if (found && !strcmp(found, name)) {
			*ret = i;
			return true;
		}
	}
	return false;
}

/* True if @place lies in a section that takes memory, with @flags of those in @mask. */
static bool has_flags(const struct elf *elf, struct elf_place place, uint64_t mask,
		      uint64_t flags)
{
	Elf64_Shdr section;

	if (!read_header(elf, place.section, &section) || place.offset >= section.sh_size)
		return false;
	if (section.sh_type != SHT_PROGBITS && section.sh_type != SHT_NOBITS)
		return false;
	return (section.sh_flags & (mask | SHF_ALLOC)) == (flags | SHF_ALLOC);
}

bool elf_is_code(const struct elf *elf, struct elf_place place)
{
	return has_flags(elf, place, SHF_EXECINSTR, SHF_EXECINSTR);
}

bool elf_is_data(const struct elf *elf, struct elf_place place)
{
	return has_flags(elf, place, SHF_EXECINSTR, 0);
}

bool elf_is_variable(const struct elf *elf, struct elf_place place)
{
	return has_flags(elf, place, SHF_EXECINSTR | SHF_WRITE, SHF_WRITE);
}

const char *elf_text(const struct elf *elf, struct elf_place place)
{
	Elf64_Shdr section;

	if (!elf_is_data(elf, place) || !read_section(elf, place.section, &section))
		return NULL;
	return text_of_section(elf, &section, place.offset);
}

/* Reads the header of the next section of relocations from *@index on. Moves *@index. */
static bool next_relocations(struct elf *elf, unsigned int *index, Elf64_Shdr *ret)
{
	while (*index < elf->header.e_shnum && elf->left) {
		elf->left--;
		if (read_section(elf, (*index)++, ret) && ret->sh_type == SHT_RELA)
			return true;
	}
	return false;
}

/* Reads the symbol that @relocation, of the table @relocations, points to. */
static bool read_target(struct elf *elf, const Elf64_Shdr *relocations,
			const Elf64_Rela *relocation, Elf64_Sym *ret)
{
	Elf64_Shdr symbols;

	if (ELF64_R_TYPE(relocation->r_info) != elf->pointer_relocation)
		return false;
	if (!read_section(elf, relocations->sh_link, &symbols) ||
	    symbols.sh_type != SHT_SYMTAB)
		return false;
	return read_symbol(elf, &symbols, ELF64_R_SYM(relocation->r_info), ret);
}

/* Returns the name of @target, or NULL. */
static const char *name_of_target(const struct elf *elf, const Elf64_Shdr *relocations,
				  const Elf64_Sym *target)
{
	Elf64_Shdr symbols, names;

	if (!read_section(elf, relocations->sh_link, &symbols) ||
	    !read_section(elf, symbols.sh_link, &names))
		return NULL;
	return text_of_section(elf, &names, target->st_name);
}

bool elf_relocation(struct elf *elf, const Elf64_Shdr *table, uint64_t index,
		    struct elf_relocation *ret)
{
	Elf64_Shdr symbols;

	if (!has_bytes(elf, table) || !read_relocation(elf, table, index, &ret->entry))
		return false;
	if (!read_section(elf, table->sh_link, &symbols) ||
	    !read_symbol(elf, &symbols, ELF64_R_SYM(ret->entry.r_info), &ret->symbol))
		return false;
	ret->name = name_of_target(elf, table, &ret->symbol);
	return ret->name;
}

bool elf_pointer(struct elf *elf, struct elf_place place, struct elf_place *ret)
{
	Elf64_Shdr relocations;
	Elf64_Rela rela;
	Elf64_Sym symbol;
	unsigned int index = 1;

	while (next_relocations(elf, &index, &relocations)) {
		if (relocations.sh_info != place.section)
			continue;
		for (uint64_t i = 0; read_relocation(elf, &relocations, i, &rela); i++) {
			if (rela.r_offset != place.offset ||
			    !read_target(elf, &relocations, &rela, &symbol))
				continue;
			/* Here a symbol counts from its section's begin. */
			*ret = (struct elf_place){
				symbol.st_shndx,
				symbol.st_value + (uint64_t)rela.r_addend,
			};
			return true;
		}
	}
	return false;
}

static bool symbol_covers(const Elf64_Sym *symbol, struct elf_place place)
{
	if (symbol->st_shndx != place.section ||
	    ELF64_ST_TYPE(symbol->st_info) != STT_OBJECT)
		return false;
	return symbol->st_value <= place.offset &&
	       place.offset - symbol->st_value < symbol->st_size;
}

uint64_t elf_end_of_variable(struct elf *elf, struct elf_place place)
{
	Elf64_Shdr section;
	Elf64_Sym symbol;

	for (unsigned int index = 1; index < elf->header.e_shnum; index++) {
		if (!read_section(elf, index, &section) || section.sh_type != SHT_SYMTAB)
			continue;
		for (uint64_t i = 0; read_symbol(elf, &section, i, &symbol); i++)
			if (symbol_covers(&symbol, place))
				return symbol.st_value + symbol.st_size;
	}
	return read_header(elf, place.section, &section) ? section.sh_size : 0;
}

int elf_each_pointer_to(struct elf *elf, const char *name, elf_pointer_fn visit,
			void *data)
{
	Elf64_Shdr relocations;
	Elf64_Rela rela;
	Elf64_Sym symbol;
	const char *found;
	unsigned int index = 1;
	int err;

	while (next_relocations(elf, &index, &relocations)) {
		for (uint64_t i = 0; read_relocation(elf, &relocations, i, &rela); i++) {
			struct elf_place place = { relocations.sh_info, rela.r_offset };

			if (!elf_is_variable(elf, place) ||
			    !read_target(elf, &relocations, &rela, &symbol))
				continue;
			found = name_of_target(elf, &relocations, &symbol);
			if (!found || strcmp(found, name))
				continue;
			err = visit(elf, place, data);
			if (err)
				return err;
		}
	}
	return 0;
}
