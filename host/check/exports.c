// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/check/exports.h"

#include <string.h>

#include "host/check/bytes.h"

/*
 * struct kernel_symbol, with CONFIG_HAVE_ARCH_PREL32_RELOCATIONS: the value, its name and
 * its namespace, each as the distance from where it stands; 0 is no namespace.
 */
#define ENTRY_VALUE	0
#define ENTRY_NAME	4
#define ENTRY_NAMESPACE	8
#define ENTRY_BYTES	12

#define CRC_BYTES	4
#define FLAG_GPL_ONLY	1	/* KSYM_FLAG_GPL_ONLY of include/linux/module_symbol.h */

/* From 7.0 on there is the first one alone, and flags tell. */
static const struct {
	const char *entries[2], *crcs[2], *flags[2];
	bool is_gpl_only;
} table_names[EXPORT_TABLES] = {
	{ { "__start___ksymtab", "__stop___ksymtab" },
	  { "__start___kcrctab", "__stop___kcrctab" },
	  { "__start___kflagstab", "__stop___kflagstab" }, false },
	{ { "__start___ksymtab_gpl", "__stop___ksymtab_gpl" },
	  { "__start___kcrctab_gpl", "__stop___kcrctab_gpl" },
	  { NULL, NULL }, true },
};

/* The text that is as far from field @offset of the entry at @entry as the field says. */
static const char *text_of_field(const struct exports *exports, uint64_t entry,
				 size_t offset)
{
	const void *field = kernel_memory_at(exports->memory, entry + offset, 4);

	return field ? kernel_memory_text(exports->memory,
					  bytes_relative(entry + offset, field),
					  SYMBOL_NAME_MAX) : NULL;
}

static const char *name_of_export(const struct exports *exports,
				  const struct export_table *table, size_t index)
{
	return text_of_field(exports, table->address + index * ENTRY_BYTES, ENTRY_NAME);
}

/*
 * Finds an array that goes with the @count entries of a table, @size bytes each. False if
 * it has another size. A kernel without such a one has an empty one, or no symbol of it.
 */
static bool find_array(const struct exports *exports, const struct kallsyms_range *range,
		       size_t size, const unsigned char **ret)
{
	if (!range->size)
		return true;
	*ret = range->size == size ? kernel_memory_at(exports->memory, range->address,
						      size) : NULL;
	return *ret;
}

/* Whether each entry has a name, behind the one before it: the kernel bisects. */
static bool names_ascend(const struct exports *exports, const struct export_table *table)
{
	const char *last = "";

	for (size_t i = 0; i < table->count; i++) {
		const char *name = name_of_export(exports, table, i);

		if (!name || strcmp(last, name) >= 0)
			return false;
		last = name;
	}
	return true;
}

static bool read_table(const struct exports *exports, const struct kallsyms *kallsyms,
		       size_t index, struct export_table *ret)
{
	struct kallsyms_range entries = { 0 }, crcs = { 0 }, flags = { 0 };

	ret->is_gpl_only = table_names[index].is_gpl_only;
	if (!kallsyms_range(kallsyms, table_names[index].entries, &entries))
		return index;
	if (entries.size % ENTRY_BYTES || entries.size / ENTRY_BYTES > EXPORTS_MAX)
		return false;
	kallsyms_range(kallsyms, table_names[index].crcs, &crcs);
	if (table_names[index].flags[0])
		kallsyms_range(kallsyms, table_names[index].flags, &flags);
	ret->address = entries.address;
	ret->count = (size_t)(entries.size / ENTRY_BYTES);
	return find_array(exports, &crcs, ret->count * CRC_BYTES, &ret->crcs) &&
	       find_array(exports, &flags, ret->count, &ret->flags) &&
	       names_ascend(exports, ret);
}

void exports_open(struct exports *ret, const struct kernel_memory *memory,
		  const struct kallsyms *kallsyms)
{
	*ret = (struct exports){ .memory = memory };
	for (size_t i = 0; i < EXPORT_TABLES; i++)
		if (!read_table(ret, kallsyms, i, &ret->tables[i])) {
			*ret = (struct exports){ 0 };
			return;
		}
	ret->are_read = ANSWER_YES;
	ret->have_crcs = ret->tables[0].crcs || ret->tables[1].crcs ? ANSWER_YES :
								      ANSWER_NO;
}

static void read_export(const struct exports *exports, const struct export_table *table,
			size_t index, struct export *ret)
{
	uint64_t entry = table->address + index * ENTRY_BYTES;
	const unsigned char *fields = kernel_memory_at(exports->memory, entry,
						       ENTRY_BYTES);

	*ret = (struct export){ .is_gpl_only = table->is_gpl_only };
	if (table->flags)
		ret->is_gpl_only = table->flags[index] & FLAG_GPL_ONLY;
	if (table->crcs) {
		ret->has_crc = true;
		ret->crc = bytes_u32(table->crcs + index * CRC_BYTES);
	}
	if (!fields)
		return;
	ret->address = bytes_relative(entry + ENTRY_VALUE, fields + ENTRY_VALUE);
	if (bytes_u32(fields + ENTRY_NAMESPACE))
		ret->namespace = text_of_field(exports, entry, ENTRY_NAMESPACE);
	if (ret->namespace && !*ret->namespace)
		ret->namespace = NULL;
}

static bool find_in_table(const struct exports *exports, const struct export_table *table,
			  const char *name, struct export *ret)
{
	size_t low = 0, high = table->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const char *found = name_of_export(exports, table, middle);
		int order = found ? strcmp(name, found) : -1;

		if (!order) {
			read_export(exports, table, middle, ret);
			return true;
		}
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return false;
}

enum answer exports_find(const struct exports *exports, const char *name,
			 struct export *ret)
{
	if (exports->are_read != ANSWER_YES)
		return ANSWER_UNKNOWN;
	for (size_t i = 0; i < EXPORT_TABLES; i++)
		if (find_in_table(exports, &exports->tables[i], name, ret))
			return ANSWER_YES;
	return ANSWER_NO;
}

const char *exports_at(const struct exports *exports, size_t index, struct export *ret)
{
	for (size_t i = 0; i < EXPORT_TABLES; i++) {
		const struct export_table *table = &exports->tables[i];

		if (index < table->count) {
			read_export(exports, table, index, ret);
			return name_of_export(exports, table, index);
		}
		index -= table->count;
	}
	return NULL;
}
