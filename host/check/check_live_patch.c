// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a live patch wants of the objects that it patches: kernel/livepatch/core.c and
 * patch.c. For vmlinux that is asked when the patch is loaded, for a module when that
 * comes: the kernel refuses the module then.
 */
#include <stdio.h>
#include <string.h>

#include "common/module/klp_relocations.h"
#include "common/text.h"
#include "host/check/check.h"
#include "host/check/klp_names.h"

static const char vmlinux_name[] = "vmlinux";

/* An object of the patch: vmlinux, or a module's file. */
struct patched_object {
	const struct check *check;
	struct check_module *patch;
	const char *name;
	bool is_vmlinux;
	struct module_tables tables;	/* unless it is vmlinux */
};

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

/* A position of 0 means the only one. Also fills what is asked of that afterwards. */
struct klp_found {
	struct kallsyms_symbol symbol;		/* of vmlinux */
	struct module_function function;	/* of a module */
};

static enum klp_find_result find_in_vmlinux(const struct kallsyms *kallsyms,
					    const char *name, uint64_t position,
					    struct klp_found *ret)
{
	enum klp_find_result result =
		judge_count(kallsyms_count(kallsyms, name), position);

	if (!position)
		position = 1;
	if (result != KLP_FIND_ONE)
		return result;
	/* The kernel takes an address of 0 for none. */
	return kallsyms_find(kallsyms, name, position, &ret->symbol) &&
			       ret->symbol.address ?
		       KLP_FIND_ONE : KLP_FIND_NONE;
}

static enum klp_find_result find_klp_symbol(const struct patched_object *object,
					    const char *name, uint64_t position,
					    struct klp_found *ret)
{
	if (object->is_vmlinux)
		return find_in_vmlinux(&object->check->kernel->kallsyms, name, position,
				       ret);
	module_tables_find(&object->tables, name, position ? position : 1,
			   &ret->function);
	return judge_count(ret->function.count, position);
}

/* The problems of a name that is not found, of a relocation and of a function. */
struct find_problems {
	enum check_problem none, several, less;
};

static const struct find_problems symbol_problems = {
	PROBLEM_KLP_ABSENT, PROBLEM_KLP_AMBIGUOUS, PROBLEM_KLP_POSITION
};
static const struct find_problems function_problems = {
	PROBLEM_FUNCTION_ABSENT, PROBLEM_FUNCTION_AMBIGUOUS, PROBLEM_FUNCTION_POSITION
};

/*
 * Finds symbol number @position called @name: a function if @ret is not NULL. False, with
 * a finding, if it is not there.
 */
static bool find_or_report(const struct patched_object *object, const char *name,
			   uint64_t position, struct klp_found *ret)
{
	const struct find_problems *problems =
		ret ? &function_problems : &symbol_problems;
	struct findings *findings = object->check->findings;
	struct klp_found unused;
	char number[24];

	switch (find_klp_symbol(object, name, position, ret ? ret : &unused)) {
	case KLP_FIND_ONE:
		return true;
	case KLP_FIND_NONE:
		FINDINGS_ADD(findings, problems->none, name, object->name);
		break;
	case KLP_FIND_SEVERAL:
		FINDINGS_ADD(findings, problems->several, name, object->name);
		break;
	case KLP_FIND_LESS:
		snprintf(number, sizeof(number), "%llu", (unsigned long long)position);
		FINDINGS_ADD(findings, problems->less, name, object->name, number);
		break;
	}
	return false;
}

/* One livepatch relocation's symbol, of a section for @object. */
static void check_klp_symbol(const struct patched_object *object,
			     const struct elf_relocation *relocation)
{
	struct findings *findings = object->check->findings;
	struct klp_symbol_name name;
	bool is_of_vmlinux;

	if (relocation->symbol.st_shndx != SHN_LIVEPATCH) {
		FINDINGS_ADD(findings, PROBLEM_KLP_UNMARKED, relocation->name);
		return;
	}
	if (!klp_symbol_name(relocation->name, &name)) {
		FINDINGS_ADD(findings, PROBLEM_KLP_SYMBOL_NAME, relocation->name);
		return;
	}
	is_of_vmlinux = !strcmp(name.object, vmlinux_name);
	if (is_of_vmlinux && !object->is_vmlinux)
		FINDINGS_ADD(findings, PROBLEM_KLP_VMLINUX, name.symbol);
	else if (strcmp(name.object, object->name) != 0)
		FINDINGS_ADD(findings, PROBLEM_KLP_OTHER_MODULE, name.symbol,
			     name.object);
	else
		find_or_report(object, name.symbol, name.position, NULL);
}

