/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The modules of one kernel release on disk, found by libkmod. Loads none, and reads
 * nothing of what is in them.
 */
#ifndef MODULE_TREE_H
#define MODULE_TREE_H

#include <limits.h>
#include <stdbool.h>

#include "host/module_bytes.h"

struct kmod_ctx;

struct module_tree {
	const char *root;
	char directory[PATH_MAX];	/* of modules.dep; without links */
	struct kmod_ctx *ctx;		/* NULL: nothing is found */
};

/*
 * Opens the modules in @directory, else, if that is NULL, those of @release in
 * /lib/modules below @root. What depmod has not written there finds nothing.
 */
void module_tree_open(struct module_tree *ret, const char *root, const char *release,
		      const char *directory);

/* Frees it. */
void module_tree_close(struct module_tree *tree);

enum module_place {
	MODULE_PLACE_FILE,	/* @ret_path is its file */
	MODULE_PLACE_BUILT_IN,
	MODULE_PLACE_NONE,
};

/* Finds the module @name. @ret_path has PATH_MAX bytes. */
enum module_place module_tree_find(const struct module_tree *tree, const char *name,
				   char *ret_path);

/*
 * Whether @name is one of the comma-separated modules @list, or one that they need by
 * modules.dep. '-' and '_' are alike.
 */
bool module_tree_list_needs(const struct module_tree *tree, const char *list,
			    const char *name);

/* Copies to @ret, of PATH_MAX bytes, which module exports @symbol. False if none does. */
bool module_tree_find_exporter(const struct module_tree *tree, const char *symbol,
			       char *ret);

/*
 * Reads the module file @path, unpacked, below @root. False if it cannot be read or
 * unpacked. The caller frees it.
 */
bool module_tree_read(const char *root, const char *path, struct module_bytes *ret);

#endif
