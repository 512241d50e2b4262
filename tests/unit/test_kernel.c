// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>

#include "unit.h"
#include "host/check/kernel.h"
#include "kernel_image.h"

/* Offsets in the data of the kernel below. */
enum {
	CODE = 0, KSYMTAB = 0x200, KCRCTAB = 0x300, KFLAGSTAB = 0x320, LOCATIONS = 0x340,
	NOTES = 0x400, VERMAGIC = 0x440, CERTIFICATES = 0x4c0, CERTIFICATES_SIZE = 0x7f8,
	STRINGS = 0x800, DATA_END = 0xa00,
};

static struct image image;
static struct kernel kernel;
static size_t strings_used;

static const unsigned char build_id[] = { 0xb1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 0x1d };
static const char vermagic[] = "6.1.0-1-test SMP preempt mod_unload modversions ";

static void put(size_t offset, const void *bytes, size_t size)
{
	memcpy(image.data + offset, bytes, size);
}

static void put32(size_t offset, uint32_t number)
{
	put(offset, &number, sizeof(number));
}

static uint32_t string(const char *text)
{
	size_t at = STRINGS + strings_used;

	put(at, text, strlen(text) + 1);
	strings_used += strlen(text) + 1;
	return (uint32_t)at;
}

/* Entry @index of the exports: the function at @value. */
static void export(size_t index, const char *name, const char *namespace, uint32_t value)
{
	uint32_t at = (uint32_t)(KSYMTAB + index * 12);

	put32(at, value - at);
	put32(at + 4, string(name) - (at + 4));
	put32(at + 8, namespace ? string(namespace) - (at + 8) : 0);
	put32(KCRCTAB + index * 4, 0xc0de0000 + (uint32_t)index);
}

static void location(size_t index, uint64_t offset)
{
	uint64_t address = offset ? IMAGE_BASE + IMAGE_DATA + offset : 0;

	put(LOCATIONS + index * 8, &address, sizeof(address));
}

static void start(enum image_layout layout)
{
	memset(&image, 0, sizeof(image));
	strings_used = 0;
	image.layout = layout;
	image.data_size = DATA_END;
	put(VERMAGIC, vermagic, sizeof(vermagic));
	put32(NOTES, 4);
	put32(NOTES + 4, sizeof(build_id));
	put32(NOTES + 8, NT_GNU_BUILD_ID);
	put(NOTES + 12, "GNU", 4);
	put(NOTES + 16, build_id, sizeof(build_id));
	export(0, "alpha", NULL, 0x10);
	export(1, "gamma", "SPACE", 0x20);
	export(2, "beta", NULL, 0x30);
	export(3, "delta", "", 0x40);
	location(0, 0);
	location(1, 0x10);
	location(2, 0x34);
	location(3, 0x90);
}

