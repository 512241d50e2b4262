// SPDX-License-Identifier: GPL-2.0-or-later
#include <elf.h>
#include <stdio.h>

#include "unit.h"
#include "host/check/module_exports.h"
#include "host/check/module_tables.h"

enum section {
	NONE, TEXT, THIS_MODULE, MODINFO, VERSIONS, CRCS, LONG_NAMES, KSYMTAB, KCRCTAB, KFLAGS, STRINGS, MCOUNT,
	RELA_KSYMTAB, RELA_MCOUNT, SYMBOLS, NAMES, SECTIONS
};

/* One symbol a section, as assemblers refer to, then these. */
enum { FIRST = SECTIONS, SECOND, VARIABLE, WANTED, INIT, SYMBOL_COUNT };

struct version {
	uint64_t crc;
	char name[56];
};

/* A module file with three functions, two of which have one name, and two exports. */
static struct image {
	Elf64_Ehdr header;
	Elf64_Shdr sections[SECTIONS];
	Elf64_Sym symbols[SYMBOL_COUNT];
	Elf64_Rela exports[6], mcount[2];
	unsigned char text[64], this_module[8], ksymtab[24], mcount_loc[16], kflags[2];
	uint32_t crctab[2], long_crcs[2];
	struct version versions[2];
	char modinfo[128], long_names[64], strings[64], names[512];
} image, whole;

static size_t names_used;
static struct module_tables tables;

static uint32_t name(const char *text)
{
	size_t at = names_used;

	strcpy(image.names + at, text);
	names_used += strlen(text) + 1;
	assert_true(names_used <= sizeof(image.names));
	return (uint32_t)at;
}

static void section(enum section index, const char *text, uint32_t type, const void *bytes, size_t size)
{
	image.sections[index] = (Elf64_Shdr){
		.sh_name = name(text), .sh_type = type, .sh_size = size,
		.sh_flags = index < RELA_KSYMTAB ? SHF_ALLOC : 0,
		.sh_offset = (uint64_t)((const char *)bytes - (const char *)&image),
	};
}

#define SECTION(index, text, type, member) section(index, text, type, &image.member, sizeof(image.member))

static void symbol(unsigned int index, const char *text, uint16_t where, uint64_t value)
{
	image.symbols[index] = (Elf64_Sym){
		.st_name = name(text), .st_shndx = where, .st_value = value,
		.st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC),
	};
}

static Elf64_Rela relocation(uint64_t offset, uint64_t type, uint64_t to, int64_t addend)
{
	return (Elf64_Rela){ offset, ELF64_R_INFO(to, type), addend };
}

/* Export @index, whose name is at @text of .strings, and its namespace at @namespace. */
static void export(unsigned int index, uint64_t text, uint64_t namespace)
{
	image.exports[3 * index] = relocation(12 * index, R_X86_64_PC32, TEXT, 0);
	image.exports[3 * index + 1] = relocation(12 * index + 4, R_X86_64_PC32, STRINGS, (int64_t)text);
	image.exports[3 * index + 2] = relocation(12 * index + 8, R_X86_64_PC32, STRINGS, (int64_t)namespace);
}

static void make_sections(void)
{
	SECTION(TEXT, ".text", SHT_PROGBITS, text);
	SECTION(THIS_MODULE, ".gnu.linkonce.this_module", SHT_PROGBITS, this_module);
	SECTION(MODINFO, ".modinfo", SHT_PROGBITS, modinfo);
	SECTION(VERSIONS, "__versions", SHT_PROGBITS, versions);
	SECTION(CRCS, "__version_ext_crcs", SHT_PROGBITS, long_crcs);
	SECTION(LONG_NAMES, "__version_ext_names", SHT_PROGBITS, long_names);
	SECTION(KSYMTAB, "__ksymtab", SHT_PROGBITS, ksymtab);
	SECTION(KCRCTAB, "__kcrctab", SHT_PROGBITS, crctab);
	SECTION(KFLAGS, "__kflagstab", SHT_PROGBITS, kflags);
	SECTION(STRINGS, "__ksymtab_strings", SHT_PROGBITS, strings);
	SECTION(MCOUNT, "__mcount_loc", SHT_PROGBITS, mcount_loc);
	SECTION(RELA_KSYMTAB, ".rela__ksymtab", SHT_RELA, exports);
	SECTION(RELA_MCOUNT, ".rela__mcount_loc", SHT_RELA, mcount);
	SECTION(SYMBOLS, ".symtab", SHT_SYMTAB, symbols);
	SECTION(NAMES, ".strtab", SHT_STRTAB, names);
	image.sections[RELA_KSYMTAB].sh_info = KSYMTAB;
	image.sections[RELA_MCOUNT].sh_info = MCOUNT;
	image.sections[RELA_KSYMTAB].sh_link = image.sections[RELA_MCOUNT].sh_link = SYMBOLS;
	image.sections[SYMBOLS].sh_link = NAMES;
	for (uint16_t i = TEXT; i < SECTIONS; i++)
		image.symbols[i] = (Elf64_Sym){ .st_shndx = i, .st_info = STT_SECTION };
}

