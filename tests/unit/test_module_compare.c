// SPDX-License-Identifier: GPL-2.0-or-later
#include <elf.h>
#include <stdio.h>

#include "unit.h"
#include "host/module_compare.h"

#define LIVEPATCH_FLAG	0x00100000
#define LIVEPATCH_INDEX	0xff20

enum section { NONE, OPS, RELA_OPS, DEBUG, RELA_DEBUG, BSS, FUNCS, SYMBOLS, NAMES, SECTIONS };
enum symbol { NO_SYMBOL, OLD_OPEN, OLD_RELEASE, LOCAL, SYMBOL_COUNT };

/* A patch with a table of functions that the kernel's live patching relocates, and debug sections. */
struct image {
	Elf64_Ehdr header;
	Elf64_Shdr sections[SECTIONS];
	Elf64_Sym symbols[SYMBOL_COUNT];
	Elf64_Rela relocations[3], debug_relocations[1];
	unsigned char ops[24], debug[64], funcs[8];
	char names[256];
};

static uint32_t add_name(struct image *image, const char *text)
{
	size_t at = 1;

	while (image->names[at])
		at += strlen(image->names + at) + 1;
	assert_true(at + strlen(text) < sizeof(image->names) - 1);
	strcpy(image->names + at, text);
	return (uint32_t)at;
}

static struct image made(void)
{
	struct image image = {
		.header = {
			.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, OWN_BYTE_ORDER },
			.e_type = ET_REL, .e_machine = EM_AARCH64, .e_shoff = offsetof(struct image, sections),
			.e_shentsize = sizeof(Elf64_Shdr), .e_shnum = SECTIONS, .e_shstrndx = NAMES,
		},
		.sections = {
			[OPS] = { .sh_type = SHT_PROGBITS, .sh_flags = SHF_ALLOC, .sh_addralign = 8,
				  .sh_offset = offsetof(struct image, ops), .sh_size = 24 },
			[RELA_OPS] = { .sh_type = SHT_RELA, .sh_flags = LIVEPATCH_FLAG, .sh_info = OPS,
				       .sh_link = SYMBOLS, .sh_size = sizeof(image.relocations),
				       .sh_offset = offsetof(struct image, relocations) },
			[DEBUG] = { .sh_type = SHT_PROGBITS, .sh_offset = offsetof(struct image, debug),
				    .sh_size = 64 },
			[RELA_DEBUG] = { .sh_type = SHT_RELA, .sh_info = DEBUG, .sh_link = SYMBOLS,
					 .sh_size = sizeof(Elf64_Rela),
					 .sh_offset = offsetof(struct image, debug_relocations) },
			[BSS] = { .sh_type = SHT_NOBITS, .sh_flags = SHF_ALLOC | SHF_WRITE, .sh_size = 4096 },
			[FUNCS] = { .sh_type = SHT_PROGBITS, .sh_offset = offsetof(struct image, funcs),
				    .sh_size = 8 },
			[SYMBOLS] = { .sh_type = SHT_SYMTAB, .sh_offset = offsetof(struct image, symbols),
				      .sh_link = NAMES, .sh_size = sizeof(image.symbols) },
			[NAMES] = { .sh_type = SHT_STRTAB, .sh_offset = offsetof(struct image, names),
				    .sh_size = sizeof(image.names) },
		},
		.relocations = {
			{ 0, ELF64_R_INFO(OLD_OPEN, 1), 0 },
			{ 8, ELF64_R_INFO(OLD_RELEASE, 1), 0 },
			{ 16, ELF64_R_INFO(LOCAL, 1), 0 },
		},
	};

	image.sections[OPS].sh_name = add_name(&image, ".rodata.ops");
	image.sections[RELA_OPS].sh_name = add_name(&image, ".klp.rela.vmlinux..rodata.ops");
	image.sections[DEBUG].sh_name = add_name(&image, ".debug_info");
	image.sections[RELA_DEBUG].sh_name = add_name(&image, ".rela.debug_info");
	image.sections[BSS].sh_name = add_name(&image, ".bss");
	image.sections[FUNCS].sh_name = add_name(&image, ".kpatch.funcs");
	image.symbols[OLD_OPEN] = (Elf64_Sym){ .st_name = add_name(&image, ".klp.sym.vmlinux.old_open,0"),
					       .st_info = ELF64_ST_INFO(STB_GLOBAL, STT_NOTYPE),
					       .st_shndx = LIVEPATCH_INDEX };
	image.symbols[OLD_RELEASE] = image.symbols[OLD_OPEN];
	image.symbols[OLD_RELEASE].st_name = add_name(&image, ".klp.sym.vmlinux.old_release,0");
	image.symbols[LOCAL] = (Elf64_Sym){ .st_name = add_name(&image, "local"), .st_shndx = BSS, .st_value = 8,
					    .st_size = 16, .st_info = ELF64_ST_INFO(STB_LOCAL, STT_OBJECT) };
	return image;
}

#define SAME "the same"
#define UNKNOWN "unknown"

/* The section that differs, SAME, or UNKNOWN. */
static const char *compared(const struct image *one, const struct image *other, size_t other_len)
{
	static char section[64];
	void *copy = malloc(other_len ? other_len : 1);
	const char *found;
	bool is_same;

	memcpy(copy, other, other_len);
	is_same = module_compare(&(struct module_bytes){ one, sizeof(*one) },
				 &(struct module_bytes){ copy, other_len }, &found);
	snprintf(section, sizeof(section), "%s", found ? found : UNKNOWN);
	free(copy);
	return is_same ? SAME : section;
}

