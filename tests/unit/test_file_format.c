// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>

#include "unit.h"
#include "host/check/file_format.h"

static unsigned char file[8192];
static struct file_payload payload;

static void put(size_t offset, const char *text)
{
	memcpy(file + offset, text, strlen(text));
}

static void put16(size_t offset, unsigned int number)
{
	file[offset] = (unsigned char)number;
	file[offset + 1] = (unsigned char)(number >> 8);
}

static void put32(size_t offset, uint32_t number)
{
	put16(offset, number & 0xffff);
	put16(offset + 2, number >> 16);
}

static enum file_format format(size_t size)
{
	unsigned char *copy = malloc(size + !size);
	enum file_format found;

	memset(&payload, 0, sizeof(payload));
	memcpy(copy, file, size);
	found = file_format(copy, size, &payload);
	if (found == FILE_FORMAT_PART || found == FILE_FORMAT_COMPRESSED) {
		assert_true(payload.bytes >= copy && payload.bytes <= copy + size);
		assert_true(payload.size <= (size_t)(copy + size - payload.bytes));
		payload.bytes = file + (payload.bytes - copy);
	}
	free(copy);
	return found;
}

static void assert_payload(size_t offset, size_t size, const char *program)
{
	assert_ptr_equal(payload.bytes, file + offset);
	assert_int_equal(payload.size, size);
	if (program)
		assert_string_equal(payload.program, program);
	else
		assert_null(payload.program);
}

/* A bzImage of two sectors of setup, with its payload 64 bytes behind them. */
static void make_bzimage(void)
{
	memset(file, 0, sizeof(file));
	put(0, "MZ");
	file[0x1f1] = 1;
	put(0x202, "HdrS");
	put16(0x206, 0x20f);
	put32(0x248, 64);
	put32(0x24c, 1000);
	put(1088, "\xfd""7zXZ");
}

static void a_bzimage_has_its_payload_behind_the_setup(void **state)
{
	(void)state;
	make_bzimage();
	assert_int_equal(format(sizeof(file)), FILE_FORMAT_COMPRESSED);
	assert_payload(1088, 996, "xz");
	put(1088, "\x1f\x8b\x08");
	assert_int_equal(format(sizeof(file)), FILE_FORMAT_COMPRESSED);
	assert_payload(1088, 1000, "gzip");
	put(1088, "\x7f""ELF");
	assert_int_equal(format(sizeof(file)), FILE_FORMAT_PART);
	assert_payload(1088, 1000, NULL);
	file[0x1f1] = 0;
	put(5 * 512 + 64, "\x28\xb5\x2f\xfd");
	assert_int_equal(format(sizeof(file)), FILE_FORMAT_COMPRESSED);
	assert_payload(5 * 512 + 64, 996, "zstd");
}

static void a_bzimage_without_its_payload_is_damaged(void **state)
{
	(void)state;
	make_bzimage();
	assert_int_equal(format(2088), FILE_FORMAT_COMPRESSED);
	assert_int_equal(format(2087), FILE_FORMAT_DAMAGED);
	put32(0x248, 0xffffffff);
	assert_int_equal(format(sizeof(file)), FILE_FORMAT_DAMAGED);
	make_bzimage();
	put32(0x24c, 0);
	assert_int_equal(format(sizeof(file)), FILE_FORMAT_DAMAGED);
	make_bzimage();
	put16(0x206, 0x207);
	assert_int_equal(format(sizeof(file)), FILE_FORMAT_NONE);
}

static void elf_and_image_are_kernels(void **state)
{
	(void)state;
	memset(file, 0, sizeof(file));
	put(0, "\x7f""ELF");
	assert_int_equal(format(4), FILE_FORMAT_KERNEL);
	put(0, "MZ\0\0");
	put(56, "ARMd");
	assert_int_equal(format(64), FILE_FORMAT_KERNEL);
	assert_int_equal(format(63), FILE_FORMAT_NONE);
}