static int start(void **state)
{
	static const char modinfo[] = "license=GPL\0import_ns=A\0name=lp_x\0import_ns=B\0import_nsx=C";
	static const char strings[] = "\0exported\0other\0SPACE";

	(void)state;
	memset(&image, 0, sizeof(image));
	names_used = 1;
	memcpy(image.header.e_ident, ELFMAG, SELFMAG);
	image.header.e_ident[EI_CLASS] = ELFCLASS64;
	image.header.e_ident[EI_DATA] = OWN_BYTE_ORDER;
	image.header.e_type = ET_REL;
	image.header.e_machine = EM_X86_64;
	image.header.e_shoff = offsetof(struct image, sections);
	image.header.e_shentsize = sizeof(Elf64_Shdr);
	image.header.e_shnum = SECTIONS;
	image.header.e_shstrndx = NAMES;
	make_sections();
	symbol(FIRST, "twice", TEXT, 16);
	symbol(SECOND, "twice", TEXT, 32);
	symbol(VARIABLE, "variable", TEXT, 48);
	symbol(WANTED, "wanted", SHN_UNDEF, 0);
	symbol(INIT, "first", TEXT, 0);
	memcpy(image.modinfo, modinfo, sizeof(modinfo));
	memcpy(image.strings, strings, sizeof(strings));
	image.versions[0] = (struct version){ 0x11111111, "module_layout" };
	image.versions[1] = (struct version){ 0xffffffff22222222, "wanted" };
	image.long_crcs[1] = 0x33333333;
	memcpy(image.long_names, "module_layout\0long", sizeof("module_layout\0long"));
	export(0, 1, 0);
	export(1, 10, 16);
	image.crctab[1] = 0x44444444;
	image.kflags[1] = 1;
	image.mcount[0] = relocation(0, R_X86_64_64, TEXT, 20);
	image.mcount[1] = relocation(8, R_X86_64_64, TEXT, 0);
	whole = image;
	return 0;
}

static enum module_tables_result open_image(size_t len)
{
	static char *copy;

	free(copy);
	copy = malloc(len ? len : 1);
	memcpy(copy, &image, len);
	return module_tables_open(&tables, copy, len);
}

static void assert_opens(void)
{
	assert_int_equal(open_image(sizeof(image)), MODULE_TABLES_READ);
}

static void modinfo_is_read_in_the_kernels_order(void **state)
{
	const char *value;

	(void)state;
	assert_opens();
	assert_string_equal(module_tables_modinfo(&tables, "license"), "GPL");
	assert_string_equal(module_tables_modinfo(&tables, "name"), "lp_x");
	assert_null(module_tables_modinfo(&tables, "nam"));
	value = module_tables_modinfo(&tables, "import_ns");
	assert_string_equal(value, "A");
	value = module_tables_modinfo_next(&tables, "import_ns", value);
	assert_string_equal(value, "B");
	assert_null(module_tables_modinfo_next(&tables, "import_ns", value));
}

static void a_field_without_its_end_is_none(void **state)
{
	(void)state;
	memset(image.modinfo, 'x', sizeof(image.modinfo));
	memcpy(image.modinfo + sizeof(image.modinfo) - 5, "\0a=bc", 5);
	assert_opens();
	assert_null(module_tables_modinfo(&tables, "a"));
}

static void versions_are_found_in_both_tables(void **state)
{
	uint32_t crc;

	(void)state;
	assert_opens();
	assert_int_equal(module_tables_version(&tables, "wanted", &crc), MODULE_VERSION_FOUND);
	assert_int_equal(crc, 0x22222222);
	assert_int_equal(module_tables_version(&tables, "module_layout", &crc), MODULE_VERSION_FOUND);
	assert_int_equal(crc, 0x11111111);
	assert_int_equal(module_tables_version(&tables, "long", &crc), MODULE_VERSION_FOUND);
	assert_int_equal(crc, 0x33333333);
	assert_int_equal(module_tables_version(&tables, "want", &crc), MODULE_VERSION_NOT_LISTED);
	image.sections[VERSIONS].sh_name = image.sections[CRCS].sh_name = 0;
	assert_opens();
	assert_int_equal(module_tables_version(&tables, "wanted", &crc), MODULE_VERSION_NO_TABLE);
}

