// SPDX-License-Identifier: GPL-2.0-or-later
#include <elf.h>
#include <stdio.h>

#include "unit.h"
#include "host/klp_objects.h"

enum section { NONE, TEXT, DATA, STRINGS, BSS, KPATCH, RELA_DATA, RELA_KPATCH, SYMBOLS, NAMES, SECTIONS };

/* One symbol a section, as assemblers refer to, then these. */
enum { THIS_MODULE = 6, OBJS, FUNCS, SYMBOL_COUNT };

#define RELOCATIONS 40

/* A module file. .data holds nothing but what its relocations put there. */
static struct image {
	Elf64_Ehdr header;
	Elf64_Shdr sections[SECTIONS];
	Elf64_Sym symbols[SYMBOL_COUNT];
	Elf64_Rela relocations[2][RELOCATIONS];
	unsigned char text[64];
	unsigned char data[4096];
	unsigned char kpatch[3 * 56];
	char strings[256], names[128];
} image;

static size_t used[2], strings_used, names_used;
static uint64_t pointer = R_X86_64_64;	/* the type of relocations */
static struct klp_objects objects;

static uint32_t name(const char *text)
{
	size_t at = names_used;

	strcpy(image.names + at, text);
	names_used += strlen(text) + 1;
	return (uint32_t)at;
}

static void section(enum section index, const char *text, uint32_t type, uint64_t flags,
		    const void *bytes, size_t size)
{
	image.sections[index] = (Elf64_Shdr){
		.sh_name = name(text), .sh_type = type, .sh_flags = flags, .sh_size = size,
		.sh_offset = (uint64_t)((const char *)bytes - (const char *)&image),
	};
}

static void start(void)
{
	memset(&image, 0, sizeof(image));
	memset(used, 0, sizeof(used));
	strings_used = 0;
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
	section(TEXT, ".text", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, image.text, sizeof(image.text));
	section(DATA, ".data", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, image.data, sizeof(image.data));
	section(STRINGS, ".rodata.str1.1", SHT_PROGBITS, SHF_ALLOC, image.strings, sizeof(image.strings));
	section(BSS, ".bss", SHT_NOBITS, SHF_ALLOC | SHF_WRITE, image.data, 64);
	section(KPATCH, ".kpatch.funcs", SHT_PROGBITS, SHF_ALLOC, image.kpatch, sizeof(image.kpatch));
	section(RELA_DATA, ".rela.data", SHT_RELA, 0, image.relocations[0], 0);
	section(RELA_KPATCH, ".rela.kpatch.funcs", SHT_RELA, 0, image.relocations[1], 0);
	section(SYMBOLS, ".symtab", SHT_SYMTAB, 0, image.symbols, sizeof(image.symbols));
	section(NAMES, ".strtab", SHT_STRTAB, 0, image.names, sizeof(image.names));
	image.sections[RELA_DATA].sh_info = DATA;
	image.sections[RELA_KPATCH].sh_info = KPATCH;
	image.sections[RELA_DATA].sh_link = image.sections[RELA_KPATCH].sh_link = SYMBOLS;
	image.sections[SYMBOLS].sh_link = NAMES;
	for (uint16_t i = TEXT; i <= KPATCH; i++)
		image.symbols[i] = (Elf64_Sym){ .st_shndx = i, .st_info = STT_SECTION };
	image.symbols[THIS_MODULE] = (Elf64_Sym){ .st_name = name("__this_module"), .st_shndx = BSS };
}

static void variable(unsigned int symbol, uint64_t offset, uint64_t size)
{
	image.symbols[symbol] = (Elf64_Sym){ .st_shndx = DATA, .st_info = STT_OBJECT,
					     .st_value = offset, .st_size = size };
}

/* The pointer at @offset of .data (0) or .kpatch.funcs (1) is to point to @symbol + @addend. */
static void point(size_t table, uint64_t offset, uint64_t symbol, size_t addend)
{
	Elf64_Rela *rela = &image.relocations[table][used[table]++];

	assert_true(used[table] <= RELOCATIONS);
	*rela = (Elf64_Rela){ offset, ELF64_R_INFO(symbol, pointer), (int64_t)addend };
	image.sections[table ? RELA_KPATCH : RELA_DATA].sh_size = used[table] * sizeof(*rela);
}

