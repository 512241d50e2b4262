// SPDX-License-Identifier: GPL-2.0-or-later
/* What a module wants of others: simplify_symbols() of kernel/module/main.c. */
#include <stdio.h>
#include <string.h>

#include "common/text.h"
#include "host/check/check.h"

/* What exports a symbol: the kernel, or a module. */
struct provider {
	const char *namespace;
	bool is_gpl_only, has_crc;
	uint32_t crc;
};

struct symbol_check {
	const struct check *check;
	struct check_module *module;
	const char *depends, *license;
	const struct module_exporter *unreadable; /* the first of depends=, or NULL */
};

/* license_is_gpl_compatible() of include/linux/license.h */
static bool is_gpl(const char *license)
{
	static const char *const licenses[] = {
		"GPL", "GPL v2", "GPL and additional rights", "Dual BSD/GPL",
		"Dual MIT/GPL", "Dual MPL/GPL", NULL
	};

	return text_is_one_of(license, licenses);
}

/* Reads the exports of the file @path. NULL if there is no room for them. */
static const struct module_exporter *read_exporter(const struct check *check,
						   const char *name, const char *path)
{
	MODULE_BYTES file = { NULL, 0 };
	struct module_tables tables;

	if (!module_tree_read(check->tree->root, path, &file) ||
	    module_tables_open(&tables, file.bytes, file.len) != MODULE_TABLES_READ)
		return module_exports_add(check->exports, name, EXPORTER_UNREADABLE,
					  NULL);
	return module_exports_add(check->exports, name, EXPORTER_READ, &tables);
}

/* Finds the module @name, and has its exports in the index. */
static const struct module_exporter *find_exporter(const struct check *check,
						   const char *name)
{
	const struct module_exporter *known =
		module_exports_exporter(check->exports, name);
	enum exporter_state state = EXPORTER_ABSENT;
	char path[PATH_MAX];

	if (known)
		return known;
	switch (module_tree_find(check->tree, name, path)) {
	case MODULE_PLACE_FILE:
		return read_exporter(check, name, path);
	case MODULE_PLACE_BUILT_IN:
		state = EXPORTER_BUILT_IN;
		break;
	case MODULE_PLACE_NONE:
		break;
	}
	return module_exports_add(check->exports, name, state, NULL);
}

/* Reads the exports of each module of depends=, and notes one that cannot be read. */
static void read_dependencies(struct symbol_check *symbols)
{
	static const struct module_exporter unknown = { "a module", EXPORTER_UNREADABLE };
	char name[NAME_MAX + 1];

	for (const char *list = symbols->depends; *list;) {
		size_t len = strcspn(list, ",");
		const struct module_exporter *exporter = NULL;

		if (len && len < sizeof(name)) {
			memcpy(name, list, len);
			name[len] = '\0';
			exporter = find_exporter(symbols->check, name);
		}
		if (!exporter)
			exporter = &unknown;
		if (len && !symbols->unreadable &&
		    (exporter->state == EXPORTER_ABSENT ||
		     exporter->state == EXPORTER_UNREADABLE))
			symbols->unreadable = exporter;
		list += len + (list[len] == ',');
	}
}

/* Finds @name among what the modules of depends= export. */
static bool find_in_dependencies(const struct symbol_check *symbols, const char *name,
				 struct provider *ret)
{
	const struct exported *exported = NULL;

	while ((exported = module_exports_find(symbols->check->exports, name, exported)))
		if (check_list_has(symbols->depends, exported->exporter->name)) {
			*ret = (struct provider){
				exported->export.namespace, exported->export.is_gpl_only,
				exported->export.has_crc, exported->export.crc,
			};
			return true;
		}
	return false;
}

static bool find_in_kernel(const struct symbol_check *symbols, const char *name,
			   struct provider *ret)
{
	struct export export;

	if (exports_find(&symbols->check->kernel->exports, name, &export) != ANSWER_YES)
		return false;
	*ret = (struct provider){
		export.namespace, export.is_gpl_only, export.has_crc, export.crc
	};
	return true;
}

/* check_version() */
static void check_crc(const struct symbol_check *symbols, const char *name,
		      const struct provider *provider)
{
	struct findings *findings = symbols->check->findings;
	char found[16], wanted[16];
	uint32_t crc = provider->crc;

	if (!provider->has_crc)
		return;
	if (module_tables_version(&symbols->module->tables, name, &crc) ==
	    MODULE_VERSION_NOT_LISTED)
		FINDINGS_ADD(findings, PROBLEM_CRC_MISSING, name);
	if (crc == provider->crc)
		return;
	snprintf(found, sizeof(found), "0x%08x", crc);
	snprintf(wanted, sizeof(wanted), "0x%08x", provider->crc);
	FINDINGS_ADD(findings, PROBLEM_CRC, name, found, wanted);
}

