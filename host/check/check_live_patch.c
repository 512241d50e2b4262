// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a live patch wants of the objects that it patches: kernel/livepatch/core.c and
 * patch.c. For vmlinux that is asked when the patch is loaded, for a module when that
 * comes: the kernel refuses the module then.
 */
#include <stdio.h>
#include <string.h>

#include "host/check/patched_object.h"

static const struct klp_find_problems problems = {
	PROBLEM_FUNCTION_ABSENT, PROBLEM_FUNCTION_AMBIGUOUS, PROBLEM_FUNCTION_POSITION
};

static const char *reason_not_patchable(enum patchable patchable)
{
	switch (patchable) {
	case PATCHABLE_NO_CODE: return "it is a variable";
	case PATCHABLE_NO_INIT: return "its memory is freed after the boot";
	case PATCHABLE_NO_NOINSTR: return "it is in .noinstr.text";
	case PATCHABLE_NO_LOCATION:
		return "ftrace knows no place in it, as in notrace or assembly code";
	case PATCHABLE_UNKNOWN:
	case PATCHABLE_YES:
		break;
	}
	return NULL;
}

static enum patchable is_patchable(const struct patched_object *object,
				   const struct klp_found *found)
{
	struct module_tables tables = object->tables;

	if (object->is_vmlinux)
		return patchable_symbol(&object->check->kernel->patchable,
					&found->symbol);
	switch (module_tables_is_patchable(&tables, &found->function)) {
	case MODULE_PATCHABLE_YES: return PATCHABLE_YES;
	case MODULE_PATCHABLE_NO: return PATCHABLE_NO_LOCATION;
	case MODULE_PATCHABLE_UNKNOWN: break;
	}
	return PATCHABLE_UNKNOWN;
}

/* Whether function @index is in an earlier entry for the same object. */
static bool is_twice(const struct klp_objects *objects, size_t index)
{
	for (size_t i = 0; i < index; i++) {
		uint64_t a = objects->list[i].position, b = objects->list[index].position;

		if ((a ? a : 1) == (b ? b : 1) &&
		    !strcmp(objects->list[i].function, objects->list[index].function) &&
		    !strcmp(objects->list[i].object, objects->list[index].object))
			return true;
	}
	return false;
}

static void check_function(const struct patched_object *object, size_t index)
{
	const struct klp_objects *objects = &object->patch->objects;
	struct findings *findings = object->check->findings;
	const char *name = objects->list[index].function;
	const struct klp_wanted wanted = { name, objects->list[index].position };
	struct klp_found found;
	enum patchable patchable;
	const char *reason;

	if (is_twice(objects, index))
		FINDINGS_ADD(findings, PROBLEM_FUNCTION_TWICE, name, object->name);
	if (!patched_object_find(object, &wanted, &problems, &found))
		return;
	patchable = is_patchable(object, &found);
	reason = reason_not_patchable(patchable);
	if (reason)
		FINDINGS_ADD(findings, PROBLEM_FTRACE, name, object->name, reason);
	else if (patchable == PATCHABLE_UNKNOWN)
		FINDINGS_ADD(findings, PROBLEM_FTRACE_UNKNOWN, name, object->name);
}

static bool is_name_too_long(const char *function)
{
	return strlen(function) > SYMBOL_NAME_MAX;
}

static void check_object(const struct patched_object *object)
{
	const struct klp_objects *objects = &object->patch->objects;

	check_relocations(object);
	for (size_t i = 0; i < objects->count; i++)
		if (!strcmp(objects->list[i].object, object->name) &&
		    !objects->list[i].is_vmlinux_by_name &&
		    !is_name_too_long(objects->list[i].function))
			check_function(object, i);
}

static void check_vmlinux(const struct check *check, struct check_module *patch)
{
	const struct patched_object object = {
		.check = check, .patch = patch, .name = VMLINUX_NAME, .is_vmlinux = true
	};

	if (check->kernel->kallsyms.count)
		check_object(&object);
	else
		FINDINGS_ADD(check->findings, PROBLEM_KALLSYMS_UNKNOWN, NULL);
}