static void point_to_text(size_t table, uint64_t offset, const char *text)
{
	point(table, offset, STRINGS, strings_used);
	strcpy(image.strings + strings_used, text);
	strings_used += strlen(text) + 1;
	assert_true(strings_used <= sizeof(image.strings));
}

static void put_function(uint64_t offset, const char *function)
{
	point_to_text(0, offset, function);
	point(0, offset + 8, TEXT, 16);
}

static void put_object(uint64_t offset, const char *object, uint64_t funcs)
{
	if (object)
		point_to_text(0, offset, object);
	point(0, offset + 8, DATA, funcs);
}

/* struct klp_patch at 16, objects from 256 on, functions behind, with structs of these sizes. */
static void put_patch(size_t object_size, size_t function_size)
{
	point(0, 16, THIS_MODULE, 0);
	point(0, 24, DATA, 256);
	put_object(256, NULL, 1500);
	put_object(256 + object_size, "kvm-amd", 1500 + 4 * function_size);
	put_function(1500, "cmdline_proc_show");
	put_function(1500 + function_size, "foo.isra.0");
	put_function(1500 + 2 * function_size, "bar");
	put_function(1500 + 4 * function_size, "svm_run");
}

/* Reads the first @len bytes, in memory of that very size. What is found lies in @ret_copy. */
static bool read_copy(size_t len, char **ret_copy)
{
	*ret_copy = malloc(len ? len : 1);
	memcpy(*ret_copy, &image, len);
	return klp_objects_of_module(*ret_copy, len, &objects);
}

#define NOTHING "nothing"

/* "object: function" of each, in order, or NOTHING. */
static const char *found(void)
{
	static char text[1024];
	char *copy, *p = text;
	bool is_found = read_copy(sizeof(image), &copy);

	strcpy(text, NOTHING);
	for (size_t i = 0; is_found && i < objects.count; i++)
		p += sprintf(p, "%s%s: %s", i ? ", " : "", objects.list[i].object,
			     objects.list[i].function);
	free(copy);
	return text;
}

#define BOTH_OBJECTS "vmlinux: cmdline_proc_show, vmlinux: foo.isra.0, vmlinux: bar, kvm-amd: svm_run"

static void objects_and_functions_are_found_for_structs_of_any_size(void **state)
{
	(void)state;
	for (size_t object_size = 64; object_size <= 336; object_size += 8) {
		start();
		put_patch(object_size, 24 + (object_size & ~15ul));
		variable(OBJS, 256, 3 * object_size);
		assert_string_equal(found(), BOTH_OBJECTS);
	}
}

/* What is found in a patch for @machine whose relocations are of type @type. */
static const char *found_for(uint16_t machine, uint64_t type)
{
	start();
	image.header.e_machine = machine;
	pointer = type;
	put_patch(168, 152);
	pointer = R_X86_64_64;
	variable(OBJS, 256, 3 * 168);
	return found();
}

static void each_machine_has_its_own_pointers(void **state)
{
	(void)state;
	assert_string_equal(found_for(EM_AARCH64, R_AARCH64_ABS64), BOTH_OBJECTS);
	assert_string_equal(found_for(EM_S390, R_390_64), BOTH_OBJECTS);
	assert_string_equal(found_for(EM_AARCH64, R_X86_64_64), NOTHING);
	assert_string_equal(found_for(EM_X86_64, R_AARCH64_ABS64), NOTHING);
	assert_string_equal(found_for(EM_RISCV, R_X86_64_64), NOTHING);
}

static void another_byte_order_is_not_read(void **state)
{
	(void)state;
	start();
	put_patch(168, 152);
	variable(OBJS, 256, 3 * 168);
	assert_string_equal(found(), BOTH_OBJECTS);
	image.header.e_ident[EI_DATA] = 3 - OWN_BYTE_ORDER;
	assert_string_equal(found(), NOTHING);
}

static void they_are_found_without_symbols_for_the_arrays(void **state)
{
	(void)state;
	start();
	put_patch(168, 152);
	assert_string_equal(found(), BOTH_OBJECTS);
}

static void without_symbols_one_array_of_functions_ends_where_the_next_begins(void **state)
{
	(void)state;
	start();
	point(0, 16, THIS_MODULE, 0);
	point(0, 24, DATA, 256);
	put_object(256, "one", 2000);
	put_object(256 + 168, "two", 2000 + 2 * 152);
	put_function(2000, "first");
	put_function(2000 + 2 * 152, "second");
	assert_string_equal(found(), "one: first, two: second");
}

