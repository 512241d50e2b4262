// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a kernel's symbols lead to against any bytes: exports, locations, notes, version
 * magic and certificates. The first bytes say where each begins and ends.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "host/check/kernel.h"
#include "tests/unit/kernel_image.h"

static struct image image;
static struct kernel kernel;

static const char *const names[] = {
	"__start___ksymtab", "__stop___ksymtab", "__start___ksymtab_gpl", "__stop___ksymtab_gpl",
	"__start___kcrctab", "__stop___kcrctab", "__start___kcrctab_gpl", "__stop___kcrctab_gpl",
	"__start___kflagstab", "__stop___kflagstab", "__start_mcount_loc", "__stop_mcount_loc",
	"__start_notes", "__stop_notes", "vermagic", "klp_enable_patch",
	"system_certificate_list", "system_certificate_list_size",
};
#define NAMES (sizeof(names) / sizeof(*names))

static int compare_offsets(const void *a, const void *b)
{
	const struct image_symbol *x = a, *y = b;

	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

static void check_exports(void)
{
	struct export found, again;
	const char *name;

	for (size_t i = 0; (name = exports_at(&kernel.exports, i, &found)); i++) {
		if (strlen(name) > SYMBOL_NAME_MAX ||
		    exports_find(&kernel.exports, name, &again) != ANSWER_YES)
			abort();
		if (found.namespace && !*found.namespace)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char name[SYMBOL_NAME_MAX + 1];
	struct kallsyms_symbol symbol;

	if (size < 2 * NAMES || size - 2 * NAMES > IMAGE_DATA_BYTES)
		return 0;
	memset(&image, 0, sizeof(image));
	image.layout = IMAGE_6_4;
	image_add(&image, 0, 'T', "_text");
	for (size_t i = 0; i < NAMES; i++)
		image_add(&image, data[2 * i] | data[2 * i + 1] << 8, 't', names[i]);
	qsort(image.symbols, image.symbol_count, sizeof(*image.symbols), compare_offsets);
	image.data_size = size - 2 * NAMES;
	memcpy(image.data, data + 2 * NAMES, image.data_size);
	image_make(&image);
	if (!kernel_open_bytes(&kernel, image.bytes, image.size))
		abort();
	check_exports();
	for (size_t i = 0; kallsyms_at(&kernel.kallsyms, i, &symbol, name); i++)
		patchable_symbol(&kernel.patchable, &symbol);
	if (kernel.vermagic && (strlen(kernel.vermagic) > VERMAGIC_MAX || !*kernel.release))
		abort();
	kernel_close(&kernel);
	return 0;
}