/* The symbols around the code, and those of the data. The tables of 7.0 have flags. */
static void add_symbols(void)
{
	bool has_flags = image.layout == IMAGE_7_0;

	image_add(&image, 0, 'T', "_text");
	image.symbols[0].offset = 0;
	image_add(&image, 0x10, 'T', "klp_enable_patch");
	image_add(&image, 0x20, 't', "twice");
	image_add(&image, 0x30, 'T', "behind_endbr");
	image_add(&image, 0x40, 't', "twice");
	image_add(&image, 0x40, 't', "alias");
	image_add(&image, 0x50, 'T', "__noinstr_text_start");
	image_add(&image, 0x50, 't', "in_noinstr");
	image_add(&image, 0x60, 'T', "__noinstr_text_end");
	image_add(&image, 0x70, 'd', "twice");
	image_add(&image, 0x80, 'T', "__init_begin");
	image_add(&image, 0x90, 't', "in_init");
	image_add(&image, 0xa0, 'T', "__init_end");
	image_add(&image, KSYMTAB, 'R', "__start___ksymtab");
	image_add(&image, KSYMTAB + (has_flags ? 48 : 24), 'R', "__stop___ksymtab");
	if (!has_flags) {
		image_add(&image, KSYMTAB + 24, 'R', "__start___ksymtab_gpl");
		image_add(&image, KSYMTAB + 48, 'R', "__stop___ksymtab_gpl");
	}
	image_add(&image, KCRCTAB, 'R', "__start___kcrctab");
	image_add(&image, KCRCTAB + (has_flags ? 0 : 8), 'R', "__stop___kcrctab");
	if (!has_flags) {
		image_add(&image, KCRCTAB + 8, 'R', "__start___kcrctab_gpl");
		image_add(&image, KCRCTAB + 16, 'R', "__stop___kcrctab_gpl");
	} else {
		image_add(&image, KFLAGSTAB, 'R', "__start___kflagstab");
		image_add(&image, KFLAGSTAB + 4, 'R', "__stop___kflagstab");
	}
	image_add(&image, LOCATIONS, 'D', "__start_mcount_loc");
	image_add(&image, LOCATIONS + 32, 'D', "__stop_mcount_loc");
	image_add(&image, NOTES, 'R', "__start_notes");
	image_add(&image, NOTES + 36, 'R', "__stop_notes");
	image_add(&image, VERMAGIC, 'd', "vermagic");
	image_add(&image, CERTIFICATES, 'D', "system_certificate_list");
	image_add(&image, CERTIFICATES_SIZE, 'D', "system_certificate_list_size");
}

/* The last two exports come first in 7.0's only table, where names ascend all through. */
static void make(enum image_layout layout)
{
	start(layout);
	add_symbols();
	if (layout == IMAGE_7_0) {
		strings_used = 0;
		export(0, "alpha", NULL, 0x10);
		export(1, "beta", NULL, 0x30);
		export(2, "delta", "", 0x40);
		export(3, "gamma", "SPACE", 0x20);
		put(KFLAGSTAB, "\0\1\1\0", 4);
	}
	image_make(&image);
}

static bool open_image(void)
{
	return kernel_open_bytes(&kernel, image.bytes, image.size);
}

/* Whether the symbols of the image are read; if so, they have to be closed. */
static bool has_symbols(void)
{
	image_make(&image);
	assert_true(open_image());
	return kernel.kallsyms.count;
}

static void assert_no_symbols(void)
{
	assert_false(has_symbols());
	assert_int_equal(kernel.has_livepatch, ANSWER_UNKNOWN);
	assert_int_equal(kernel.exports.are_read, ANSWER_UNKNOWN);
	kernel_close(&kernel);
}

/* Symbol @position called @name is where the image has it. */
static void assert_symbol(const char *name, size_t position, size_t index)
{
	const struct image_symbol *wanted = &image.symbols[index];
	struct kallsyms_symbol symbol;
	uint64_t base = index < image.percpu ? 0 : image_base(&image);

	assert_true(kallsyms_find(&kernel.kallsyms, name, position, &symbol));
	assert_int_equal(symbol.index, index);
	assert_int_equal(symbol.type, wanted->type);
	assert_true(symbol.address == base + wanted->offset);
}

static void each_symbol_is_read_in_the_kernels_order(void **state)
{
	(void)state;
	for (enum image_layout layout = 0; layout < IMAGE_LAYOUTS; layout++) {
		char name[SYMBOL_NAME_MAX + 1];
		struct kallsyms_symbol symbol;
		size_t index = 0;

		make(layout);
		assert_true(open_image());
		assert_int_equal(kernel.kallsyms.count, image.symbol_count);
		for (; kallsyms_at(&kernel.kallsyms, index, &symbol, name); index++) {
			assert_string_equal(name, image.symbols[index].name);
			assert_int_equal(symbol.index, index);
			assert_int_equal(symbol.type, image.symbols[index].type);
		}
		assert_int_equal(index, image.symbol_count);
		kernel_close(&kernel);
	}
}

