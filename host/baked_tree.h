/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes the baked tree: the manifest and the patches that it names, which are replaced
 * together once all of them are ready. Checks no module, and prints nothing.
 */
#ifndef BAKED_TREE_H
#define BAKED_TREE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "common/input/manifest.h"
#include "common/input/signed_manifest.h"

/* One line of the file is the heading. */
#define BAKED_TREE_LINES_MAX (MANIFEST_LINES_MAX - 1)

struct baked_tree_line {
	struct manifest_entry entry;		/* without .file and .fixes */
	char file[FILE_NAME_MAX + 1];
	char fixes[FIXES_BYTES_MAX + 1];	/* may be empty */
	char module[MODULE_NAME_MAX + 1];	/* of patches added by this run */
	bool is_absent;		/* it has no file, since the patch cannot be baked */
};

struct baked_tree {
	const char *output;		/* the directory that the tree is below */
	const char *sign_key;		/* file of the key to sign with, or NULL */
	const char *keys_root;		/* the root whose trusted keys count */
	struct signed_manifest *old;	/* memory for the old manifest, for lines */
	struct baked_tree_line *lines;	/* memory for BAKED_TREE_LINES_MAX */
	size_t count;
	size_t kept;			/* the first lines, from the old manifest */
	size_t release_start;		/* the first line of the release that is baked */
};

/* Where, and in which line of the manifest, an error is. */
struct baked_tree_error {
	char path[PATH_MAX];
	struct manifest_error line;	/* if .reason is set; line 0: the whole file */
	int err;			/* -errno, if .reason is not set */
	bool is_unsigned;		/* only the new manifest's signature is missing */
	char reason[sizeof(((struct signed_manifest_error *)0)->reason)];
};

/* Makes @line that of @entry, whose text may go then. */
void baked_tree_set_line(struct baked_tree_line *line,
			 const struct manifest_entry *entry);

/*
 * Locks the tree below tree->output against other writers. Makes the tree's directory if
 * need be. Returns a descriptor to be closed at the end, or -errno with @ret_error
 * filled.
 */
int baked_tree_lock(const struct baked_tree *tree, struct baked_tree_error *ret_error);

/*
 * Takes over the lines of the manifest that is there but for those of the @count
 * @releases. If there are trusted keys, and the new manifest is to be signed, these lines
 * must have been signed before. False, with @ret_error filled, if that fails.
 */
bool baked_tree_keep(struct baked_tree *tree, const char *const *releases, size_t count,
		     struct baked_tree_error *ret_error);

/* Formats the path of @file into @ret (PATH_MAX bytes). Returns 0 or -errno. */
int baked_tree_path(const struct baked_tree *tree, const char *release, const char *file,
		    char *ret);

/*
 * Gives all patches that are there their names, which lie in file_temporary of their
 * paths, and writes
 * the manifest, signed if there is a tree->sign_key. Manifest and signature are read back
 * first: what apply would refuse must not replace what apply takes. False, with
 * @ret_error filled, if that fails.
 */
bool baked_tree_commit(const struct baked_tree *tree, struct baked_tree_error *ret_error);

/*
 * Removes what runs before left half-made for @release and, with @committed, what no line
 * names.
 */
void baked_tree_clean(const struct baked_tree *tree, const char *release, bool committed);

#endif