static void what_follows_an_array_is_not_in_it(void **state)
{
	(void)state;
	start();
	put_patch(168, 152);
	variable(OBJS, 256, 168);
	variable(FUNCS, 1500, 152);
	assert_string_equal(found(), "vmlinux: cmdline_proc_show");
	variable(FUNCS, 1500, 2 * 152);
	assert_string_equal(found(), "vmlinux: cmdline_proc_show, vmlinux: foo.isra.0");
}

static void a_name_without_code_beside_it_is_no_function(void **state)
{
	(void)state;
	start();
	point(0, 16, THIS_MODULE, 0);
	point(0, 24, DATA, 256);
	put_object(256, NULL, 1500);
	point_to_text(0, 1500, "ctl_table");
	point(0, 1508, DATA, 0);
	assert_string_equal(found(), NOTHING);
}

static void an_object_without_functions_is_passed_over(void **state)
{
	(void)state;
	start();
	point(0, 16, THIS_MODULE, 0);
	point(0, 24, DATA, 256);
	point(0, 264, BSS, 8);		/* an array of zeros */
	put_object(256 + 168, "busy_module", 1500);
	put_function(1500, "busy");
	variable(OBJS, 256, 3 * 168);
	assert_string_equal(found(), "busy_module: busy");
}

static void a_name_is_not_taken_for_an_array_of_functions(void **state)
{
	(void)state;
	start();
	point(0, 16, THIS_MODULE, 0);
	point(0, 24, DATA, 256);
	put_object(256, "first", 1500);
	put_object(256 + 168, "second", 2000);
	put_function(1500, "one");
	put_function(2000, "two");
	assert_string_equal(found(), "first: one, second: two");
}

static void an_owner_in_another_struct_is_no_patch(void **state)
{
	(void)state;
	start();
	point(0, 3000, THIS_MODULE, 0);
	point(0, 3008, TEXT, 0);		/* file_operations: owner, llseek */
	point(0, 3100, THIS_MODULE, 0);
	point_to_text(0, 3108, "mod_name");	/* device_driver */
	point(0, 3200, THIS_MODULE, 0);
	point(0, 3208, DATA, 3000);
	point(0, 3300, THIS_MODULE, 0);		/* nothing follows */
	assert_string_equal(found(), NOTHING);
	put_patch(168, 152);
	assert_string_equal(found(), BOTH_OBJECTS);
}

static void a_name_that_is_none_is_not_taken(void **state)
{
	static const char *const bad[] = { "", "a b", "a\nb", "a\x1b[1m", "\xc3\xbc", "a:b" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		start();
		point(0, 16, THIS_MODULE, 0);
		point(0, 24, DATA, 256);
		put_object(256, NULL, 1500);
		put_function(1500, bad[i]);
		assert_string_equal(found(), NOTHING);
		start();
		point(0, 16, THIS_MODULE, 0);
		point(0, 24, DATA, 256);
		put_object(256, bad[i], 1500);
		put_function(1500, "function");
		assert_string_equal(found(), NOTHING);
	}
}

static void kpatch_builds_section_is_read(void **state)
{
	(void)state;
	start();
	for (uint64_t i = 0; i < 3; i++) {
		point(1, 56 * i, TEXT, 0);
		point_to_text(1, 56 * i + 40, i ? "second" : "first");
		point_to_text(1, 56 * i + 48, i == 1 ? "ext4" : "vmlinux");
	}
	assert_string_equal(found(), "vmlinux: first, ext4: second, vmlinux: second");
	put_patch(168, 152);
	assert_string_equal(found(), BOTH_OBJECTS);
}

static void a_position_is_read_with_its_function(void **state)
{
	uint64_t position = 3;

	(void)state;
	start();
	put_patch(168, 152);
	memcpy(image.data + 1500 + 152 + 16, &position, sizeof(position));
	assert_string_equal(found(), BOTH_OBJECTS);
	assert_int_equal(objects.list[0].position, 0);
	assert_int_equal(objects.list[1].position, 3);
	start();
	point(1, 0, TEXT, 0);
	point_to_text(1, 40, "first");
	point_to_text(1, 48, "vmlinux");
	memcpy(image.kpatch + 32, &position, sizeof(position));
	assert_string_equal(found(), "vmlinux: first");
	assert_int_equal(objects.list[0].position, 3);
}