static void every_symbol_of_a_name_counts_but_those_that_are_wanted(void **state)
{
	struct module_function found;

	(void)state;
	assert_opens();
	assert_true(module_tables_find(&tables, "twice", 1, &found));
	assert_int_equal(found.count, 2);
	assert_int_equal(found.place.offset, 16);
	assert_int_equal(found.end, 32);
	assert_true(module_tables_find(&tables, "twice", 2, &found));
	assert_int_equal(found.place.offset, 32);
	assert_int_equal(found.end, 48);
	assert_false(module_tables_find(&tables, "twice", 3, &found));
	assert_int_equal(found.count, 2);
	assert_true(module_tables_find(&tables, "variable", 1, &found));
	assert_int_equal(found.end, sizeof(image.text));
	assert_false(module_tables_find(&tables, "wanted", 1, &found));
	assert_int_equal(found.count, 0);
}

static enum module_patchable patchable(const char *text, size_t position)
{
	struct module_function found;

	assert_true(module_tables_find(&tables, text, position, &found));
	return module_tables_is_patchable(&tables, &found);
}

static void a_function_is_patchable_if_a_location_lies_in_it(void **state)
{
	(void)state;
	assert_opens();
	assert_int_equal(patchable("twice", 1), MODULE_PATCHABLE_YES);
	assert_int_equal(patchable("twice", 2), MODULE_PATCHABLE_NO);
	assert_int_equal(patchable("first", 1), MODULE_PATCHABLE_YES);
	image.mcount[0].r_addend = 15;
	assert_opens();
	assert_int_equal(patchable("twice", 1), MODULE_PATCHABLE_NO);
	image.mcount[0].r_addend = 32;
	assert_opens();
	assert_int_equal(patchable("twice", 1), MODULE_PATCHABLE_NO);
	assert_int_equal(patchable("twice", 2), MODULE_PATCHABLE_YES);
}

static void another_machines_locations_are_not_known(void **state)
{
	(void)state;
	image.header.e_machine = EM_AARCH64;
	assert_opens();
	assert_int_equal(patchable("twice", 1), MODULE_PATCHABLE_UNKNOWN);
}

/* "NAME NAMESPACE CRC GPL " of each export. */
static bool append_export(const struct module_export *found, void *data)
{
	sprintf((char *)data + strlen(data), "%s %s %x %d ", found->name, found->namespace ? found->namespace : "-",
		found->has_crc ? found->crc : 1, found->is_gpl_only);
	return true;
}

static const char *exports(void)
{
	static char text[256];

	text[0] = '\0';
	assert_opens();
	return module_tables_each_export(&tables, append_export, text) ? text : NULL;
}

static void exports_are_read(void **state)
{
	(void)state;
	assert_string_equal(exports(), "exported - 0 0 other SPACE 44444444 1 ");
	image.sections[KFLAGS].sh_name = image.sections[KCRCTAB].sh_name = 0;
	assert_string_equal(exports(), "exported - 1 0 other SPACE 1 0 ");
}

/* As in 5.10: the value of a symbol, and relocations in any order. */
static void an_old_crc_is_a_symbols_value(void **state)
{
	Elf64_Rela last = image.exports[5];

	(void)state;
	memmove(&image.exports[1], &image.exports[0], 5 * sizeof(last));
	image.exports[0] = last;
	image.symbols[INIT] = (Elf64_Sym){ .st_shndx = SHN_ABS, .st_value = 0x55555555 };
	image.mcount[0] = relocation(0, R_X86_64_32, INIT, 0);
	image.mcount[1] = relocation(4, R_X86_64_32, FIRST, 0);
	image.sections[RELA_MCOUNT].sh_info = KCRCTAB;
	assert_string_equal(exports(), "exported - 55555555 0 other SPACE 1 1 ");
}

static void an_export_without_a_name_is_an_error(void **state)
{
	(void)state;
	image.exports[1].r_addend = 1000;
	assert_null(exports());
}

