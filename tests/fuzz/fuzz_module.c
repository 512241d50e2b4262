// SPDX-License-Identifier: GPL-2.0-or-later
/* The tables of a module file that a check reads, and its livepatch relocations, against any bytes. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "host/check/module_tables.h"

static const uint8_t *begin, *end;

/* Whatever is found is text in the file. */
static void need_text(const char *text)
{
	const uint8_t *at = (const uint8_t *)text;

	if (at < begin || at + strlen(text) >= end)
		abort();
}

static bool visit(const struct module_export *export, void *data)
{
	(void)data;
	need_text(export->name);
	if (export->namespace)
		need_text(export->namespace);
	return true;
}

static void look_up(struct module_tables *tables, const char *name)
{
	struct module_function found;
	uint32_t crc;

	module_tables_version(tables, name, &crc);
	for (size_t position = 1; position < 4 && module_tables_find(tables, name, position, &found); position++)
		module_tables_is_patchable(tables, &found);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct module_tables tables;
	struct module_symbol symbol;
	const char *value;

	begin = data;
	end = data + size;
	if (module_tables_open(&tables, data, size) != MODULE_TABLES_READ)
		return 0;
	/* Hostile tables must not keep the fuzzer busy either. */
	tables.elf.left = 10000;
	value = module_tables_modinfo(&tables, "import_ns");
	for (int i = 0; value && i < 100; i++) {
		need_text(value);
		value = module_tables_modinfo_next(&tables, "import_ns", value);
	}
	for (uint64_t i = 0; i < 32 && module_tables_symbol(&tables, i, &symbol); i++)
		look_up(&tables, symbol.name);
	module_tables_each_export(&tables, visit, NULL);
	return 0;
}
