/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The baked tree: the manifest and the patches it speaks of, which are replaced together once
 * all of them are ready. Checks no module, logs nothing.
 */
#ifndef BAKED_TREE_H
#define BAKED_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "common/input/manifest.h"

#define BAKED_TREE_LINES_MAX (MANIFEST_LINES_MAX - 1)	/* one line of the file is the heading */

struct baked_tree_line {
	struct manifest_entry entry;		/* without .file */
	char file[FILE_NAME_MAX + 1];
	char module[MODULE_NAME_MAX + 1];	/* of patches added by this run */
};

struct baked_tree {
	const char *output;			/* the folder that it is below */
	const char *sign_key;			/* file of the key to sign with, or NULL */
	const char *keys_root;			/* the root whose trusted keys count */
	struct baked_tree_line lines[BAKED_TREE_LINES_MAX];	/* the manifest to be written */
	size_t count;
	size_t kept;				/* of these, the first come from the old manifest */
};

/* Where, and in which line of the manifest, an error is. */
struct baked_tree_error {
	char path[4096];
	struct manifest_error line;		/* if .reason is not NULL; line 0: the whole file */
	bool is_unsigned;			/* only the new manifest's signature is missing */
};

/*
 * Locks the tree below tree->output, made if it is not there, against other writers.
 * Returns a descriptor to be closed at the end, or -errno with its place in @ret_error.
 */
int baked_tree_lock(const struct baked_tree *tree, struct baked_tree_error *ret_error);

/*
 * Takes over the lines of the manifest that is there but for those of the @count @releases. What is to be
 * signed with them must have been signed before, if there are trusted keys. Call it once: the lines
 * point into its own memory. Returns 0 or -errno with its place in @ret_error.
 */
int baked_tree_keep(struct baked_tree *tree, const char *const *releases, size_t count,
	      struct baked_tree_error *ret_error);

/* True if some line is for @file of @release. */
bool baked_tree_has(const struct baked_tree *tree, const char *release, const char *file);

/* Formats the path of @file of @release into @ret (PATH_MAX bytes). Returns 0 or -errno. */
int baked_tree_path(const struct baked_tree *tree, const char *release, const char *file, char *ret);

/*
 * Gives all patches, which lie in file_temporary of their paths, their names, and writes the
 * manifest, signed if tree->sign_key is given. Both are read back first: what apply would refuse must
 * not replace what it takes. Returns 0 or -errno with its place in @ret_error.
 */
int baked_tree_commit(const struct baked_tree *tree, struct baked_tree_error *ret_error);

/* Removes what runs before left half-made for @release and, with @committed, what no line names. */
void baked_tree_clean(const struct baked_tree *tree, const char *release, bool committed);

#endif