/* Whether one of @patterns, "A,B*", is the name of the module. */
static bool is_one_of_modules(const char *patterns, const char *name)
{
	char pattern[NAME_MAX + 1];

	while (*patterns) {
		size_t len = strcspn(patterns, ",");
		bool is_begin = len && patterns[len - 1] == '*';

		snprintf(pattern, sizeof(pattern), "%.*s", (int)(len - is_begin),
			 patterns);
		for (char *dash = pattern; (dash = strchr(dash, '-'));)
			*dash = '_';
		if (is_begin ? !strncmp(name, pattern, strlen(pattern)) :
			       !strcmp(name, pattern))
			return true;
		patterns += len + (patterns[len] == ',');
	}
	return false;
}

static bool imports_namespace(const struct check_module *module, const char *namespace)
{
	static const char prefix[] = "module:";
	const char *value = module_tables_modinfo(&module->tables, "import_ns");

	if (!strncmp(namespace, prefix, sizeof(prefix) - 1))
		return is_one_of_modules(namespace + sizeof(prefix) - 1, module->name);
	for (; value;
	     value = module_tables_modinfo_next(&module->tables, "import_ns", value))
		if (!strcmp(value, namespace))
			return true;
	return false;
}

/* MODULE_ALLOW_MISSING_NAMESPACE_IMPORTS makes an error a warning. */
static bool kernel_wants_imports(const struct kernel *kernel)
{
	static const char warning[] = "\0014%s: module uses symbol (";

	return !check_kernel_has(kernel, warning, sizeof(warning) - 1);
}

static void check_namespace(const struct symbol_check *symbols, const char *name,
			    const char *namespace)
{
	if (namespace && *namespace && !imports_namespace(symbols->module, namespace) &&
	    kernel_wants_imports(symbols->check->kernel))
		FINDINGS_ADD(symbols->check->findings, PROBLEM_NAMESPACE, name,
			     namespace);
}

/* No module that can be read exports @name to this one. */
static void report_missing(const struct symbol_check *symbols, const char *name)
{
	struct findings *findings = symbols->check->findings;
	const struct exported *other =
		module_exports_find(symbols->check->exports, name, NULL);
	char exporter[PATH_MAX];

	if (symbols->unreadable)
		FINDINGS_ADD(findings, PROBLEM_SYMBOL_MAYBE, name,
			     symbols->unreadable->name);
	else if (other)
		FINDINGS_ADD(findings, PROBLEM_SYMBOL_ELSEWHERE, name,
			     other->exporter->name);
	else if (module_tree_find_exporter(symbols->check->tree, name, exporter))
		FINDINGS_ADD(findings, PROBLEM_SYMBOL_ELSEWHERE, name, exporter);
	else
		FINDINGS_ADD(findings, PROBLEM_SYMBOL, name);
}

static void check_wanted_symbol(const struct symbol_check *symbols,
				const struct module_symbol *symbol)
{
	struct provider provider;

	if (!find_in_kernel(symbols, symbol->name, &provider) &&
	    !find_in_dependencies(symbols, symbol->name, &provider)) {
		if (ELF64_ST_BIND(symbol->entry.st_info) != STB_WEAK)
			report_missing(symbols, symbol->name);
		return;
	}
	if (provider.is_gpl_only && !is_gpl(symbols->license))
		FINDINGS_ADD(symbols->check->findings, PROBLEM_GPL_ONLY, symbol->name,
			     symbols->license);
	check_crc(symbols, symbol->name, &provider);
	check_namespace(symbols, symbol->name, provider.namespace);
}

/* ignore_undef_symbol(): the linker may leave this one. */
static bool is_ignored(const char *name)
{
	return !strcmp(name, "_GLOBAL_OFFSET_TABLE_");
}

static void check_each_symbol(const struct symbol_check *symbols)
{
	struct module_symbol symbol;

	for (uint64_t i = 1;
	     module_tables_symbol(&symbols->module->tables, i, &symbol); i++) {
		if (symbol.entry.st_shndx == SHN_COMMON)
			FINDINGS_ADD(symbols->check->findings, PROBLEM_SYMBOL_COMMON,
				     symbol.name);
		if (symbol.entry.st_shndx == SHN_UNDEF && !is_ignored(symbol.name))
			check_wanted_symbol(symbols, &symbol);
	}
}

/* Whether the kernel has checksums and the module none, which it forces or refuses. */
static bool lacks_versions(const struct check *check, const struct check_module *module)
{
	return check->kernel->exports.have_crcs == ANSWER_YES &&
	       !module->tables.versions && !module->tables.version_crcs;
}

static const char *modinfo_or(const struct check_module *module, const char *key,
			      const char *otherwise)
{
	const char *value = module_tables_modinfo(&module->tables, key);

	return value ? value : otherwise;
}

void check_symbols(const struct check *check, struct check_module *module)
{
	struct symbol_check symbols = {
		.check = check, .module = module,
		.depends = modinfo_or(module, "depends", ""),
		.license = modinfo_or(module, "license", "unspecified"),
	};

	if (check->kernel->exports.are_read != ANSWER_YES) {
		FINDINGS_ADD(check->findings, PROBLEM_EXPORTS_UNKNOWN, NULL);
		return;
	}
	read_dependencies(&symbols);
	check_each_symbol(&symbols);
	if (lacks_versions(check, module) && !check_kernel_forces(check->kernel))
		FINDINGS_ADD(check->findings, PROBLEM_CRCS_NONE, NULL);
}
