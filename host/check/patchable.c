// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/check/patchable.h"

#include <elf.h>
#include <stdbool.h>
#include <string.h>

#include "host/check/bytes.h"

#define LOCATION_BYTES	8

/*
 * With CONFIG_DYNAMIC_FTRACE_WITH_CALL_OPS arm64 has two of the four instructions in
 * front of the function, and the location is theirs (ftrace_call_adjust()).
 */
#define ARM64_BYTES_IN_FRONT 8
#define ARM64_ALIGNMENT	(2 * 1024 * 1024ULL)

static void find_range(const struct kallsyms *kallsyms, const char *const names[2],
		       struct patchable_range *ret)
{
	struct kallsyms_range range;

	if (kallsyms_range(kallsyms, names, &range))
		*ret = (struct patchable_range){ range.address,
						 range.address + range.size };
}

static bool has_location(const struct patchable_list *list,
			 const struct kallsyms_symbol *symbol)
{
	uint64_t begin = symbol->address + list->base - list->bytes_in_front;
	uint64_t size = symbol->next - symbol->address;

	for (size_t i = 0; i < list->count; i++)
		if (bytes_u64(list->locations + i * LOCATION_BYTES) - begin < size)
			return true;
	return false;
}

/*
 * Where arm64's Image is linked to, if its symbols count from its begin: the linker has
 * it at a multiple of 2 MiB, and the first function is not far.
 */
static uint64_t find_image_base(const struct patchable_list *list)
{
	uint64_t lowest = UINT64_MAX;

	for (size_t i = 0; i < list->count; i++) {
		uint64_t location = bytes_u64(list->locations + i * LOCATION_BYTES);

		if (location && location < lowest)
			lowest = location;
	}
	return lowest & ~(ARM64_ALIGNMENT - 1);
}

static void read_locations(struct patchable_list *list,
			   const struct kernel_memory *memory,
			   const struct kallsyms *kallsyms)
{
	static const char *const names[] = { "__start_mcount_loc", "__stop_mcount_loc" };
	struct kallsyms_range range;
	struct kallsyms_symbol text;

	if (!kallsyms_range(kallsyms, names, &range))
		return;
	list->locations = kernel_memory_at(memory, range.address, (size_t)range.size);
	list->count = list->locations ? (size_t)(range.size / LOCATION_BYTES) : 0;
	if (memory->machine != EM_AARCH64)
		return;
	list->bytes_in_front = ARM64_BYTES_IN_FRONT;
	if (kallsyms_find_only(kallsyms, "_text", &text) && !text.address)
		list->base = find_image_base(list);
}

/* One function that ftrace can redirect in each kernel that has live patching. */
static bool is_understood(const struct patchable_list *list,
			  const struct kallsyms *kallsyms)
{
	struct kallsyms_symbol symbol;

	return kallsyms_find_only(kallsyms, "klp_enable_patch", &symbol) &&
	       has_location(list, &symbol);
}

void patchable_open(struct patchable_list *ret, const struct kernel_memory *memory,
		    const struct kallsyms *kallsyms)
{
	static const char *const init[] = { "__init_begin", "__init_end" };
	static const char *const noinstr[] = { "__noinstr_text_start",
					       "__noinstr_text_end" };

	*ret = (struct patchable_list){ 0 };
	find_range(kallsyms, init, &ret->init);
	find_range(kallsyms, noinstr, &ret->noinstr);
	read_locations(ret, memory, kallsyms);
	if (!is_understood(ret, kallsyms))
		ret->locations = NULL;
}

static bool is_in(const struct patchable_range *range, uint64_t address)
{
	return address >= range->begin && address < range->end;
}

enum patchable patchable_symbol(const struct patchable_list *list,
				const struct kallsyms_symbol *symbol)
{
	if (!strchr("tTwW", symbol->type))
		return PATCHABLE_NO_CODE;
	if (is_in(&list->init, symbol->address))
		return PATCHABLE_NO_INIT;
	if (!list->locations)
		return PATCHABLE_UNKNOWN;
	if (has_location(list, symbol))
		return PATCHABLE_YES;
	return is_in(&list->noinstr, symbol->address) ? PATCHABLE_NO_NOINSTR :
							PATCHABLE_NO_LOCATION;
}
