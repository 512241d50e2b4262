/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tables of a module file that the kernel reads when it loads the module: symbols,
 * .modinfo, versions, exports, and where ftrace can redirect its functions. Judges
 * nothing, and opens no file. Source: kernel/module/main.c, 5.10 to 7.3.
 */
#ifndef MODULE_TABLES_H
#define MODULE_TABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/module/elf_sections.h"

enum module_tables_result {
	MODULE_TABLES_READ,
	MODULE_TABLES_NO_MODULE,	/* no whole ELF file of this byte order */
	MODULE_TABLES_OVER_LIMIT,	/* over SECTIONS_MAX sections */
	MODULE_TABLES_DAMAGED,		/* a section's bytes are not in the file */
	MODULE_TABLES_NO_SYMBOLS,	/* not just one table of symbols */
	MODULE_TABLES_NO_THIS_MODULE,	/* no .gnu.linkonce.this_module */
};

/* Sections are indices; 0: there is none. */
struct module_tables {
	struct elf elf;
	unsigned int symbols, modinfo, versions, version_crcs, version_names;
	bool init_is_gone;		/* may be set: it was loaded before */
};

/*
 * Opens the module in @bytes of @size bytes, which must stay, as the kernel does in
 * elf_validity_check() and setup_load_info().
 */
enum module_tables_result module_tables_open(struct module_tables *ret, const void *bytes,
					     size_t size);

/* The value of the first field @key of .modinfo, as get_modinfo() has it; or NULL. */
const char *module_tables_modinfo(const struct module_tables *tables, const char *key);

/* The same for the next one behind @value, which is of @key. */
const char *module_tables_modinfo_next(const struct module_tables *tables,
				       const char *key, const char *value);

struct module_symbol {
	const char *name;	/* "" if it cannot be read */
	Elf64_Sym entry;
};

/* Reads symbol @index, from 0 on. False behind the last. */
bool module_tables_symbol(const struct module_tables *tables, uint64_t index,
			  struct module_symbol *ret);

enum module_version {
	MODULE_VERSION_FOUND,
	MODULE_VERSION_NOT_LISTED,	/* of this symbol there is none */
	MODULE_VERSION_NO_TABLE,	/* of no symbol */
};

/*
 * Finds the CRC of the symbol @name that the module wants, in __versions or, since 6.14,
 * in __version_ext_crcs and __version_ext_names.
 */
enum module_version module_tables_version(const struct module_tables *tables,
					  const char *name, uint32_t *ret);

struct module_function {
	size_t count;		/* of symbols of that name */
	struct elf_place place;
	uint64_t end;		/* where another symbol or its section's end is */
};

/*
 * Counts the symbols called @name, and finds number @position, from 1 on, in the order of
 * the table. Every type counts, and those of init code, since the table is whole when
 * klp_module_coming() asks; but not if ->init_is_gone: is_core_symbol(). False if there
 * are less.
 */
bool module_tables_find(const struct module_tables *tables, const char *name,
			size_t position, struct module_function *ret);

enum module_patchable {
	MODULE_PATCHABLE_YES,
	MODULE_PATCHABLE_NO,
	MODULE_PATCHABLE_UNKNOWN,	/* on such a machine they lie elsewhere */
};

/* Whether ftrace has a location in @function: __mcount_loc and its relocations. */
enum module_patchable module_tables_is_patchable(struct module_tables *tables,
						 const struct module_function *function);

/* An export of a module. */
struct module_export {
	const char *name;
	const char *namespace;	/* NULL: none */
	bool is_gpl_only, has_crc;
	uint32_t crc;
};

/* Called for each export. False ends the walk. */
typedef bool (*module_export_fn)(const struct module_export *export, void *data);

/*
 * Calls @visit for each entry of __ksymtab and __ksymtab_gpl: 12 bytes of PC-relative
 * offsets since 5.4 (include/linux/export.h). False if one of them cannot be read, or
 * @visit returned false.
 */
bool module_tables_each_export(struct module_tables *tables, module_export_fn visit,
			       void *data);

#endif
