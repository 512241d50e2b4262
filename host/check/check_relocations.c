// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The livepatch relocations of a patch: klp_apply_section_relocs() and
 * klp_resolve_symbols() of kernel/livepatch/core.c.
 */
#include <string.h>

#include "common/module/klp_relocations.h"
#include "host/check/klp_names.h"
#include "host/check/patched_object.h"

static const struct klp_find_problems problems = {
	PROBLEM_KLP_ABSENT, PROBLEM_KLP_AMBIGUOUS, PROBLEM_KLP_POSITION
};

/* A module that is not the patched object, and whose symbols are referred to. */
struct other_module {
	const struct patched_object *patched;
	char name[MODULE_NAME_MAX + 1];	/* "" if there was none yet */
	enum module_place place;
	bool is_loaded_before;		/* than the relocations are made */
	struct module_bytes file;
	struct patched_object object;	/* if ->place is MODULE_PLACE_FILE */
};

static void close_other(struct other_module *other)
{
	module_bytes_free(&other->file);
	other->name[0] = '\0';
}

/* What depends= names is loaded before the patch, and what these need, before them. */
static bool is_loaded_before(const struct other_module *other)
{
	const struct patched_object *patched = other->patched;
	const struct module_tree *tree = patched->check->tree;
	const char *depends = module_tables_modinfo(&patched->patch->tables, "depends");

	if (depends && module_tree_list_needs(tree, depends, other->name))
		return true;
	return !patched->is_vmlinux &&
	       module_tree_list_needs(tree, patched->name, other->name);
}

static void open_other(struct other_module *other, const char *name)
{
	const struct check *check = other->patched->check;
	char path[PATH_MAX];

	close_other(other);
	strcpy(other->name, name);
	other->is_loaded_before = is_loaded_before(other);
	other->object = (struct patched_object){ .check = check, .name = other->name };
	other->place = module_tree_find(check->tree, name, path);
	if (other->place == MODULE_PLACE_FILE &&
	    !patched_object_open(&other->object, path, &other->file))
		other->place = MODULE_PLACE_NONE;
	other->object.tables.init_is_gone = true;
}

/* The symbol is in the file of the module. Only of one that is loaded it is found. */
static void check_is_loaded(const struct other_module *other, const char *symbol)
{
	const struct patched_object *patched = other->patched;

	if (!other->is_loaded_before)
		FINDINGS_ADD(patched->check->findings,
			     patched->is_vmlinux ? PROBLEM_KLP_OTHER_NOT_LOADED :
						   PROBLEM_KLP_OTHER_MODULE,
			     symbol, other->name);
}

static void check_other_symbol(struct other_module *other,
			       const struct klp_symbol_name *name)
{
	const struct klp_wanted wanted = { name->symbol, name->position };
	struct findings *findings = other->patched->check->findings;
	struct klp_found unused;

	if (strcmp(other->name, name->object) != 0)
		open_other(other, name->object);
	switch (other->place) {
	case MODULE_PLACE_FILE:
		if (patched_object_find(&other->object, &wanted, &problems, &unused))
			check_is_loaded(other, name->symbol);
		break;
	case MODULE_PLACE_BUILT_IN:
		FINDINGS_ADD(findings, PROBLEM_KLP_OTHER_BUILT_IN, name->symbol,
			     other->name);
		break;
	case MODULE_PLACE_NONE:
		FINDINGS_ADD(findings, PROBLEM_KLP_OTHER_UNKNOWN, name->symbol,
			     other->name);
		break;
	}
}

/* One livepatch relocation's symbol. */
static void check_klp_symbol(struct other_module *other,
			     const struct elf_relocation *relocation)
{
	const struct patched_object *object = other->patched;
	struct findings *findings = object->check->findings;
	struct klp_symbol_name name;
	struct klp_found unused;

	if (relocation->symbol.st_shndx != SHN_LIVEPATCH) {
		FINDINGS_ADD(findings, PROBLEM_KLP_UNMARKED, relocation->name);
		return;
	}
	if (!klp_symbol_name(relocation->name, &name)) {
		FINDINGS_ADD(findings, PROBLEM_KLP_SYMBOL_NAME, relocation->name);
		return;
	}
	if (!strcmp(name.object, object->name))
		patched_object_find(object,
				    &(struct klp_wanted){ name.symbol, name.position },
				    &problems, &unused);
	else if (!strcmp(name.object, VMLINUX_NAME))
		FINDINGS_ADD(findings, PROBLEM_KLP_VMLINUX, name.symbol);
	else
		check_other_symbol(other, &name);
}

static void check_klp_section(struct other_module *other, const char *name,
			      const Elf64_Shdr *section)
{
	struct elf *elf = &other->patched->patch->tables.elf;
	struct elf_relocation relocation;
	uint64_t i = 0;

	for (; elf_relocation(elf, section, i, &relocation); i++)
		check_klp_symbol(other, &relocation);
	if (i < section->sh_size / sizeof(relocation.entry))
		FINDINGS_ADD(other->patched->check->findings, PROBLEM_KLP_RELOCATIONS,
			     name);
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

void check_relocations(const struct patched_object *object)
{
	__attribute__((cleanup(close_other)))
	struct other_module other = { .patched = object };
	const struct elf *elf = &object->patch->tables.elf;
	struct klp_section_name parsed;
	unsigned int index = 1;
	Elf64_Shdr section;
	const char *name;

	while ((name = next_klp_section(elf, &index, &section)))
		if (klp_section_name(name, &parsed) &&
		    !strcmp(parsed.object, object->name))
			check_klp_section(&other, name, &section);
}

/* Jump labels and static calls of a module are set up before its relocations are made. */
static bool is_used_early(const struct klp_section_name *name)
{
	return strcmp(name->object, VMLINUX_NAME) != 0 &&
	       (!strcmp(name->section, "__jump_table") ||
		!strcmp(name->section, ".static_call_sites"));
}

void check_relocation_sections(const struct check *check,
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