static void what_is_compressed_as_a_whole_is_told_by_its_begin(void **state)
{
	static const struct {
		const char *magic, *program;
	} known[] = {
		{ "\x1f\x8b\x08", "gzip" }, { "\xfd""7zXZ", "xz" }, { "\x28\xb5\x2f\xfd", "zstd" },
		{ "\x02\x21\x4c\x18", "lz4" }, { "BZh9", "bzip2" }, { "\x5d", "xz" }, { "\x89LZO", "lzop" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		memset(file, 0, sizeof(file));
		put(0, known[i].magic);
		assert_int_equal(format(100), FILE_FORMAT_COMPRESSED);
		assert_payload(0, 100, known[i].program);
		assert_int_equal(format(1), FILE_FORMAT_NONE);
	}
	memset(file, 0, sizeof(file));
	assert_int_equal(format(sizeof(file)), FILE_FORMAT_NONE);
	assert_int_equal(format(0), FILE_FORMAT_NONE);
}

static void an_efi_zboot_image_says_where_its_payload_is(void **state)
{
	(void)state;
	memset(file, 0, sizeof(file));
	put(0, "MZ");
	put(4, "zimg");
	put32(8, 512);
	put32(12, 100);
	put(512, "\x1f\x8b\x08");
	assert_int_equal(format(612), FILE_FORMAT_COMPRESSED);
	assert_payload(512, 100, "gzip");
	assert_int_equal(format(611), FILE_FORMAT_DAMAGED);
}

/* A PE file of two sections, of which the second is .linux. */
static void make_uki(void)
{
	memset(file, 0, sizeof(file));
	put(0, "MZ");
	put32(0x3c, 0x80);
	put(0x80, "PE");
	put16(0x86, 2);
	put16(0x94, 240);
	put(0x188, ".osrel");
	put(0x1b0, ".linux");
	put32(0x1b0 + 8, 1000);
	put32(0x1b0 + 16, 1024);
	put32(0x1b0 + 20, 4096);
}

static void a_unified_kernel_image_has_the_kernel_in_a_section(void **state)
{
	(void)state;
	make_uki();
	assert_int_equal(format(sizeof(file)), FILE_FORMAT_PART);
	assert_payload(4096, 1000, NULL);
	put32(0x1b0 + 8, 0);
	assert_int_equal(format(5120), FILE_FORMAT_PART);
	assert_payload(4096, 1024, NULL);
	assert_int_equal(format(5119), FILE_FORMAT_DAMAGED);
	put(0x1b0, ".linux2");
	assert_int_equal(format(sizeof(file)), FILE_FORMAT_NONE);
	put16(0x86, 0xffff);
	assert_int_equal(format(sizeof(file)), FILE_FORMAT_DAMAGED);
	put32(0x3c, 0xffffffff);
	assert_int_equal(format(sizeof(file)), FILE_FORMAT_NONE);
}

static void no_cut_and_no_damaged_byte_leads_out_of_the_file(void **state)
{
	void (*const make[])(void) = { make_bzimage, make_uki };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(make); i++) {
		make[i]();
		for (size_t size = 0; size < 0x260; size++)
			format(size);
		for (size_t offset = 0; offset < 0x260; offset++) {
			make[i]();
			file[offset] = 0xff;
			format(6000);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bzimage_has_its_payload_behind_the_setup),
		cmocka_unit_test(a_bzimage_without_its_payload_is_damaged),
		cmocka_unit_test(elf_and_image_are_kernels),
		cmocka_unit_test(what_is_compressed_as_a_whole_is_told_by_its_begin),
		cmocka_unit_test(an_efi_zboot_image_says_where_its_payload_is),
		cmocka_unit_test(a_unified_kernel_image_has_the_kernel_in_a_section),
		cmocka_unit_test(no_cut_and_no_damaged_byte_leads_out_of_the_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