static void a_name_is_found_as_often_as_there_are_symbols(void **state)
{
	struct kallsyms_symbol symbol;

	(void)state;
	for (enum image_layout layout = 0; layout < IMAGE_LAYOUTS; layout++) {
		make(layout);
		assert_true(open_image());
		assert_int_equal(kallsyms_count(&kernel.kallsyms, "twice"), 3);
		assert_int_equal(kallsyms_count(&kernel.kallsyms, "alias"), 1);
		assert_int_equal(kallsyms_count(&kernel.kallsyms, "twic"), 0);
		assert_int_equal(kallsyms_count(&kernel.kallsyms, "twice2"), 0);
		assert_int_equal(kallsyms_count(&kernel.kallsyms, ""), 0);
		assert_symbol("twice", 1, 2);
		assert_symbol("twice", 2, 4);
		assert_symbol("twice", 3, 9);
		assert_false(kallsyms_find(&kernel.kallsyms, "twice", 0, &symbol));
		assert_false(kallsyms_find(&kernel.kallsyms, "twice", 4, &symbol));
		kernel_close(&kernel);
	}
}

static void a_symbol_ends_at_the_next_address(void **state)
{
	struct kallsyms_symbol symbol;

	(void)state;
	make(IMAGE_6_4);
	assert_true(open_image());
	assert_true(kallsyms_find(&kernel.kallsyms, "twice", 2, &symbol));
	assert_int_equal(symbol.next - symbol.address, 0x10);
	assert_true(kallsyms_find(&kernel.kallsyms, "system_certificate_list_size", 1, &symbol));
	assert_true(symbol.next == UINT64_MAX);
	kernel_close(&kernel);
}

static void symbols_of_the_cpus_have_absolute_addresses(void **state)
{
	(void)state;
	for (enum image_layout layout = 0; layout < IMAGE_7_0; layout++) {
		memset(&image, 0, sizeof(image));
		image.layout = layout;
		image.percpu = 2;
		image_add(&image, 0, 'A', "first_of_cpu");
		image_add(&image, 8, 'A', "second_of_cpu");
		image_add(&image, 0, 'T', "in_text");
		image_add(&image, 64, 'T', "behind_it");
		assert_true(has_symbols());
		assert_int_equal(kernel.kallsyms.addresses, KALLSYMS_PERCPU);
		assert_symbol("second_of_cpu", 1, 1);
		assert_symbol("behind_it", 1, 3);
		kernel_close(&kernel);
	}
}

static void fill_with_symbols(size_t count)
{
	static char names[IMAGE_SYMBOLS_MAX][8];

	memset(&image, 0, sizeof(image));
	image.data_size = IMAGE_DATA_BYTES;
	for (size_t i = 0; i < count; i++) {
		sprintf(names[i], "s%zu", i);
		image_add(&image, (uint32_t)i * 4, 'T', names[i]);
	}
}

static void many_symbols_have_markers_that_agree(void **state)
{
	(void)state;
	for (size_t count = 254; count < IMAGE_SYMBOLS_MAX; count += 129) {
		fill_with_symbols(count);
		for (image.layout = 0; image.layout < IMAGE_LAYOUTS; image.layout++) {
			assert_true(has_symbols());
			assert_int_equal(kernel.kallsyms.count, count);
			assert_symbol(image.symbols[count - 1].name, 1, count - 1);
			kernel_close(&kernel);
		}
	}
	image.bytes[image.markers + 4]++;
	assert_true(open_image());
	assert_int_equal(kernel.kallsyms.count, 0);
	kernel_close(&kernel);
}

static void the_tokens_may_end_anywhere(void **state)
{
	(void)state;
	for (enum image_layout layout = 0; layout < IMAGE_LAYOUTS; layout++) {
		make(layout);
		for (image.last_token = 0; image.last_token < 8; image.last_token++) {
			assert_true(has_symbols());
			assert_symbol("behind_endbr", 1, 3);
			kernel_close(&kernel);
		}
	}
}

