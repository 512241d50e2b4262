// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/check/module_tables.h"

#include <string.h>

/* struct modversion_info: an unsigned long, then a name, of 64 bytes together. */
#define VERSION_BYTES	64
#define VERSION_NAME	8

static const char *bytes_of(const struct module_tables *tables, unsigned int index,
			    size_t *ret_size)
{
	Elf64_Shdr section;

	if (!index || !elf_section(&tables->elf, index, &section))
		return NULL;
	*ret_size = section.sh_size;
	return elf_section_bytes(&tables->elf, &section);
}

/* What the kernel looks up by name is in memory only. */
static unsigned int find_loaded_section(const struct elf *elf, const char *name)
{
	unsigned int index;
	Elf64_Shdr section;

	if (!elf_find_section(elf, name, &index) || !elf_section(elf, index, &section))
		return 0;
	return section.sh_flags & SHF_ALLOC ? index : 0;
}

/* Only a section that takes no place in the file may lie outside. */
static bool has_section_bytes(const struct elf *elf, const Elf64_Shdr *section)
{
	return section->sh_type == SHT_NULL || section->sh_type == SHT_NOBITS ||
	       elf_section_bytes(elf, section);
}

static bool is_symbol_table_whole(const struct elf *elf, const Elf64_Shdr *section)
{
	Elf64_Shdr names;
	const char *bytes;

	if (!elf_section(elf, section->sh_link, &names) || !names.sh_size)
		return false;
	bytes = elf_section_bytes(elf, &names);
	return bytes && !bytes[names.sh_size - 1];
}

/* Looks at all sections, and finds the table of symbols. */
static enum module_tables_result check_sections(struct module_tables *tables)
{
	const struct elf *elf = &tables->elf;
	Elf64_Shdr section;

	for (unsigned int i = 1; elf_section(elf, i, &section); i++) {
		if (!has_section_bytes(elf, &section))
			return MODULE_TABLES_DAMAGED;
		if (section.sh_type != SHT_SYMTAB)
			continue;
		if (tables->symbols)
			return MODULE_TABLES_NO_SYMBOLS;
		tables->symbols = i;
		if (!is_symbol_table_whole(elf, &section))
			return MODULE_TABLES_DAMAGED;
	}
	return tables->symbols ? MODULE_TABLES_READ : MODULE_TABLES_NO_SYMBOLS;
}

static bool has_too_many_sections(const void *bytes, size_t size)
{
	Elf64_Ehdr header;

	if (size < sizeof(header))
		return false;
	memcpy(&header, bytes, sizeof(header));
	return !memcmp(header.e_ident, ELFMAG, SELFMAG) && header.e_shnum > SECTIONS_MAX;
}

enum module_tables_result module_tables_open(struct module_tables *ret, const void *bytes,
					     size_t size)
{
	struct module_tables tables = { .symbols = 0 };
	enum module_tables_result result;

	if (!elf_open_any(&tables.elf, bytes, size))
		return has_too_many_sections(bytes, size) ? MODULE_TABLES_OVER_LIMIT :
							    MODULE_TABLES_NO_MODULE;
	result = check_sections(&tables);
	if (result != MODULE_TABLES_READ)
		return result;
	if (!find_loaded_section(&tables.elf, ".gnu.linkonce.this_module"))
		return MODULE_TABLES_NO_THIS_MODULE;
	tables.modinfo = find_loaded_section(&tables.elf, ".modinfo");
	tables.versions = find_loaded_section(&tables.elf, "__versions");
	tables.version_crcs = find_loaded_section(&tables.elf, "__version_ext_crcs");
	tables.version_names = find_loaded_section(&tables.elf, "__version_ext_names");
	*ret = tables;
	return MODULE_TABLES_READ;
}

/* Finds the field @key in the texts from @text to @end, each of which ends with a NUL. */
static const char *find_field(const char *key, const char *text, const char *end)
{
	size_t len = strlen(key);

	while (text < end) {
		const char *nul = memchr(text, '\0', (size_t)(end - text));

		if (!nul)
			return NULL;
		if (!strncmp(text, key, len) && text[len] == '=')
			return text + len + 1;
		text = nul + 1;
	}
	return NULL;
}