static void note_initramfs(const struct check *check, const char *name, const char *path)
{
	struct findings *findings = check->findings;

	if (!check->initramfs)
		return;
	switch (initramfs_has(check->initramfs, path)) {
	case ANSWER_YES:
		findings->is_in_initramfs = true;
		break;
	case ANSWER_NO:
		break;
	case ANSWER_UNKNOWN:
		FINDINGS_ADD(findings, PROBLEM_INITRAMFS_UNKNOWN, name,
			     check->initramfs->path);
		break;
	}
}

/* Reads the module @name from @path, and asks what the kernel would when it comes. */
static void check_driver(const struct check *check, struct check_module *patch,
			 const char *name, const char *path)
{
	struct patched_object object = { .check = check, .patch = patch, .name = name };
	struct findings *findings = check->findings;
	MODULE_BYTES file = { NULL, 0 };

	if (!patched_object_open(&object, path, &file)) {
		FINDINGS_ADD(findings, PROBLEM_OBJECT_UNREADABLE, name);
		return;
	}
	note_initramfs(check, name, path);
	findings->driver = name;
	check_object(&object);
	findings->driver = NULL;
	findings->is_in_initramfs = false;
}

static void check_module_object(const struct check *check, struct check_module *patch,
				const char *name)
{
	struct findings *findings = check->findings;
	char path[PATH_MAX];

	if (strlen(name) > MODULE_NAME_MAX) {
		FINDINGS_ADD(findings, PROBLEM_OBJECT_NAME, name);
		return;
	}
	switch (module_tree_find(check->tree, name, path)) {
	case MODULE_PLACE_FILE:
		check_driver(check, patch, name, path);
		break;
	case MODULE_PLACE_BUILT_IN:
		FINDINGS_ADD(findings, PROBLEM_OBJECT_BUILT_IN, name);
		break;
	case MODULE_PLACE_NONE:
		FINDINGS_ADD(findings, PROBLEM_OBJECT_ABSENT, name);
		break;
	}
}

/* Whether entry @index is the first one of its object. */
static bool is_first_of_object(const struct klp_objects *objects, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (!strcmp(objects->list[i].object, objects->list[index].object))
			return false;
	return true;
}

/* klp_init_func() asks that of all objects, loaded or not. */
static void check_names(struct findings *findings, const struct klp_objects *objects,
			size_t index)
{
	const char *function = objects->list[index].function;
	char begin[32];

	if (objects->list[index].is_vmlinux_by_name)
		FINDINGS_ADD(findings, PROBLEM_OBJECT_VMLINUX, NULL);
	if (!is_name_too_long(function))
		return;
	snprintf(begin, sizeof(begin), "%s", function);
	FINDINGS_ADD(findings, PROBLEM_FUNCTION_NAME, begin, objects->list[index].object);
}

void check_live_patch(const struct check *check, struct check_module *module)
{
	struct klp_objects *objects = &module->objects;
	bool is_read = klp_objects_of_module(module->bytes, module->len, objects);

	if (!is_read)
		objects->count = 0;
	check_relocation_sections(check, module);
	check_vmlinux(check, module);
	for (size_t i = 0; i < objects->count; i++)
		check_names(check->findings, objects, i);
	if (!is_read || objects->is_partial)
		FINDINGS_ADD(check->findings, PROBLEM_FUNCTIONS_UNREADABLE, NULL);
}

void check_drivers(const struct check *check, struct check_module *module)
{
	const struct klp_objects *objects = &module->objects;

	for (size_t i = 0; i < objects->count; i++)
		if (strcmp(objects->list[i].object, VMLINUX_NAME) != 0 &&
		    is_first_of_object(objects, i))
			check_module_object(check, module, objects->list[i].object);
}
