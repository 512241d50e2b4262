/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A module file in memory: sections, strings, and where its pointers will point once the
 * kernel has relocated it. Reads no file and knows no struct of the kernel. The file is
 * relocatable, of 64 bits and of this machine's byte order. Pointers are known of x86-64,
 * arm64 and s390x.
 */
#ifndef ELF_SECTIONS_H
#define ELF_SECTIONS_H

#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/bounds.h"

struct elf {
	const unsigned char *bytes;
	size_t size;
	Elf64_Ehdr header;
	unsigned int pointer_relocation;	/* the type of a relocation */
	unsigned long left;	/* how many more entries of tables may be read */
};

/* A byte of a section. */
struct elf_place {
	unsigned int section;
	uint64_t offset;
};

/* Called for each pointer found. Any result but 0 ends the walk. */
typedef int (*elf_pointer_fn)(struct elf *elf, struct elf_place pointer, void *data);

/*
 * Opens the module in @bytes of @size bytes, which must stay. False if they are no such
 * module, or have more than SECTIONS_MAX sections.
 */
bool elf_open(struct elf *ret, const void *bytes, size_t size);

/* The same for a module of any machine, whose pointers are not asked for. */
bool elf_open_any(struct elf *ret, const void *bytes, size_t size);

/* Reads the header of section @index. False behind the last. */
bool elf_section(const struct elf *elf, unsigned int index, Elf64_Shdr *ret);

/*
 * Returns the name of @section, and its bytes, which are sh_size; NULL if they are not in
 * the file, as those of SHT_NOBITS, or the name is over MODULE_TEXT_MAX bytes.
 */
const char *elf_section_name(const struct elf *elf, const Elf64_Shdr *section);
const void *elf_section_bytes(const struct elf *elf, const Elf64_Shdr *section);

struct elf_relocation {
	Elf64_Rela entry;
	Elf64_Sym symbol;
	const char *name;	/* of the symbol */
};

/*
 * Reads entry @index of @table, a section of SHT_RELA, and its symbol. False behind the
 * last, if one of them is not in the file, and, with @elf->left at 0, once
 * TABLE_READS_MAX entries were read.
 */
bool elf_relocation(struct elf *elf, const Elf64_Shdr *table, uint64_t index,
		    struct elf_relocation *ret);

/* Finds the section @name. False if there is none; @ret is not written then. */
bool elf_find_section(const struct elf *elf, const char *name, unsigned int *ret);

/*
 * True if @place lies in code; in memory that is no code; in such memory that is
 * writable.
 */
bool elf_is_code(const struct elf *elf, struct elf_place place);
bool elf_is_data(const struct elf *elf, struct elf_place place);
bool elf_is_variable(const struct elf *elf, struct elf_place place);

/* Returns the text at @place; NULL if it is not in data or over MODULE_TEXT_MAX bytes. */
const char *elf_text(const struct elf *elf, struct elf_place place);

/*
 * Finds where the 8 bytes at @place will point: the target of the relocation of a pointer
 * there. False without such a relocation. Also false, with @elf->left at 0, once
 * TABLE_READS_MAX headers, relocations and symbols were read: hostile tables must not
 * keep the program busy.
 */
bool elf_pointer(struct elf *elf, struct elf_place place, struct elf_place *ret);

/*
 * Returns where the variable that covers @place ends; where its section does, if none
 * does.
 */
uint64_t elf_end_of_variable(struct elf *elf, struct elf_place place);

/*
 * Calls @visit for each pointer in a variable to the symbol @name. Returns 0 or what
 * @visit returned.
 */
int elf_each_pointer_to(struct elf *elf, const char *name, elf_pointer_fn visit,
			void *data);

#endif