const char *module_tables_modinfo(const struct module_tables *tables, const char *key)
{
	size_t size = 0;
	const char *text = bytes_of(tables, tables->modinfo, &size);

	return text ? find_field(key, text, text + size) : NULL;
}

const char *module_tables_modinfo_next(const struct module_tables *tables,
				       const char *key, const char *value)
{
	size_t size = 0;
	const char *text = bytes_of(tables, tables->modinfo, &size);

	return find_field(key, value + strlen(value) + 1, text + size);
}

bool module_tables_symbol(const struct module_tables *tables, uint64_t index,
			  struct module_symbol *ret)
{
	const struct elf *elf = &tables->elf;
	Elf64_Shdr section, names;
	const char *entries, *texts;

	if (!elf_section(elf, tables->symbols, &section) ||
	    !elf_section(elf, section.sh_link, &names))
		return false;
	entries = elf_section_bytes(elf, &section);
	texts = elf_section_bytes(elf, &names);
	if (index >= section.sh_size / sizeof(ret->entry) || !entries || !texts)
		return false;
	memcpy(&ret->entry, entries + index * sizeof(ret->entry), sizeof(ret->entry));
	/* The table of names ends with a NUL, as module_tables_open has found. */
	ret->name = ret->entry.st_name < names.sh_size ? texts + ret->entry.st_name : "";
	return true;
}

static bool find_long_version(const struct module_tables *tables, const char *name,
			      uint32_t *ret)
{
	size_t crcs_size = 0, left = 0;
	const char *crcs = bytes_of(tables, tables->version_crcs, &crcs_size);
	const char *text = bytes_of(tables, tables->version_names, &left);

	if (!crcs || !text)
		return false;
	for (; crcs_size >= sizeof(*ret) && left; crcs_size -= sizeof(*ret)) {
		size_t len = strnlen(text, left);

		if (len == left)
			return false;
		if (!strcmp(text, name)) {
			memcpy(ret, crcs, sizeof(*ret));
			return true;
		}
		crcs += sizeof(*ret);
		text += len + 1;
		left -= len + 1;
	}
	return false;
}

static bool find_short_version(const struct module_tables *tables, const char *name,
			 uint32_t *ret)
{
	size_t size = 0, len = strlen(name);
	const char *entry = bytes_of(tables, tables->versions, &size);
	uint64_t crc;

	if (!entry || len >= VERSION_BYTES - VERSION_NAME)
		return false;
	for (; size >= VERSION_BYTES; entry += VERSION_BYTES, size -= VERSION_BYTES) {
		/* The name is compared with its NUL, which lies in the entry then. */
		if (memcmp(entry + VERSION_NAME, name, len + 1) != 0)
			continue;
		memcpy(&crc, entry, sizeof(crc));
		*ret = (uint32_t)crc;
		return true;
	}
	return false;
}

enum module_version module_tables_version(const struct module_tables *tables,
					  const char *name, uint32_t *ret)
{
	if (!tables->versions && !tables->version_crcs)
		return MODULE_VERSION_NO_TABLE;
	if (find_short_version(tables, name, ret) || find_long_version(tables, name, ret))
		return MODULE_VERSION_FOUND;
	return MODULE_VERSION_NOT_LISTED;
}

/* Where the symbol at @place ends: where the next one of its section begins. */
static uint64_t end_of_symbol(const struct module_tables *tables, struct elf_place place)
{
	struct module_symbol symbol;
	Elf64_Shdr section;
	uint64_t end;

	if (!elf_section(&tables->elf, place.section, &section))
		return place.offset;
	end = section.sh_size;
	for (uint64_t i = 0; module_tables_symbol(tables, i, &symbol); i++)
		if (symbol.entry.st_shndx == place.section && *symbol.name &&
		    symbol.entry.st_value > place.offset && symbol.entry.st_value < end)
			end = symbol.entry.st_value;
	return end;
}

