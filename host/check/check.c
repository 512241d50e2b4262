// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/check/check.h"

#include <stdio.h>
#include <string.h>

#include "common/module/core_module.h"
#include "common/module/module_name.h"
#include "common/text.h"
#include "host/elf_machine.h"

static enum check_problem problem_of_tables(enum module_tables_result result)
{
	switch (result) {
	case MODULE_TABLES_READ:
	case MODULE_TABLES_NO_MODULE: return PROBLEM_NO_MODULE;
	case MODULE_TABLES_OVER_LIMIT: return PROBLEM_SECTIONS_OVER_LIMIT;
	case MODULE_TABLES_DAMAGED: return PROBLEM_DAMAGED;
	case MODULE_TABLES_NO_SYMBOLS: return PROBLEM_NO_SYMBOLS;
	case MODULE_TABLES_NO_THIS_MODULE: return PROBLEM_NO_THIS_MODULE;
	}
	return PROBLEM_NO_MODULE;
}

bool check_open_module(struct check_module *module, const char *path,
		       struct findings *findings)
{
	enum module_tables_result result =
		module_tables_open(&module->tables, module->bytes, module->len);
	const char *name = NULL;

	if (result == MODULE_TABLES_READ)
		name = module_tables_modinfo(&module->tables, "name");
	if (module_name_of_file(name ? name : path, module->name, sizeof(module->name)))
		module->name[0] = '\0';
	findings_start(findings, module->name);
	if (result == MODULE_TABLES_READ)
		return true;
	FINDINGS_ADD(findings, problem_of_tables(result), NULL);
	return false;
}

bool check_kernel_has(const struct kernel *kernel, const char *text, size_t len)
{
	return memmem(kernel->file.bytes, kernel->file.size, text, len);
}

bool check_kernel_forces(const struct kernel *kernel)
{
	/* What try_to_force_load() logs, and has only with the option. */
	static const char text[] = "%s: %s: kernel tainted.\n";

	return check_kernel_has(kernel, text, sizeof(text) - 1);
}

static char with_underscore(char c)
{
	return c == '-' ? '_' : c;
}

/* Whether the first @len bytes of @word are @name, but for '-' and '_'. */
static bool is_same_name(const char *word, size_t len, const char *name)
{
	if (strlen(name) != len)
		return false;
	for (size_t i = 0; i < len; i++)
		if (with_underscore(word[i]) != with_underscore(name[i]))
			return false;
	return true;
}

bool check_list_has(const char *list, const char *name)
{
	while (*list) {
		size_t len = strcspn(list, ",");

		if (is_same_name(list, len, name))
			return true;
		list += len + (list[len] == ',');
	}
	return false;
}

static void compare_machine(const struct check *check, const struct check_module *module)
{
	unsigned int machine = module->tables.elf.header.e_machine;
	unsigned int wanted = check->kernel->memory.machine;
	char number[16];

	if (machine == wanted || !wanted)
		return;
	snprintf(number, sizeof(number), "%u", machine);
	FINDINGS_ADD(check->findings, PROBLEM_OTHER_MACHINE, elf_machine_name(machine),
		     elf_machine_name(wanted), number);
}

static bool has_versions(const struct check_module *module)
{
	return module->tables.versions || module->tables.version_crcs;
}

/* check_modstruct_version() */
static void check_layout(const struct check *check, const struct check_module *module)
{
	const struct exports *exports = &check->kernel->exports;
	struct export export;
	uint32_t crc;

	if (exports_find(exports, "module_layout", &export) != ANSWER_YES ||
	    !export.has_crc)
		return;
	switch (module_tables_version(&module->tables, "module_layout", &crc)) {
	case MODULE_VERSION_FOUND:
		if (crc != export.crc)
			FINDINGS_ADD(check->findings, PROBLEM_LAYOUT, NULL);
		break;
	case MODULE_VERSION_NOT_LISTED:
		FINDINGS_ADD(check->findings, PROBLEM_CRC_MISSING, "module_layout");
		break;
	case MODULE_VERSION_NO_TABLE:
		break;
	}
}

/* same_magic(): with versions on both sides the release is no matter. */
static void check_vermagic(const struct check *check, const struct check_module *module)
{
	const char *wanted = check->kernel->vermagic;
	const char *found = module_tables_modinfo(&module->tables, "vermagic");
	size_t skipped = 0, skipped_wanted = 0;

	if (!found) {
		if (!check_kernel_forces(check->kernel))
			FINDINGS_ADD(check->findings, PROBLEM_VERMAGIC_NONE, NULL);
		return;
	}
	if (!wanted) {
		FINDINGS_ADD(check->findings, PROBLEM_VERMAGIC_UNKNOWN, NULL);
		return;
	}
	if (strstr(wanted, " modversions ") && has_versions(module)) {
		skipped = strcspn(found, " ");
		skipped_wanted = strcspn(wanted, " ");
	}
	if (strcmp(found + skipped, wanted + skipped_wanted) != 0)
		FINDINGS_ADD(check->findings, PROBLEM_VERMAGIC, found, wanted);
}