static void an_object_that_is_named_vmlinux_is_told_from_the_kernel(void **state)
{
	(void)state;
	start();
	point(0, 16, THIS_MODULE, 0);
	point(0, 24, DATA, 256);
	put_object(256, NULL, 1500);
	put_object(256 + 168, "vmlinux", 2000);
	put_function(1500, "one");
	put_function(2000, "two");
	assert_string_equal(found(), "vmlinux: one, vmlinux: two");
	assert_false(objects.list[0].is_vmlinux_by_name);
	assert_true(objects.list[1].is_vmlinux_by_name);
}

static void what_follows_a_name_that_is_none_is_missed_and_that_is_said(void **state)
{
	(void)state;
	start();
	put_patch(168, 152);
	assert_string_equal(found(), BOTH_OBJECTS);
	assert_false(objects.is_partial);
	put_function(1500 + 3 * 152, "a b");
	assert_string_equal(found(), BOTH_OBJECTS);
	assert_true(objects.is_partial);
	start();
	point_to_text(1, 40, "first");
	point_to_text(1, 48, "vmlinux");
	point_to_text(1, 96, "a b");
	point_to_text(1, 104, "vmlinux");
	assert_string_equal(found(), "vmlinux: first");
	assert_true(objects.is_partial);
}

/*
 * The sections of klp-build: two objects in the one with this name, their functions in .data. Like a linker's, they follow
 * each other there.
 */
static void put_klp_build(const char *section_name, uint32_t vmlinux_functions)
{
	const uint32_t one = 1;

	start();
	image.sections[KPATCH].sh_name = name(section_name);
	image.sections[KPATCH].sh_size = 2 * 64;
	point(1, 8, DATA, 3000);
	memcpy(image.kpatch + 56, &vmlinux_functions, sizeof(vmlinux_functions));
	point_to_text(1, 64, "kvm_amd");
	point(1, 64 + 8, DATA, 3000 + 2 * 24);
	memcpy(image.kpatch + 64 + 56, &one, sizeof(one));
	put_function(3000, "cmdline_proc_show");
	put_function(3000 + 24, "foo.isra.0");
	put_function(3000 + 2 * 24, "svm_run");
}

static void klp_builds_sections_are_read(void **state)
{
	static const char *const sections[] = { ".init.klp_objects", "__klp_objects" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(sections); i++) {
		put_klp_build(sections[i], 2);
		assert_string_equal(found(), "vmlinux: cmdline_proc_show, vmlinux: foo.isra.0, kvm_amd: svm_run");
		put_klp_build(sections[i], 1);
		assert_string_equal(found(), "vmlinux: cmdline_proc_show, kvm_amd: svm_run");
		put_patch(168, 152);
		assert_string_equal(found(), BOTH_OBJECTS);
	}
}

static void of_what_klp_build_made_all_is_read_or_nothing(void **state)
{
	(void)state;
	put_klp_build("__klp_objects", 4);	/* there are three */
	assert_string_equal(found(), NOTHING);
	put_klp_build("__klp_objects", UINT32_MAX);
	assert_string_equal(found(), NOTHING);
	put_klp_build("__klp_objects", 2);
	image.sections[KPATCH].sh_size = 64 + 56;	/* the second object's number is not there */
	assert_string_equal(found(), NOTHING);
	put_klp_build("__klp_objects", 2);
	image.relocations[1][2].r_offset = 0;	/* the second object has no functions */
	assert_string_equal(found(), NOTHING);
	put_klp_build("__klp_objects", 2);
	image.strings[0] = ' ';
	assert_string_equal(found(), NOTHING);
}

/* What the module says of replacing others. Its klp_patch is at 16, if it has one. */
static enum klp_replace replace(void)
{
	char *copy;
	enum klp_replace ret;

	read_copy(sizeof(image), &copy);
	ret = klp_replace_of_module(copy, sizeof(image));
	free(copy);
	return ret;
}

