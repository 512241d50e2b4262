/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Checks one module against one kernel, by the rules of finding.h, in the kernel's order.
 * Prints nothing, and loads nothing.
 */
#ifndef CHECK_H
#define CHECK_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "common/input/manifest.h"
#include "host/check/finding.h"
#include "host/check/initramfs.h"
#include "host/check/kernel.h"
#include "host/check/module_exports.h"
#include "host/check/module_tables.h"
#include "host/check/module_tree.h"
#include "host/klp_objects.h"

/* What modules are checked against, and how. */
struct check {
	const struct kernel *kernel;
	const struct module_tree *tree;
	struct module_exports *exports;	/* of modules that were read before */
	const struct initramfs *initramfs;	/* NULL: it is not asked about */
	bool any_module;		/* what holds for live patches only is left out */
	bool is_enforced;		/* the kernel wants signatures */
	bool allows_jump_tables;
	struct findings *findings;
};

/* The module that is checked. */
struct check_module {
	char name[NAME_MAX + 1];	/* its own, with '_' */
	const void *bytes;
	size_t len;
	const struct manifest_entry *entry;	/* NULL: no drop-in's line is about it */
	struct module_tables tables;	/* if it could be opened */
	struct klp_objects objects;	/* .count is 0 if that could not be read */
};

/*
 * Opens @module->tables, of @module->bytes and .len, and sets its name: that of .modinfo,
 * else that of the file @path. Starts @findings. False, with a finding, if it is no
 * module.
 */
bool check_open_module(struct check_module *module, const char *path,
		       struct findings *findings);

/* Runs all rules but that of the set. The findings were started for @module. */
void check_module(const struct check *check, struct check_module *module);

/* The parts of it: symbols, RULE_SYMBOL to RULE_NAMESPACE. */
void check_symbols(const struct check *check, struct check_module *module);

/* RULE_KLP_SYMBOL to RULE_NAME, for vmlinux. Fills @module->objects. */
void check_live_patch(const struct check *check, struct check_module *module);

/* The same for the modules that it patches, RULE_DRIVER. */
void check_drivers(const struct check *check, struct check_module *module);

/* RULE_SIGNATURE. */
void check_signature(const struct check *check, const struct check_module *module);

/* Whether the kernel's file has @text of @len bytes, as a message of some option. */
bool check_kernel_has(const struct kernel *kernel, const char *text, size_t len);

/*
 * Whether the kernel was built to take modules without versions or vermagic,
 * MODULE_FORCE_LOAD.
 */
bool check_kernel_forces(const struct kernel *kernel);

/* Whether @name is in the comma-separated @list. '-' and '_' are alike. */
bool check_list_has(const char *list, const char *name);

#endif