static void a_file_is_the_same_as_itself(void **state)
{
	const struct image image = made();

	(void)state;
	assert_string_equal(SAME, compared(&image, &image, sizeof(image)));
}

static void debug_sections_and_indices_of_symbols_may_change(void **state)
{
	const struct image before = made();
	struct image after = before;

	(void)state;
	memset(after.debug, 1, sizeof(after.debug));
	after.sections[DEBUG].sh_size = 8;
	after.debug_relocations[0].r_addend = 5;
	after.sections[RELA_OPS].sh_flags |= SHF_INFO_LINK;
	after.symbols[OLD_OPEN] = before.symbols[OLD_RELEASE];
	after.symbols[OLD_RELEASE] = before.symbols[OLD_OPEN];
	after.relocations[0].r_info = ELF64_R_INFO(OLD_RELEASE, 1);
	after.relocations[1].r_info = ELF64_R_INFO(OLD_OPEN, 1);
	assert_string_equal(SAME, compared(&before, &after, sizeof(after)));
}

/* In each of them the lowest bit of one byte changes. */
static const struct {
	size_t at;
	const char *section;
} changes[] = {
#define AT(member) offsetof(struct image, member)
	{ AT(ops[3]), ".rodata.ops" },
	{ AT(sections[OPS].sh_addralign), ".rodata.ops" },
	{ AT(sections[OPS].sh_flags), ".rodata.ops" },
	{ AT(funcs[7]), ".kpatch.funcs" },
	{ AT(sections[BSS].sh_size), ".bss" },
#define RELA ".klp.rela.vmlinux..rodata.ops"
	{ AT(sections[RELA_OPS].sh_type), RELA },
	{ AT(sections[RELA_OPS].sh_flags), RELA },
	{ AT(sections[RELA_OPS].sh_size), RELA },
	{ AT(sections[RELA_OPS].sh_info), RELA },
	{ AT(relocations[0].r_offset), RELA },
	{ AT(relocations[0].r_info), RELA },
	{ AT(relocations[1].r_addend), RELA },
	{ AT(symbols[OLD_OPEN].st_name), RELA },
	{ AT(symbols[OLD_OPEN].st_info), RELA },
	{ AT(symbols[OLD_OPEN].st_shndx), RELA },
	{ AT(symbols[OLD_RELEASE].st_value), RELA },
	{ AT(symbols[LOCAL].st_size), RELA },
	{ AT(symbols[LOCAL].st_shndx), RELA },
};

static void what_the_kernel_takes_may_not(void **state)
{
	const struct image before = made();

	(void)state;
	for (size_t i = 0; i < sizeof(changes) / sizeof(*changes); i++) {
		struct image after = before;

		((unsigned char *)&after)[changes[i].at] ^= 1;
		assert_string_equal(changes[i].section, compared(&before, &after, sizeof(after)));
	}
}

/* As strip(1) does it where a section has no other relocations: .klp.rela.vmlinux..X becomes .rela.X. */
static void a_section_that_is_gone_or_renamed_differs(void **state)
{
	const struct image before = made();
	struct image after = before;

	(void)state;
	after.sections[RELA_OPS].sh_name += strlen(".klp.rela.vmlinux.");
	after.sections[RELA_OPS].sh_flags = SHF_INFO_LINK;
	assert_string_equal(RELA, compared(&before, &after, sizeof(after)));
	/* The next one stands in its place. */
	after.sections[RELA_OPS] = (Elf64_Shdr){ .sh_name = before.sections[DEBUG].sh_name };
	assert_string_equal(RELA, compared(&before, &after, sizeof(after)));
	assert_string_equal(RELA, compared(&after, &before, sizeof(before)));
	/* It stands elsewhere under its new name, behind one that did not change. */
	after.sections[RELA_OPS] = before.sections[BSS];
	after.sections[BSS] = before.sections[RELA_OPS];
	after.sections[BSS].sh_name += strlen(".klp.rela.vmlinux.");
	assert_string_equal(RELA, compared(&before, &after, sizeof(after)));
	after = before;
	after.sections[FUNCS].sh_name = before.sections[DEBUG].sh_name;
	assert_string_equal(".kpatch.funcs", compared(&before, &after, sizeof(after)));
	assert_string_equal(".kpatch.funcs", compared(&after, &before, sizeof(before)));
}

static void what_is_no_module_is_not_the_same(void **state)
{
	const struct image image = made();
	struct image other = image;

	(void)state;
	assert_string_equal(UNKNOWN, compared(&image, &image, 0));
	assert_string_equal(UNKNOWN, compared(&image, &image, sizeof(Elf64_Ehdr)));
	other.header.e_ident[EI_CLASS] = ELFCLASS32;
	assert_string_equal(UNKNOWN, compared(&other, &other, sizeof(other)));
	other = image;
	other.header.e_shnum = 0;
	assert_string_equal(UNKNOWN, compared(&other, &other, sizeof(other)));
	/* Bytes that are not in the file are equal to none. */
	other = image;
	other.sections[RELA_OPS].sh_offset = sizeof(other);
	assert_string_equal(RELA, compared(&other, &other, sizeof(other)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_is_the_same_as_itself),
		cmocka_unit_test(debug_sections_and_indices_of_symbols_may_change),
		cmocka_unit_test(what_the_kernel_takes_may_not),
		cmocka_unit_test(a_section_that_is_gone_or_renamed_differs),
		cmocka_unit_test(what_is_no_module_is_not_the_same),
	};

	return cmocka_run_group_tests_name("module_compare", tests, NULL, NULL);
}