static void a_name_over_the_limit_is_no_table(void **state)
{
	char name[SYMBOL_NAME_MAX + 2];

	(void)state;
	memset(name, 'n', sizeof(name));
	name[SYMBOL_NAME_MAX] = '\0';
	memset(&image, 0, sizeof(image));
	image.layout = IMAGE_6_4;
	image_add(&image, 0, 'T', "short");
	image_add(&image, 8, 'T', name);
	assert_true(has_symbols());
	assert_symbol(name, 1, 1);
	kernel_close(&kernel);
	name[SYMBOL_NAME_MAX] = 'n';
	name[SYMBOL_NAME_MAX + 1] = '\0';
	assert_no_symbols();
}

static void addresses_that_descend_are_no_table(void **state)
{
	(void)state;
	for (enum image_layout layout = 0; layout < IMAGE_LAYOUTS; layout++) {
		make(layout);
		image.symbols[12].offset = image.symbols[13].offset + 0x40;
		assert_no_symbols();
	}
}

/* Only where the digits stand in a row: a table that looks alike comes first. */
static void a_list_of_digits_is_no_table(void **state)
{
	(void)state;
	make(IMAGE_6_4);
	put(CODE + 0x100, "0\0001\0002\0003\0004\0005\0006\0007\0008\0009", 20);
	assert_true(has_symbols());
	kernel_close(&kernel);
}

/* Opens a copy that ends where its memory ends. What is damaged may be read or not. */
static void open_copy(size_t size)
{
	void *copy = malloc(size);
	struct export found;
	char name[SYMBOL_NAME_MAX + 1];
	struct kallsyms_symbol symbol;

	memcpy(copy, image.bytes, size);
	if (kernel_open_bytes(&kernel, copy, size)) {
		for (size_t i = 0; kallsyms_at(&kernel.kallsyms, i, &symbol, name); i++)
			patchable_symbol(&kernel.patchable, &symbol);
		for (size_t i = 0; exports_at(&kernel.exports, i, &found); i++)
			if (found.namespace)
				assert_true(strlen(found.namespace) <= SYMBOL_NAME_MAX);
		kernel_close(&kernel);
	}
	free(copy);
}

static void no_damaged_byte_and_no_cut_leads_astray(void **state)
{
	(void)state;
	for (enum image_layout layout = 0; layout < IMAGE_LAYOUTS; layout++) {
		make(layout);
		for (size_t size = 1; size < image.size; size += 3)
			open_copy(size);
		for (size_t i = 0; i < image.size; i++) {
			unsigned char byte = image.bytes[i];

			image.bytes[i] = (unsigned char)~byte;
			open_copy(image.size);
			image.bytes[i] = byte ^ 1;
			open_copy(image.size);
			image.bytes[i] = byte;
		}
	}
}

struct expected_export {
	const char *name;
	uint32_t value;
	bool is_gpl_only;
	uint32_t crc;
	const char *namespace;
};

static void assert_export(const struct expected_export *expected)
{
	struct export found;

	assert_int_equal(exports_find(&kernel.exports, expected->name, &found), ANSWER_YES);
	assert_true(found.address == image_base(&image) + IMAGE_DATA + expected->value);
	assert_int_equal(found.is_gpl_only, expected->is_gpl_only);
	assert_int_equal(found.has_crc, expected->crc != 0);
	assert_int_equal(found.crc, expected->crc);
	if (expected->namespace)
		assert_string_equal(found.namespace, expected->namespace);
	else
		assert_null(found.namespace);
}

