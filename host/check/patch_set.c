// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/check/patch_set.h"

#include <string.h>

static bool patches_function(const struct klp_objects *objects, const char *object,
			     const char *function)
{
	for (size_t i = 0; i < objects->count; i++)
		if (!strcmp(objects->list[i].function, function) &&
		    !strcmp(objects->list[i].object, object))
			return true;
	return false;
}

/* Tells of each function of @before, whether @module patches it too or leaves it out. */
static void compare_functions(const struct patch_set_entry *before,
			      const struct check_module *module,
			      enum klp_replace replace, struct findings *findings)
{
	for (size_t i = 0; i < before->objects.count; i++) {
		const char *object = before->objects.list[i].object;
		const char *function = before->objects.list[i].function;

		if (patches_function(&module->objects, object, function))
			FINDINGS_ADD(findings, PROBLEM_PATCHED_TWICE, function, object,
				     before->file);
		else if (replace == KLP_REPLACE_YES)
			FINDINGS_ADD(findings, PROBLEM_REPLACES, before->file, function,
				     object);
		else if (replace == KLP_REPLACE_BY_DEFAULT)
			FINDINGS_ADD(findings, PROBLEM_REPLACES_UNKNOWN, before->file,
				     function, object);
	}
}

static void keep_entry(struct patch_set *set, const struct check_module *module,
		       const char *file)
{
	struct patch_set_entry *entry = &set->list[set->count++];

	entry->file = file;
	strcpy(entry->name, module->name);
	entry->is_replaced = false;
	entry->objects.count = module->objects.count;
	memcpy(entry->objects.list, module->objects.list,
	       module->objects.count * sizeof(module->objects.list[0]));
}

void patch_set_add(struct patch_set *set, const struct check_module *module,
		   const char *file, struct findings *findings)
{
	enum klp_replace replace = klp_replace_of_module(module->bytes, module->len);

	for (size_t i = 0; i < set->count; i++) {
		struct patch_set_entry *before = &set->list[i];

		if (!strcmp(before->name, module->name))
			FINDINGS_ADD(findings, PROBLEM_SAME_NAME, before->file);
		else if (!before->is_replaced)
			compare_functions(before, module, replace, findings);
		before->is_replaced |= replace == KLP_REPLACE_YES;
	}
	if (set->count < PATCHES_MAX)
		keep_entry(set, module, file);
}
