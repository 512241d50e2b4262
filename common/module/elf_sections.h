/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A module file in memory: sections, strings, and where its pointers will point once the kernel
 * has relocated it. x86-64, relocatable, little endian. Reads no file and knows no struct of
 * the kernel.
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
	unsigned long left;	/* entries of tables that may yet be looked at */
};

/* A byte of a section. */
struct elf_place {
	unsigned int section;
	uint64_t offset;
};

/* Called for each pointer found. What it returns, if not 0, ends the walk. */
typedef int (*elf_pointer_fn)(struct elf *elf, struct elf_place pointer, void *data);

/*
 * Looks at @bytes of @size bytes, which must stay. Returns 0, or -ENOEXEC if they are no such
 * module or have more than SECTIONS_MAX sections.
 */
int elf_open(struct elf *ret, const void *bytes, size_t size);

/* Finds the section @name. False if there is none; @ret then is not written. */
bool elf_find_section(const struct elf *elf, const char *name, unsigned int *ret);

/* True if @place lies in code; in memory that is no code; in such memory that can be written. */
bool elf_is_code(const struct elf *elf, struct elf_place place);
bool elf_is_data(const struct elf *elf, struct elf_place place);
bool elf_is_variable(const struct elf *elf, struct elf_place place);

/* The text at @place, if it is in data and has at most SYMBOL_NAME_MAX bytes; or NULL. */
const char *elf_text(const struct elf *elf, struct elf_place place);

/*
 * Where the 8 bytes at @place will point: the target of the R_X86_64_64 relocation there.
 * False without one. Also once TABLE_READS_MAX headers, relocations and symbols were looked at,
 * after which @elf->left is 0: hostile tables must not keep the program busy.
 */
bool elf_pointer(struct elf *elf, struct elf_place place, struct elf_place *ret);

/* Where the variable that covers @place ends, or else its section. */
uint64_t elf_end_of_variable(struct elf *elf, struct elf_place place);

/* Calls @visit for each pointer in a variable to the symbol @name. Returns 0 or what @visit returned. */
int elf_each_pointer_to(struct elf *elf, const char *name, elf_pointer_fn visit, void *data);

#endif