static void what_is_no_module_is_told_apart(void **state)
{
	(void)state;
	assert_int_equal(open_image(0), MODULE_TABLES_NO_MODULE);
	image.sections[THIS_MODULE].sh_name = 0;
	assert_int_equal(open_image(sizeof(image)), MODULE_TABLES_NO_THIS_MODULE);
	image = whole;
	image.sections[SYMBOLS].sh_type = SHT_PROGBITS;
	assert_int_equal(open_image(sizeof(image)), MODULE_TABLES_NO_SYMBOLS);
	image = whole;
	image.sections[TEXT].sh_type = SHT_SYMTAB;
	image.sections[TEXT].sh_link = NAMES;
	assert_int_equal(open_image(sizeof(image)), MODULE_TABLES_NO_SYMBOLS);
	image = whole;
	image.sections[TEXT].sh_size = sizeof(image);
	assert_int_equal(open_image(sizeof(image)), MODULE_TABLES_DAMAGED);
	image = whole;
	image.names[sizeof(image.names) - 1] = 'x';
	assert_int_equal(open_image(sizeof(image)), MODULE_TABLES_DAMAGED);
	image = whole;
	image.header.e_shnum = SECTIONS_MAX + 1;
	assert_int_equal(open_image(sizeof(image)), MODULE_TABLES_OVER_LIMIT);
	image.header.e_ident[0] = 0;
	assert_int_equal(open_image(sizeof(image)), MODULE_TABLES_NO_MODULE);
}

static void a_file_that_is_cut_off_anywhere_is_read_within_its_bytes(void **state)
{
	char text[256] = "";
	struct module_function found;
	uint32_t crc;

	(void)state;
	for (size_t len = 0; len < sizeof(image); len++) {
		if (open_image(len) != MODULE_TABLES_READ)
			continue;
		module_tables_modinfo(&tables, "license");
		module_tables_version(&tables, "wanted", &crc);
		module_tables_find(&tables, "twice", 1, &found);
		module_tables_each_export(&tables, append_export, text);
		text[0] = '\0';
	}
}

static void the_index_finds_exports_and_their_modules(void **state)
{
	struct module_exports *index = module_exports_new();
	const struct exported *found;

	(void)state;
	assert_opens();
	assert_non_null(index);
	assert_null(module_exports_find(index, "exported", NULL));
	assert_null(module_exports_exporter(index, "one"));
	module_exports_add(index, "one", EXPORTER_READ, &tables);
	module_exports_add(index, "two", EXPORTER_ABSENT, NULL);
	module_exports_add(index, "three", EXPORTER_READ, &tables);
	assert_int_equal(module_exports_exporter(index, "two")->state, EXPORTER_ABSENT);
	found = module_exports_find(index, "other", NULL);
	assert_string_equal(found->exporter->name, "three");
	assert_string_equal(found->export.namespace, "SPACE");
	found = module_exports_find(index, "other", found);
	assert_string_equal(found->exporter->name, "one");
	assert_null(module_exports_find(index, "other", found));
	module_exports_free(index);
}

static void exports_that_cannot_be_read_are_those_of_no_module(void **state)
{
	struct module_exports *index = module_exports_new();

	(void)state;
	image.exports[5].r_addend = 1000;
	assert_opens();
	assert_int_equal(module_exports_add(index, "one", EXPORTER_READ, &tables)->state, EXPORTER_UNREADABLE);
	module_exports_free(index);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(modinfo_is_read_in_the_kernels_order, start),
		cmocka_unit_test_setup(a_field_without_its_end_is_none, start),
		cmocka_unit_test_setup(versions_are_found_in_both_tables, start),
		cmocka_unit_test_setup(every_symbol_of_a_name_counts_but_those_that_are_wanted, start),
		cmocka_unit_test_setup(a_function_is_patchable_if_a_location_lies_in_it, start),
		cmocka_unit_test_setup(another_machines_locations_are_not_known, start),
		cmocka_unit_test_setup(exports_are_read, start),
		cmocka_unit_test_setup(an_old_crc_is_a_symbols_value, start),
		cmocka_unit_test_setup(an_export_without_a_name_is_an_error, start),
		cmocka_unit_test_setup(what_is_no_module_is_told_apart, start),
		cmocka_unit_test_setup(a_file_that_is_cut_off_anywhere_is_read_within_its_bytes, start),
		cmocka_unit_test_setup(the_index_finds_exports_and_their_modules, start),
		cmocka_unit_test_setup(exports_that_cannot_be_read_are_those_of_no_module, start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