static void check_klp_section(const struct patched_object *object, const char *name,
			      const Elf64_Shdr *section)
{
	struct elf *elf = &object->patch->tables.elf;
	struct elf_relocation relocation;
	uint64_t i = 0;

	for (; elf_relocation(elf, section, i, &relocation); i++)
		check_klp_symbol(object, &relocation);
	if (i < section->sh_size / sizeof(relocation.entry))
		FINDINGS_ADD(object->check->findings, PROBLEM_KLP_RELOCATIONS, name);
}

/* Finds the next section of livepatch relocations from *@index on, and its name. */
static const char *next_klp_section(const struct elf *elf, unsigned int *index,
				    Elf64_Shdr *ret)
{
	const char *name;

	for (; elf_section(elf, *index, ret); ++*index) {
		if (ret->sh_type != SHT_RELA || !(ret->sh_flags & SHF_RELA_LIVEPATCH))
			continue;
		name = elf_section_name(elf, ret);
		++*index;
		return name ? name : "";
	}
	return NULL;
}

static void check_klp_sections(const struct patched_object *object)
{
	const struct elf *elf = &object->patch->tables.elf;
	struct klp_section_name parsed;
	unsigned int index = 1;
	Elf64_Shdr section;
	const char *name;

	while ((name = next_klp_section(elf, &index, &section)))
		if (klp_section_name(name, &parsed) &&
		    !strcmp(parsed.object, object->name))
			check_klp_section(object, name, &section);
}

/* Jump labels and static calls of a module are set up before its relocations are made. */
static bool is_used_early(const struct klp_section_name *name)
{
	return strcmp(name->object, vmlinux_name) != 0 &&
	       (!strcmp(name->section, "__jump_table") ||
		!strcmp(name->section, ".static_call_sites"));
}

/* What the names of sections say, whatever the objects are. */
static void check_klp_section_names(const struct check *check,
				    const struct check_module *patch)
{
	struct klp_section_name parsed;
	unsigned int index = 1;
	Elf64_Shdr section;
	const char *name;

	while ((name = next_klp_section(&patch->tables.elf, &index, &section))) {
		if (!klp_section_name(name, &parsed))
			FINDINGS_ADD(check->findings, PROBLEM_KLP_SECTION_NAME, name);
		else if (is_used_early(&parsed))
			FINDINGS_ADD(check->findings,
				     check->allows_jump_tables ?
					     PROBLEM_KLP_SPECIAL_ALLOWED :
					     PROBLEM_KLP_SPECIAL,
				     name);
	}
}

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
	struct klp_found found;
	enum patchable patchable;
	const char *reason;

	if (is_twice(objects, index))
		FINDINGS_ADD(findings, PROBLEM_FUNCTION_TWICE, name, object->name);
	if (!find_or_report(object, name, objects->list[index].position, &found))
		return;
	patchable = is_patchable(object, &found);
	reason = reason_not_patchable(patchable);
	if (reason)
		FINDINGS_ADD(findings, PROBLEM_FTRACE, name, object->name, reason);
	else if (patchable == PATCHABLE_UNKNOWN)
		FINDINGS_ADD(findings, PROBLEM_FTRACE_UNKNOWN, name, object->name);
}

static void check_object(const struct patched_object *object)
{
	const struct klp_objects *objects = &object->patch->objects;

	check_klp_sections(object);
	for (size_t i = 0; i < objects->count; i++)
		if (!strcmp(objects->list[i].object, object->name) &&
		    !objects->list[i].is_vmlinux_by_name)
			check_function(object, i);
}

static void check_vmlinux(const struct check *check, struct check_module *patch)
{
	const struct patched_object object = {
		.check = check, .patch = patch, .name = vmlinux_name, .is_vmlinux = true
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

	if (!module_tree_read(check->tree->root, path, &file) ||
	    module_tables_open(&object.tables, file.bytes, file.len) !=
		    MODULE_TABLES_READ) {
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

void check_live_patch(const struct check *check, struct check_module *module)
{
	struct klp_objects *objects = &module->objects;
	bool is_read = klp_objects_of_module(module->bytes, module->len, objects);

	if (!is_read)
		objects->count = 0;
	check_klp_section_names(check, module);
	check_vmlinux(check, module);
	for (size_t i = 0; i < objects->count; i++)
		if (objects->list[i].is_vmlinux_by_name)
			FINDINGS_ADD(check->findings, PROBLEM_OBJECT_VMLINUX, NULL);
	if (!is_read || objects->is_partial)
		FINDINGS_ADD(check->findings, PROBLEM_FUNCTIONS_UNREADABLE, NULL);
}

void check_drivers(const struct check *check, struct check_module *module)
{
	const struct klp_objects *objects = &module->objects;

	for (size_t i = 0; i < objects->count; i++)
		if (strcmp(objects->list[i].object, vmlinux_name) != 0 &&
		    is_first_of_object(objects, i))
			check_module_object(check, module, objects->list[i].object);
}