static void exports_have_license_crc_and_namespace(void **state)
{
	static const struct expected_export two_tables[] = {
		{ "alpha", 0x10, false, 0xc0de0000, NULL }, { "gamma", 0x20, false, 0xc0de0001, "SPACE" },
		{ "beta", 0x30, true, 0xc0de0002, NULL }, { "delta", 0x40, true, 0xc0de0003, NULL },
	};
	static const struct expected_export flags[] = {
		{ "alpha", 0x10, false, 0, NULL }, { "gamma", 0x20, false, 0, "SPACE" },
		{ "beta", 0x30, true, 0, NULL }, { "delta", 0x40, true, 0, NULL },
	};
	struct export found;

	(void)state;
	for (enum image_layout layout = 0; layout < IMAGE_LAYOUTS; layout++) {
		bool has_flags = layout == IMAGE_7_0;

		make(layout);
		assert_true(open_image());
		assert_int_equal(kernel.exports.have_crcs, has_flags ? ANSWER_NO : ANSWER_YES);
		for (size_t i = 0; i < 4; i++)
			assert_export(has_flags ? &flags[i] : &two_tables[i]);
		assert_int_equal(exports_find(&kernel.exports, "epsilon", &found), ANSWER_NO);
		assert_int_equal(exports_find(&kernel.exports, "", &found), ANSWER_NO);
		assert_string_equal(exports_at(&kernel.exports, 0, &found), "alpha");
		assert_non_null(exports_at(&kernel.exports, 3, &found));
		assert_null(exports_at(&kernel.exports, 4, &found));
		kernel_close(&kernel);
	}
}

/* The image is as make() has left it, and one thing of it is changed. */
static void assert_exports_unknown(void)
{
	struct export found;

	image_make(&image);
	assert_true(open_image());
	assert_int_not_equal(kernel.kallsyms.count, 0);
	assert_int_equal(exports_find(&kernel.exports, "alpha", &found), ANSWER_UNKNOWN);
	assert_null(exports_at(&kernel.exports, 0, &found));
	kernel_close(&kernel);
}

static struct image_symbol *image_symbol(const char *name)
{
	for (size_t i = 0; i < image.symbol_count; i++)
		if (!strcmp(image.symbols[i].name, name))
			return &image.symbols[i];
	fail_msg("no symbol %s", name);
	return NULL;
}

static void exports_that_cannot_be_read_are_unknown(void **state)
{
	(void)state;
	make(IMAGE_6_2);
	put32(KSYMTAB + 4, 0x7fffffff);
	assert_exports_unknown();
	make(IMAGE_6_2);
	export(1, "aaa", NULL, 0);
	assert_exports_unknown();
	make(IMAGE_6_2);
	export(3, "beta", NULL, 0);
	assert_exports_unknown();
	make(IMAGE_6_2);
	image_symbol("__start___ksymtab")->name = "renamed";
	assert_exports_unknown();
	make(IMAGE_6_2);
	image_symbol("__stop___kcrctab_gpl")->offset -= 4;
	assert_exports_unknown();
	make(IMAGE_6_2);
	image_symbol("__start___ksymtab")->offset += 4;
	assert_exports_unknown();
	make(IMAGE_7_0);
	image_symbol("__stop___kflagstab")->offset++;
	assert_exports_unknown();
}

static enum patchable patchable_of(const char *name, size_t position)
{
	struct kallsyms_symbol symbol;

	assert_true(kallsyms_find(&kernel.kallsyms, name, position, &symbol));
	return patchable_symbol(&kernel.patchable, &symbol);
}

static void a_function_is_patchable_where_a_location_lies_in_it(void **state)
{
	(void)state;
	for (enum image_layout layout = 0; layout < IMAGE_LAYOUTS; layout++) {
		make(layout);
		assert_true(open_image());
		assert_int_equal(patchable_of("klp_enable_patch", 1), PATCHABLE_YES);
		assert_int_equal(patchable_of("behind_endbr", 1), PATCHABLE_YES);
		assert_int_equal(patchable_of("twice", 1), PATCHABLE_NO_LOCATION);
		assert_int_equal(patchable_of("alias", 1), PATCHABLE_NO_LOCATION);
		assert_int_equal(patchable_of("twice", 3), PATCHABLE_NO_CODE);
		assert_int_equal(patchable_of("in_noinstr", 1), PATCHABLE_NO_NOINSTR);
		assert_int_equal(patchable_of("in_init", 1), PATCHABLE_NO_INIT);
		kernel_close(&kernel);
	}
}

