// SPDX-License-Identifier: GPL-2.0-or-later
#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "unit.h"
#include "common/module/buildid.h"

/* A note of another owner, then the build id 01 02 03 04 05 with its padding. */
static const struct {
	Elf64_Nhdr other;
	char other_owner[4], other_text[4];
	Elf64_Nhdr header;
	char owner[4];
	unsigned char id[8];
} notes = { { 4, 1, 3 }, "Xen", { 9 }, { 4, 5, 3 }, "GNU", { 1, 2, 3, 4, 5 } };

static void the_id_is_found_behind_other_notes(void **state)
{
	struct build_id id;

	(void)state;
	assert_int_equal(BUILD_ID_FOUND, build_id_from_notes(&notes, sizeof(notes), &id));
	assert_int_equal(id.len, 5);
	assert_memory_equal(id.bytes, "\1\2\3\4\5", 5);
}

static void cut_notes_are_never_read_past_their_end(void **state)
{
	(void)state;
	for (size_t len = 0; len < sizeof(notes); len++) {
		unsigned char *cut = malloc(len ? len : 1);
		struct build_id id;

		memcpy(cut, &notes, len);
		assert_int_equal(len == 0 || len == 20 ? BUILD_ID_NONE : BUILD_ID_DAMAGED,
				 build_id_from_notes(cut, len, &id));
		free(cut);
	}
}

static void sizes_that_overflow_are_refused(void **state)
{
	unsigned char bad[sizeof(notes)];
	struct build_id id;

	(void)state;
	memcpy(bad, &notes, sizeof(bad));
	memset(bad + 24, 0xff, 4);
	assert_int_equal(BUILD_ID_DAMAGED, build_id_from_notes(bad, sizeof(bad), &id));
	memset(bad + 20, 0xff, 4);
	assert_int_equal(BUILD_ID_DAMAGED, build_id_from_notes(bad, sizeof(bad), &id));
}

static int file_with(const void *bytes, size_t len)
{
	FILE *file = tmpfile();

	fwrite(bytes, 1, len, file);
	fflush(file);
	return fileno(file);
}

static void a_module_file_has_its_id_in_a_note_section(void **state)
{
	struct {
		Elf64_Ehdr header;
		Elf64_Shdr sections[2];
		unsigned char notes[sizeof(notes)];
	} elf = { 0 };
	struct build_id id;

	(void)state;
	memcpy(elf.header.e_ident, ELFMAG, SELFMAG);
	elf.header.e_ident[EI_CLASS] = ELFCLASS64;
	elf.header.e_shoff = offsetof(__typeof__(elf), sections);
	elf.header.e_shentsize = sizeof(Elf64_Shdr);
	elf.header.e_shnum = 2;
	elf.sections[1].sh_type = SHT_NOTE;
	elf.sections[1].sh_offset = offsetof(__typeof__(elf), notes);
	elf.sections[1].sh_size = sizeof(notes);
	memcpy(elf.notes, &notes, sizeof(notes));
	assert_true(build_id_of_file(file_with(&elf, sizeof(elf)), &id));
	assert_int_equal(id.len, 5);
	for (size_t len = 0; len < sizeof(elf.header) + sizeof(elf.sections); len += 7)
		assert_false(build_id_of_file(file_with(&elf, len), &id));
	elf.sections[1].sh_offset = UINT64_MAX;
	assert_false(build_id_of_file(file_with(&elf, sizeof(elf)), &id));
	elf.sections[1].sh_type = SHT_PROGBITS;
	assert_false(build_id_of_file(file_with(&elf, sizeof(elf)), &id));
	elf.header.e_ident[EI_CLASS] = ELFCLASS32;
	assert_false(build_id_of_file(file_with(&elf, sizeof(elf)), &id));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_id_is_found_behind_other_notes),
		cmocka_unit_test(cut_notes_are_never_read_past_their_end),
		cmocka_unit_test(sizes_that_overflow_are_refused),
		cmocka_unit_test(a_module_file_has_its_id_in_a_note_section),
	};

	return cmocka_run_group_tests_name("buildid", tests, NULL, NULL);
}
