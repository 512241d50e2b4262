// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/check/patched_object.h"

#include <stdio.h>

/* What klp_find_object_symbol() makes of a name and a position. */
enum klp_find_result { KLP_FIND_ONE, KLP_FIND_NONE, KLP_FIND_SEVERAL, KLP_FIND_LESS };

static enum klp_find_result judge_count(size_t count, uint64_t position)
{
	if (!count)
		return KLP_FIND_NONE;
	if (!position && count > 1)
		return KLP_FIND_SEVERAL;
	return position > count ? KLP_FIND_LESS : KLP_FIND_ONE;
}

static enum klp_find_result find_in_vmlinux(const struct kallsyms *kallsyms,
					    const struct klp_wanted *wanted,
					    struct klp_found *ret)
{
	uint64_t position = wanted->position ? wanted->position : 1;
	enum klp_find_result result =
		judge_count(kallsyms_count(kallsyms, wanted->name), wanted->position);

	if (result != KLP_FIND_ONE)
		return result;
	/* The kernel takes an address of 0 for none. */
	return kallsyms_find(kallsyms, wanted->name, position, &ret->symbol) &&
			       ret->symbol.address ?
		       KLP_FIND_ONE : KLP_FIND_NONE;
}

static enum klp_find_result find_in_object(const struct patched_object *object,
					   const struct klp_wanted *wanted,
					   struct klp_found *ret)
{
	uint64_t position = wanted->position ? wanted->position : 1;

	if (object->is_vmlinux)
		return find_in_vmlinux(&object->check->kernel->kallsyms, wanted, ret);
	module_tables_find(&object->tables, wanted->name, position, &ret->function);
	return judge_count(ret->function.count, wanted->position);
}

bool patched_object_find(const struct patched_object *object,
			 const struct klp_wanted *wanted,
			 const struct klp_find_problems *problems,
			 struct klp_found *ret)
{
	struct findings *findings = object->check->findings;
	char number[24];

	switch (find_in_object(object, wanted, ret)) {
	case KLP_FIND_ONE:
		return true;
	case KLP_FIND_NONE:
		FINDINGS_ADD(findings, problems->none, wanted->name, object->name);
		break;
	case KLP_FIND_SEVERAL:
		/* The kernel prints a name that it does not have of vmlinux. */
		FINDINGS_ADD(findings, problems->several, wanted->name, object->name,
			     object->is_vmlinux ? "(null)" : object->name);
		break;
	case KLP_FIND_LESS:
		snprintf(number, sizeof(number), "%llu",
			 (unsigned long long)wanted->position);
		FINDINGS_ADD(findings, problems->less, wanted->name, object->name,
			     number);
		break;
	}
	return false;
}

bool patched_object_open(struct patched_object *object, const char *path,
			 struct module_bytes *ret_file)
{
	return module_tree_read(object->check->tree->root, path, ret_file) &&
	       module_tables_open(&object->tables, ret_file->bytes, ret_file->len) ==
		       MODULE_TABLES_READ;
}