static void locations_that_are_not_understood_are_unknown(void **state)
{
	(void)state;
	make(IMAGE_6_4);
	location(1, 0);
	image_make(&image);
	assert_true(open_image());
	assert_int_equal(patchable_of("behind_endbr", 1), PATCHABLE_UNKNOWN);
	assert_int_equal(patchable_of("in_init", 1), PATCHABLE_NO_INIT);
	kernel_close(&kernel);
}

/* Its functions may have their location 8 bytes in front. */
static void an_image_of_arm64_is_read_wherever_it_lies(void **state)
{
	(void)state;
	for (enum image_layout layout = 0; layout < IMAGE_LAYOUTS; layout++) {
		make(layout);
		image.is_arm64_image = true;
		location(1, 0x10 - 8);
		image_make(&image);
		assert_true(open_image());
		assert_int_equal(kernel.memory.machine, EM_AARCH64);
		assert_symbol("alias", 1, 5);
		assert_export(&(struct expected_export){ "beta", 0x30, true,
							 layout == IMAGE_7_0 ? 0 : 0xc0de0002, NULL });
		assert_int_equal(patchable_of("klp_enable_patch", 1), PATCHABLE_YES);
		assert_int_equal(patchable_of("behind_endbr", 1), PATCHABLE_YES);
		assert_int_equal(patchable_of("twice", 1), PATCHABLE_NO_LOCATION);
		assert_string_equal(kernel.vermagic, vermagic);
		kernel_close(&kernel);
	}
}

static void memory_ends_with_its_segment(void **state)
{
	const struct kernel_memory *memory = &kernel.memory;
	uint64_t end, address;

	(void)state;
	make(IMAGE_6_2);
	image.bytes[image.size - 1] = 'x';
	assert_true(open_image());
	end = IMAGE_BASE + image.size;
	assert_ptr_equal(kernel_memory_at(memory, IMAGE_BASE, image.size), image.bytes);
	assert_ptr_equal(kernel_memory_at(memory, end - 4, 4), image.bytes + image.size - 4);
	assert_null(kernel_memory_at(memory, end - 4, 5));
	assert_null(kernel_memory_at(memory, end, 0));
	assert_null(kernel_memory_at(memory, IMAGE_BASE - 1, 1));
	assert_null(kernel_memory_at(memory, IMAGE_BASE, SIZE_MAX));
	assert_null(kernel_memory_text(memory, end - 1, 100));
	assert_string_equal(kernel_memory_text(memory, IMAGE_BASE + IMAGE_DATA + VERMAGIC, VERMAGIC_MAX), vermagic);
	assert_null(kernel_memory_text(memory, IMAGE_BASE + IMAGE_DATA + VERMAGIC, sizeof(vermagic) - 2));
	assert_true(kernel_memory_address(memory, image.size - 1, &address));
	assert_true(address == end - 1);
	assert_false(kernel_memory_address(memory, image.size, &address));
	kernel_close(&kernel);
	assert_false(kernel_open_bytes(&kernel, image.bytes, image.size - 1));
}

static void a_release_over_the_limit_is_unknown(void **state)
{
	(void)state;
	make(IMAGE_6_2);
	memset(image.data + VERMAGIC, '6', RELEASE_MAX);
	image.data[VERMAGIC + RELEASE_MAX] = ' ';
	assert_true(has_symbols());
	assert_int_equal(strlen(kernel.release), RELEASE_MAX);
	kernel_close(&kernel);
	image.data[VERMAGIC + RELEASE_MAX] = '6';
	image.data[VERMAGIC + RELEASE_MAX + 1] = '\0';
	assert_true(has_symbols());
	assert_string_equal(kernel.release, "");
	assert_null(kernel.vermagic);
	kernel_close(&kernel);
}