static void a_patch_says_whether_it_replaces(void **state)
{
	(void)state;
	start();
	image.sections[KPATCH].sh_name = name(".other");
	assert_int_equal(replace(), KLP_REPLACE_UNKNOWN);
	put_patch(168, 152);
	assert_int_equal(replace(), KLP_REPLACE_UNKNOWN);
	image.data[16 + 24] = 1;
	assert_int_equal(replace(), KLP_REPLACE_YES);
	image.data[16 + 24] = 2;	/* no bool */
	assert_int_equal(replace(), KLP_REPLACE_UNKNOWN);
	image.sections[DATA].sh_size = 40;
	assert_int_equal(replace(), KLP_REPLACE_UNKNOWN);
}

static void of_a_builders_patch_the_default_is_known(void **state)
{
	static const char *const sections[] = { ".kpatch.funcs", ".init.klp_objects", "__klp_objects" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(sections); i++) {
		start();
		image.sections[KPATCH].sh_name = name(sections[i]);
		assert_int_equal(replace(), KLP_REPLACE_BY_DEFAULT);
		put_patch(168, 152);
		assert_int_equal(replace(), KLP_REPLACE_UNKNOWN);
	}
	image.header.e_machine ^= 1;
	assert_int_equal(replace(), KLP_REPLACE_UNKNOWN);
}

/* The linker script of Linux 6.19 makes one in each module. */
static void an_empty_section_of_klp_build_says_nothing(void **state)
{
	(void)state;
	start();
	image.sections[KPATCH].sh_name = name("__klp_objects");
	image.sections[KPATCH].sh_size = 0;
	assert_string_equal(found(), NOTHING);
	assert_int_equal(replace(), KLP_REPLACE_UNKNOWN);
}

/* The byte of a field that is worth most. */
#define HIGH_BYTE(field) \
	(offsetof(Elf64_Ehdr, field) + \
	 (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? sizeof(((Elf64_Ehdr *)0)->field) - 1 : 0))

static void what_is_no_module_for_this_machine_is_refused(void **state)
{
	unsigned char *const bytes = (unsigned char *)&image;
	static const size_t fields[] = { 0, EI_CLASS, EI_DATA, offsetof(Elf64_Ehdr, e_type),
		offsetof(Elf64_Ehdr, e_machine), offsetof(Elf64_Ehdr, e_shentsize),
		HIGH_BYTE(e_shoff), HIGH_BYTE(e_shnum) };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		start();
		put_patch(168, 152);
		bytes[fields[i]] ^= 0x7f;
		assert_string_equal(found(), NOTHING);
	}
}

static void cut_files_are_never_read_past_their_end(void **state)
{
	char *copy;

	(void)state;
	start();
	put_patch(168, 152);
	for (size_t len = 0; len < offsetof(struct image, names) + sizeof(image.names); len++) {
		assert_false(read_copy(len, &copy));
		free(copy);
	}
}

static void no_damaged_byte_leads_astray(void **state)
{
	static const unsigned char values[] = { 0, 1, 0x7f, 0x80, 0xff };
	unsigned char *const bytes = (unsigned char *)&image;
	char *copy;

	(void)state;
	start();
	put_patch(168, 152);
	for (size_t i = 0; i < offsetof(struct image, text); i++)
		for (size_t k = 0; k < ARRAY_SIZE(values); k++) {
			unsigned char before = bytes[i];

			bytes[i] = values[k];
			if (read_copy(sizeof(image), &copy))
				for (size_t n = 0; n < objects.count; n++)
					assert_true(*objects.list[n].object && *objects.list[n].function);
			free(copy);
			bytes[i] = before;
		}
}

static void offsets_and_sizes_that_overflow_are_harmless(void **state)
{
	(void)state;
	for (int i = NONE; i < SECTIONS; i++)
		for (int k = 0; k < 2; k++) {
			start();
			put_patch(168, 152);
			if (k)
				image.sections[i].sh_size = UINT64_MAX;
			else
				image.sections[i].sh_offset = UINT64_MAX - 7;
			found();
		}
	for (size_t i = 0; i < used[0]; i++) {
		start();
		put_patch(168, 152);
		variable(OBJS, 256, UINT64_MAX);
		variable(FUNCS, 1500, UINT64_MAX - 1500);
		image.relocations[0][i].r_addend = INT64_MIN;
		found();
		image.relocations[0][i].r_offset = UINT64_MAX - 3;
		image.relocations[0][i].r_info = UINT64_MAX;
		found();
	}
}