/* Whether the kernel keeps the symbol when the module is loaded. */
static bool is_core_symbol(const struct module_tables *tables,
			   const struct module_symbol *symbol)
{
	Elf64_Shdr section;
	const char *name;

	if (!elf_section(&tables->elf, symbol->entry.st_shndx, &section) ||
	    !(section.sh_flags & SHF_ALLOC))
		return false;
	name = elf_section_name(&tables->elf, &section);
	return name && strncmp(name, ".init", 5) != 0;
}

bool module_tables_find(const struct module_tables *tables, const char *name,
			size_t position, struct module_function *ret)
{
	struct module_symbol symbol;

	*ret = (struct module_function){ 0 };
	for (uint64_t i = 0; module_tables_symbol(tables, i, &symbol); i++) {
		if (symbol.entry.st_shndx == SHN_UNDEF || strcmp(symbol.name, name) != 0)
			continue;
		if (tables->init_is_gone && !is_core_symbol(tables, &symbol))
			continue;
		ret->count++;
		if (ret->count == position)
			ret->place = (struct elf_place){ symbol.entry.st_shndx,
							 symbol.entry.st_value };
	}
	if (ret->count < position)
		return false;
	ret->end = end_of_symbol(tables, ret->place);
	return true;
}

/* The table of relocations of section @index. False if there is none. */
static bool find_relocations(const struct elf *elf, unsigned int index, Elf64_Shdr *ret)
{
	for (unsigned int i = 1; elf_section(elf, i, ret); i++)
		if (ret->sh_type == SHT_RELA && ret->sh_info == index &&
		    elf_section_bytes(elf, ret))
			return true;
	return false;
}

static struct elf_place target_of(const struct elf_relocation *relocation)
{
	return (struct elf_place){
		relocation->symbol.st_shndx,
		relocation->symbol.st_value + (uint64_t)relocation->entry.r_addend,
	};
}

/*
 * Elsewhere than on x86 the locations may be those of the words in front of a function,
 * which ftrace_call_adjust() moves.
 */
enum module_patchable module_tables_is_patchable(struct module_tables *tables,
						 const struct module_function *function)
{
	unsigned int index = find_loaded_section(&tables->elf, "__mcount_loc");
	struct elf_relocation relocation;
	Elf64_Shdr table;

	if (tables->elf.header.e_machine != EM_X86_64)
		return MODULE_PATCHABLE_UNKNOWN;
	if (!index || !find_relocations(&tables->elf, index, &table))
		return MODULE_PATCHABLE_NO;
	for (uint64_t i = 0; elf_relocation(&tables->elf, &table, i, &relocation); i++) {
		struct elf_place location = target_of(&relocation);

		if (location.section == function->place.section &&
		    location.offset >= function->place.offset &&
		    location.offset < function->end)
			return MODULE_PATCHABLE_YES;
	}
	return tables->elf.left ? MODULE_PATCHABLE_NO : MODULE_PATCHABLE_UNKNOWN;
}

/* struct kernel_symbol: offsets of the value, of the name and of the namespace. */
#define EXPORT_BYTES	12
#define EXPORT_NAME	4
#define EXPORT_NAMESPACE 8
/* enum ksym_flags */
#define EXPORT_FLAG_GPL_ONLY 1

/* A table of exports, and those beside it. */
struct export_sections {
	Elf64_Shdr texts;		/* relocations of the entries */
	const char *crcs, *flags;
	size_t crcs_size, flags_size;
	bool have_crc_relocations, is_gpl_only;
	Elf64_Shdr crc_relocations;	/* up to 5.18 */
};

/* Finds the relocation at @offset, which number *@index should be. Else sets *@index. */
static bool find_relocation(struct elf *elf, const Elf64_Shdr *table, uint64_t offset,
			    uint64_t *index)
{
	struct elf_relocation found;

	if (elf_relocation(elf, table, *index, &found) && found.entry.r_offset == offset)
		return true;
	for (*index = 0; elf_relocation(elf, table, *index, &found); ++*index)
		if (found.entry.r_offset == offset)
			return true;
	return false;
}