/* Without it the module is loaded, and patches nothing. */
static bool calls_klp_enable_patch(const struct check_module *module)
{
	struct module_symbol symbol;

	for (uint64_t i = 0; module_tables_symbol(&module->tables, i, &symbol); i++)
		if (!strcmp(symbol.name, "klp_enable_patch"))
			return true;
	return false;
}

static bool is_for_core(const struct check_module *module)
{
	const char *depends = module_tables_modinfo(&module->tables, "depends");

	return depends && core_module_is_needed(depends);
}

/* Whether it patches something, so that the rules for live patches hold. */
static bool check_livepatch(const struct check *check, const struct check_module *module)
{
	bool is_marked = module_tables_modinfo(&module->tables, "livepatch");
	enum check_problem problem;

	if (is_for_core(module))
		problem = PROBLEM_CORE;
	else if (!calls_klp_enable_patch(module))
		problem = is_marked ? PROBLEM_PATCHES_NOTHING : PROBLEM_NO_LIVE_PATCH;
	else if (!is_marked)
		problem = PROBLEM_NOT_MARKED;
	else if (check->kernel->has_livepatch == ANSWER_NO)
		problem = PROBLEM_KERNEL_CANNOT;
	else
		return true;
	FINDINGS_ADD(check->findings, problem, NULL);
	return problem == PROBLEM_NOT_MARKED || problem == PROBLEM_KERNEL_CANNOT;
}

static void check_build_id(const struct check *check, const struct check_module *module)
{
	const struct manifest_entry *entry = module->entry;
	const struct build_id *kernel = &check->kernel->build_id;
	char found[2 * BUILD_ID_BYTES_MAX + 1], wanted[2 * BUILD_ID_BYTES_MAX + 1];

	if (!entry || !entry->build_id_len)
		return;
	if (!kernel->len) {
		FINDINGS_ADD(check->findings, PROBLEM_BUILD_ID_UNKNOWN, NULL);
		return;
	}
	if (kernel->len == entry->build_id_len &&
	    !memcmp(kernel->bytes, entry->build_id, kernel->len))
		return;
	text_to_hex(kernel->bytes, kernel->len, found);
	text_to_hex(entry->build_id, entry->build_id_len, wanted);
	FINDINGS_ADD(check->findings, PROBLEM_BUILD_ID, found, wanted);
}

/* Whether the signer's certificate is built into the kernel. Nothing is verified. */
static enum answer is_signer_built_in(const struct check *check,
				      const struct check_module *module)
{
	struct signer_id id;

	if (module_signer_id(module->bytes, module->len, &id) != MODULE_SIGNER_READ)
		return ANSWER_UNKNOWN;
	return certificates_have(&check->kernel->certificates, &id);
}

static enum check_problem problem_of_signer(const struct check *check,
					    const struct check_module *module)
{
	switch (is_signer_built_in(check, module)) {
	case ANSWER_NO:
		return check->is_enforced ? PROBLEM_SIGNER_ENFORCED : PROBLEM_SIGNER;
	case ANSWER_YES:
		return PROBLEM_SIGNER_BUILT_IN;
	case ANSWER_UNKNOWN:
		break;
	}
	return check->is_enforced ? PROBLEM_SIGNATURE : PROBLEM_SIGNER_UNKNOWN;
}

void check_signature(const struct check *check, const struct check_module *module)
{
	enum check_problem problem = PROBLEM_SIGNATURE;
	char signer[SIGNER_MAX + 1];

	switch (module_signer_of(module->bytes, module->len, signer)) {
	case MODULE_SIGNER_READ:
		problem = problem_of_signer(check, module);
		break;
	case MODULE_SIGNER_NONE:
		problem = check->is_enforced ? PROBLEM_UNSIGNED :
					       PROBLEM_UNSIGNED_ALLOWED;
		break;
	case MODULE_SIGNER_UNREADABLE:
		break;
	}
	FINDINGS_ADD(check->findings, problem, signer);
}

void check_module(const struct check *check, struct check_module *module)
{
	bool is_patch;

	compare_machine(check, module);
	check_layout(check, module);
	check_vermagic(check, module);
	if (check->any_module) {
		check_symbols(check, module);
		return;
	}
	is_patch = check_livepatch(check, module);
	check_symbols(check, module);
	if (is_patch)
		check_live_patch(check, module);
	check_build_id(check, module);
	check_signature(check, module);
	if (is_patch)
		check_drivers(check, module);
}
