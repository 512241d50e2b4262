// SPDX-License-Identifier: GPL-2.0-or-later
/* The fields of .modinfo, read without libkmod: of a small module, whole and damaged. */
#include <elf.h>
#include <stdio.h>
#include <unistd.h>

#include "unit.h"
#include "host/modinfo_section.h"

static const char names[] = "\0.data\0.modinfo";
static const char fields[] = "\0name=lp_a\0\0\0livepatch=Y\0alone\0parm=x:a=b\0last=1";

/* A file as the assembler makes it: header, texts, headers of sections. */
static struct module {
	Elf64_Ehdr header;
	char names[sizeof(names)];
	char fields[sizeof(fields) - 1];	/* the last text has no NUL */
	Elf64_Shdr sections[4];
} module;

static FILE *file;
static off_t more_bytes;	/* zeros behind the module */
static char seen[256];

static int make_module(void **state)
{
	(void)state;
	module = (struct module){
		.header = {
			.e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64, OWN_BYTE_ORDER },
			.e_type = ET_REL, .e_shoff = offsetof(struct module, sections),
			.e_shentsize = sizeof(Elf64_Shdr), .e_shnum = 4, .e_shstrndx = 3,
		},
		.sections = {
			{ 0 },
			{ .sh_name = 1, .sh_offset = 0, .sh_size = 8 },
			{ .sh_name = 7, .sh_offset = offsetof(struct module, fields),
			  .sh_size = sizeof(module.fields) },
			{ .sh_offset = offsetof(struct module, names),
			  .sh_size = sizeof(names) },
		},
	};
	memcpy(module.names, names, sizeof(names));
	memcpy(module.fields, fields, sizeof(module.fields));
	more_bytes = 0;
	file = tmpfile();
	return !file;
}

static int close_module(void **state)
{
	(void)state;
	return fclose(file);
}

static enum modinfo_result see_field(const char *key, const char *value, void *data)
{
	size_t used = strlen(seen);

	(void)data;
	snprintf(seen + used, sizeof(seen) - used, "%s:%s;", key, value);
	return strcmp(key, "stop") ? MODINFO_OK : MODINFO_CONTRADICTS;
}

/* The result for the first @size bytes of the module. */
static enum modinfo_result walk(size_t size)
{
	int fd = fileno(file);

	assert_int_equal(0, ftruncate(fd, 0));
	assert_int_equal(size, pwrite(fd, &module, size, 0));
	assert_int_equal(0, ftruncate(fd, (off_t)size + more_bytes));
	*seen = '\0';
	return modinfo_without_proc(fd, see_field, NULL);
}

static void each_field_is_seen_in_order(void **state)
{
	(void)state;
	assert_int_equal(MODINFO_OK, walk(sizeof(module)));
	assert_string_equal(seen, "name:lp_a;livepatch:Y;alone:;parm:x:a=b;last:1;");
}

static void the_visitor_ends_the_walk(void **state)
{
	(void)state;
	memcpy(module.fields + 1, "stop", 4);
	assert_int_equal(MODINFO_CONTRADICTS, walk(sizeof(module)));
	assert_string_equal(seen, "stop:lp_a;");
}

static void a_module_that_is_cut_off_anywhere_is_none(void **state)
{
	(void)state;
	for (size_t size = 0; size < sizeof(module) - sizeof(Elf64_Shdr); size++)
		assert_int_equal(MODINFO_NO_ELF, walk(size));
}

static void numbers_out_of_the_file_are_no_module(void **state)
{
	uint64_t *const offsets[] = {
		&module.header.e_shoff, &module.sections[2].sh_offset,
		&module.sections[3].sh_offset,
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(offsets); i++) {
		uint64_t good = *offsets[i];

		for (uint64_t bad = 1ULL << 63; bad > sizeof(module); bad >>= 1) {
			*offsets[i] = bad - 1;
			assert_int_equal(MODINFO_NO_ELF, walk(sizeof(module)));
		}
		*offsets[i] = good;
	}
	module.sections[2].sh_size = UINT64_MAX;
	assert_int_equal(MODINFO_NO_ELF, walk(sizeof(module)));
	module.sections[2].sh_size = sizeof(module);
	assert_int_equal(MODINFO_NO_ELF, walk(sizeof(module)));
}

static void a_section_over_the_limit_is_refused(void **state)
{
	(void)state;
	more_bytes = MODINFO_SECTION_BYTES_MAX;
	module.sections[2].sh_size = MODINFO_SECTION_BYTES_MAX;
	assert_int_equal(MODINFO_OK, walk(sizeof(module)));
	module.sections[2].sh_size++;
	assert_int_equal(MODINFO_OVER_LIMIT, walk(sizeof(module)));
}

static void another_file_is_no_module(void **state)
{
	(void)state;
	module.sections[2].sh_name = 1;
	assert_int_equal(MODINFO_NO_ELF, walk(sizeof(module)));
	module.header.e_ident[EI_CLASS] = ELFCLASS32;
	assert_int_equal(MODINFO_NO_ELF, walk(sizeof(module)));
	module.header.e_shstrndx = 4;
	assert_int_equal(MODINFO_NO_ELF, walk(sizeof(module)));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, make_module, close_module)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_field_is_seen_in_order),
		TEST(the_visitor_ends_the_walk),
		TEST(a_module_that_is_cut_off_anywhere_is_none),
		TEST(numbers_out_of_the_file_are_no_module),
		TEST(a_section_over_the_limit_is_refused),
		TEST(another_file_is_no_module),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
