/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An object that a live patch patches, and what the kernel finds by name in it:
 * klp_find_object_symbol() of kernel/livepatch/core.c. Judges no patch.
 */
#ifndef PATCHED_OBJECT_H
#define PATCHED_OBJECT_H

#include <stdbool.h>
#include <stdint.h>

#include "host/check/check.h"
#include "host/check/kallsyms.h"
#include "host/check/module_tables.h"

#define VMLINUX_NAME "vmlinux"

/* vmlinux, or a module's file. */
struct patched_object {
	const struct check *check;
	struct check_module *patch;
	const char *name;
	bool is_vmlinux;
	struct module_tables tables;	/* unless it is vmlinux */
};

/* A symbol that is asked for; position 0 is the only one. */
struct klp_wanted {
	const char *name;
	uint64_t position;
};

/* A symbol that is found. */
struct klp_found {
	struct kallsyms_symbol symbol;		/* of vmlinux */
	struct module_function function;	/* of a module */
};

/* What is said of one that is not. */
struct klp_find_problems {
	enum check_problem none, several, less;
};

/* False, with one of @problems among the findings, if @wanted is not there. */
bool patched_object_find(const struct patched_object *object,
			 const struct klp_wanted *wanted,
			 const struct klp_find_problems *problems,
			 struct klp_found *ret);

/* Opens the file @path of the module @object->name. False if it cannot be read. */
bool patched_object_open(struct patched_object *object, const char *path,
			 struct module_bytes *ret_file);

/* The names of livepatch sections, whatever the objects are. */
void check_relocation_sections(const struct check *check,
			       const struct check_module *patch);

/* The livepatch relocations of the sections for @object: RULE_KLP_SYMBOL. */
void check_relocations(const struct patched_object *object);

#endif