static void the_kernel_says_its_version_and_build(void **state)
{
	(void)state;
	make(IMAGE_6_2);
	assert_true(open_image());
	assert_int_equal(kernel.memory.machine, EM_X86_64);
	assert_string_equal(kernel.vermagic, vermagic);
	assert_string_equal(kernel.release, "6.1.0-1-test");
	assert_int_equal(kernel.build_id.len, sizeof(build_id));
	assert_memory_equal(kernel.build_id.bytes, build_id, sizeof(build_id));
	assert_int_equal(kernel.has_livepatch, ANSWER_YES);
	kernel_close(&kernel);
	image_symbol("klp_enable_patch")->name = "klp_enable_patches";
	image_symbol("vermagic")->name = "vermagic_too";
	image_symbol("__stop_notes")->name = "stop_notes";
	assert_true(has_symbols());
	assert_int_equal(kernel.has_livepatch, ANSWER_NO);
	assert_null(kernel.vermagic);
	assert_string_equal(kernel.release, "");
	assert_int_equal(kernel.build_id.len, 0);
	kernel_close(&kernel);
}

/* X.509 of which nothing but the serial number, 7, says anything. */
static const unsigned char certificate[] = {
	0x30, 15, 0x30, 13, 2, 1, 7, 0x30, 0, 0x30, 0, 0x30, 0, 0x30, 0, 0x30, 0,
};

static void certificates_are_those_of_the_list(void **state)
{
	uint64_t size = 2 * sizeof(certificate);

	(void)state;
	make(IMAGE_6_4);
	put(CERTIFICATES, certificate, sizeof(certificate));
	put(CERTIFICATES + sizeof(certificate), certificate, sizeof(certificate));
	put(CERTIFICATES_SIZE, &size, sizeof(size));
	assert_true(has_symbols());
	assert_int_equal(kernel.certificates.are_read, ANSWER_YES);
	assert_int_equal(kernel.certificates.count, 2);
	assert_int_equal(kernel.certificates.list[1].id.serial[0], 7);
	kernel_close(&kernel);
	size = UINT64_MAX;
	put(CERTIFICATES_SIZE, &size, sizeof(size));
	assert_true(has_symbols());
	assert_int_equal(kernel.certificates.are_read, ANSWER_UNKNOWN);
	kernel_close(&kernel);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_symbol_is_read_in_the_kernels_order),
		cmocka_unit_test(a_name_is_found_as_often_as_there_are_symbols),
		cmocka_unit_test(a_symbol_ends_at_the_next_address),
		cmocka_unit_test(symbols_of_the_cpus_have_absolute_addresses),
		cmocka_unit_test(many_symbols_have_markers_that_agree),
		cmocka_unit_test(the_tokens_may_end_anywhere),
		cmocka_unit_test(a_name_over_the_limit_is_no_table),
		cmocka_unit_test(addresses_that_descend_are_no_table),
		cmocka_unit_test(a_list_of_digits_is_no_table),
		cmocka_unit_test(no_damaged_byte_and_no_cut_leads_astray),
		cmocka_unit_test(exports_have_license_crc_and_namespace),
		cmocka_unit_test(exports_that_cannot_be_read_are_unknown),
		cmocka_unit_test(a_function_is_patchable_where_a_location_lies_in_it),
		cmocka_unit_test(locations_that_are_not_understood_are_unknown),
		cmocka_unit_test(an_image_of_arm64_is_read_wherever_it_lies),
		cmocka_unit_test(memory_ends_with_its_segment),
		cmocka_unit_test(a_release_over_the_limit_is_unknown),
		cmocka_unit_test(the_kernel_says_its_version_and_build),
		cmocka_unit_test(certificates_are_those_of_the_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
