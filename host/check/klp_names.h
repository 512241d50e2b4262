/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The names in a live patch's file that the kernel reads: of sections with livepatch
 * relocations, and of their symbols. Source: Documentation/livepatch/
 * module-elf-format.rst, and klp_apply_section_relocs() and klp_resolve_symbols(), whose
 * sscanf() decides what such a name is.
 */
#ifndef KLP_NAMES_H
#define KLP_NAMES_H

#include <stdbool.h>

#include "common/bounds.h"

/* The special section index of a livepatch symbol, which musl's elf.h lacks. */
#define SHN_LIVEPATCH 0xff20

struct klp_section_name {
	char object[MODULE_NAME_MAX + 1];
	const char *section;	/* the one to be relocated, in the name; "" if missing */
};

/* Reads ".klp.rela.OBJECT.SECTION". False if the kernel would not take it. */
bool klp_section_name(const char *name, struct klp_section_name *ret);

struct klp_symbol_name {
	char object[MODULE_NAME_MAX + 1];
	char symbol[SYMBOL_NAME_MAX + 1];
	unsigned long position;
};

/* Reads ".klp.sym.OBJECT.SYMBOL,POSITION". False if the kernel would not take it. */
bool klp_symbol_name(const char *name, struct klp_symbol_name *ret);

#endif