/* @count functions in kpatch-build's section, in a file of its own. */
static bool read_many_functions(size_t count)
{
	size_t kpatch = sizeof(image), relocations = kpatch + count * 56;
	size_t len = relocations + 2 * count * sizeof(Elf64_Rela);
	char *file = calloc(1, len);
	bool is_found;

	start();
	strcpy(image.strings, "name");
	image.sections[KPATCH].sh_offset = kpatch;
	image.sections[KPATCH].sh_size = count * 56;
	image.sections[RELA_KPATCH].sh_offset = relocations;
	image.sections[RELA_KPATCH].sh_size = len - relocations;
	memcpy(file, &image, sizeof(image));
	for (size_t i = 0; i < 2 * count; i++) {
		Elf64_Rela rela = { i / 2 * 56 + 40 + i % 2 * 8, ELF64_R_INFO(STRINGS, R_X86_64_64), 0 };

		memcpy(file + relocations + i * sizeof(rela), &rela, sizeof(rela));
	}
	is_found = klp_objects_of_module(file, len, &objects);
	free(file);
	return is_found;
}

static void too_many_functions_are_an_error(void **state)
{
	(void)state;
	assert_true(read_many_functions(FUNCTIONS_MAX));
	assert_int_equal(objects.count, FUNCTIONS_MAX);
	assert_false(read_many_functions(FUNCTIONS_MAX + 1));
}

/* Each pointer to the module may be a patch, and each is looked for in the whole table. */
static void tables_that_would_keep_it_busy_are_given_up(void **state)
{
	size_t count = 20000, len = sizeof(image) + count * sizeof(Elf64_Rela);
	char *file = calloc(1, len);

	(void)state;
	start();
	put_patch(168, 152);
	image.sections[RELA_DATA].sh_offset = sizeof(image);
	image.sections[RELA_DATA].sh_size = len - sizeof(image);
	memcpy(file, &image, sizeof(image));
	memcpy(file + sizeof(image), image.relocations[0], used[0] * sizeof(Elf64_Rela));
	for (size_t i = used[0]; i < count; i++) {
		Elf64_Rela rela = { 3000, ELF64_R_INFO(THIS_MODULE, R_X86_64_64), 0 };

		memcpy(file + sizeof(image) + i * sizeof(rela), &rela, sizeof(rela));
	}
	assert_false(klp_objects_of_module(file, len, &objects));
	free(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(objects_and_functions_are_found_for_structs_of_any_size),
		cmocka_unit_test(each_machine_has_its_own_pointers),
		cmocka_unit_test(another_byte_order_is_not_read),
		cmocka_unit_test(they_are_found_without_symbols_for_the_arrays),
		cmocka_unit_test(without_symbols_one_array_of_functions_ends_where_the_next_begins),
		cmocka_unit_test(what_follows_an_array_is_not_in_it),
		cmocka_unit_test(a_name_without_code_beside_it_is_no_function),
		cmocka_unit_test(an_object_without_functions_is_passed_over),
		cmocka_unit_test(a_name_is_not_taken_for_an_array_of_functions),
		cmocka_unit_test(an_owner_in_another_struct_is_no_patch),
		cmocka_unit_test(a_name_that_is_none_is_not_taken),
		cmocka_unit_test(kpatch_builds_section_is_read),
		cmocka_unit_test(a_position_is_read_with_its_function),
		cmocka_unit_test(an_object_that_is_named_vmlinux_is_told_from_the_kernel),
		cmocka_unit_test(what_follows_a_name_that_is_none_is_missed_and_that_is_said),
		cmocka_unit_test(klp_builds_sections_are_read),
		cmocka_unit_test(of_what_klp_build_made_all_is_read_or_nothing),
		cmocka_unit_test(a_patch_says_whether_it_replaces),
		cmocka_unit_test(of_a_builders_patch_the_default_is_known),
		cmocka_unit_test(an_empty_section_of_klp_build_says_nothing),
		cmocka_unit_test(what_is_no_module_for_this_machine_is_refused),
		cmocka_unit_test(cut_files_are_never_read_past_their_end),
		cmocka_unit_test(no_damaged_byte_leads_astray),
		cmocka_unit_test(offsets_and_sizes_that_overflow_are_harmless),
		cmocka_unit_test(too_many_functions_are_an_error),
		cmocka_unit_test(tables_that_would_keep_it_busy_are_given_up),
	};

	return cmocka_run_group_tests_name("objects", tests, NULL, NULL);
}