/* Reads the text that the pointer at @offset points to. The guess is as above. */
static const char *text_of_export(struct elf *elf, const Elf64_Shdr *table,
				  uint64_t offset, uint64_t guess)
{
	struct elf_relocation relocation;

	if (!find_relocation(elf, table, offset, &guess) ||
	    !elf_relocation(elf, table, guess, &relocation))
		return NULL;
	return elf_text(elf, target_of(&relocation));
}

/* The CRC was the value of a symbol once. Of one that lies elsewhere nothing is read. */
static bool read_relocated_crc(struct elf *elf, const struct export_sections *sections,
			       uint64_t index, uint32_t *ret)
{
	struct elf_relocation relocation;
	uint64_t guess = index;

	if (!find_relocation(elf, &sections->crc_relocations, index * sizeof(*ret),
			     &guess) ||
	    !elf_relocation(elf, &sections->crc_relocations, guess, &relocation) ||
	    relocation.symbol.st_shndx != SHN_ABS)
		return false;
	*ret = (uint32_t)target_of(&relocation).offset;
	return true;
}

static bool read_crc(struct elf *elf, const struct export_sections *sections,
		     uint64_t index, uint32_t *ret)
{
	const size_t count = sections->crcs_size / sizeof(*ret);

	if (!sections->crcs || index >= count)
		return false;
	if (sections->have_crc_relocations)
		return read_relocated_crc(elf, sections, index, ret);
	memcpy(ret, sections->crcs + index * sizeof(*ret), sizeof(*ret));
	return true;
}

static bool is_gpl_only(const struct export_sections *sections, uint64_t index)
{
	if (!sections->flags || index >= sections->flags_size)
		return sections->is_gpl_only;
	return sections->flags[index] & EXPORT_FLAG_GPL_ONLY;
}

static bool visit_exports(struct elf *elf, const struct export_sections *sections,
			  module_export_fn visit, void *data)
{
	const Elf64_Shdr *table = &sections->texts;
	struct elf_relocation relocation;

	for (uint64_t i = 0; elf_relocation(elf, table, i, &relocation); i++) {
		uint64_t offset = relocation.entry.r_offset;
		uint64_t index = offset / EXPORT_BYTES;
		struct module_export export = { 0 };

		if (offset % EXPORT_BYTES)
			continue;
		export.name = text_of_export(elf, table, offset + EXPORT_NAME, i + 1);
		export.namespace =
			text_of_export(elf, table, offset + EXPORT_NAMESPACE, i + 2);
		if (!export.name || !export.namespace)
			return false;
		if (!*export.namespace)
			export.namespace = NULL;
		export.is_gpl_only = is_gpl_only(sections, index);
		export.has_crc = read_crc(elf, sections, index, &export.crc);
		if (!visit(&export, data))
			return false;
	}
	return elf->left;
}

/* Finds the tables of names @exports and @crcs. False if there is none. */
static bool find_exports(const struct module_tables *tables, const char *exports,
			 const char *crcs, struct export_sections *ret)
{
	const struct elf *elf = &tables->elf;
	unsigned int index = find_loaded_section(elf, exports), crc_index, flags_index;

	if (!index || !find_relocations(elf, index, &ret->texts))
		return false;
	crc_index = find_loaded_section(elf, crcs);
	ret->crcs = bytes_of(tables, crc_index, &ret->crcs_size);
	ret->have_crc_relocations =
		crc_index && find_relocations(elf, crc_index, &ret->crc_relocations);
	flags_index = find_loaded_section(elf, "__kflagstab");
	ret->flags = bytes_of(tables, flags_index, &ret->flags_size);
	return true;
}

bool module_tables_each_export(struct module_tables *tables, module_export_fn visit,
			       void *data)
{
	struct export_sections any = { 0 }, gpl = { .is_gpl_only = true };

	if (find_exports(tables, "__ksymtab", "__kcrctab", &any) &&
	    !visit_exports(&tables->elf, &any, visit, data))
		return false;
	return !find_exports(tables, "__ksymtab_gpl", "__kcrctab_gpl", &gpl) ||
	       visit_exports(&tables->elf, &gpl, visit, data);
}
