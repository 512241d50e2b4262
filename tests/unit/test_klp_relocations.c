// SPDX-License-Identifier: GPL-2.0-or-later
#include <elf.h>
#include <stdio.h>
#include <unistd.h>

#include "unit.h"
#include "common/module/klp_relocations.h"

#define LIVEPATCH 0x00100000

static int file_with(const void *bytes, size_t size)
{
	FILE *file = tmpfile();

	assert_non_null(file);
	assert_int_equal(size, fwrite(bytes, 1, size, file));
	assert_int_equal(0, fflush(file));
	return fileno(file);
}

struct module {
	Elf64_Ehdr header;
	Elf64_Shdr sections[4];
};

/* Of its sections two have livepatch relocations, 588 and 12 of them. */
static struct module sample(void)
{
	return (struct module){
		.header = {
			.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64 },
			.e_shoff = sizeof(Elf64_Ehdr), .e_shentsize = sizeof(Elf64_Shdr), .e_shnum = 4,
		},
		.sections = {
			{ .sh_type = SHT_NULL },
			{ .sh_type = SHT_RELA, .sh_size = 5 * sizeof(Elf64_Rela) },
			{ .sh_type = SHT_RELA, .sh_flags = LIVEPATCH, .sh_size = 588 * sizeof(Elf64_Rela) },
			{ .sh_type = SHT_RELA, .sh_flags = LIVEPATCH, .sh_size = 12 * sizeof(Elf64_Rela) },
		},
	};
}

static void only_livepatch_relocations_count(void **state)
{
	struct module module = sample();

	(void)state;
	assert_int_equal(600, klp_relocations_count(file_with(&module, sizeof(module))));
	module.sections[2].sh_size = module.sections[3].sh_size = 0;
	assert_int_equal(0, klp_relocations_count(file_with(&module, sizeof(module))));
}

static void what_is_no_whole_module_has_none(void **state)
{
	struct module module = sample();

	(void)state;
	assert_int_equal(0, klp_relocations_count(file_with("", 0)));
	assert_int_equal(0, klp_relocations_count(file_with(&module, sizeof(module) - 1)));
	module.header.e_ident[EI_CLASS] = ELFCLASS32;
	assert_int_equal(0, klp_relocations_count(file_with(&module, sizeof(module))));
	module = sample();
	module.header.e_shoff = UINT64_MAX;
	assert_int_equal(0, klp_relocations_count(file_with(&module, sizeof(module))));
}

static void a_lie_has_a_limit(void **state)
{
	struct module module = sample();

	(void)state;
	module.sections[2].sh_size = UINT64_MAX;
	assert_int_equal(1000000, klp_relocations_count(file_with(&module, sizeof(module))));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_livepatch_relocations_count),
		cmocka_unit_test(what_is_no_whole_module_has_none),
		cmocka_unit_test(a_lie_has_a_limit),
	};

	return cmocka_run_group_tests_name("klp_relocations", tests, NULL, NULL);
}
