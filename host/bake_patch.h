/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes the checked copy of one candidate, beside its place in the tree. Prints nothing,
 * and gives no patch its name: see baked_tree_commit.
 */
#ifndef BAKE_PATCH_H
#define BAKE_PATCH_H

#include <limits.h>
#include <stdbool.h>

#include "common/bounds.h"
#include "common/sha256.h"
#include "host/bake.h"
#include "host/bake_strip.h"
#include "host/baked_tree.h"
#include "host/check/gate.h"
#include "host/klp_objects.h"
#include "host/patch_select.h"

enum bake_refusal {
	BAKE_REFUSAL_NONE,
	BAKE_REFUSAL_LATER_RELEASE,	/* it is for another release of the request */
	BAKE_REFUSAL_TREE_NOT_WRITTEN,	/* path, err; all of bake ends */
	BAKE_REFUSAL_WRONG_FILE,	/* reason */
	BAKE_REFUSAL_NOT_REGULAR,
	BAKE_REFUSAL_NO_DECOMPRESSOR,
	BAKE_REFUSAL_NOT_READ,		/* reason */
	BAKE_REFUSAL_NOT_UNPACKED,
	BAKE_REFUSAL_TOO_LARGE,
	BAKE_REFUSAL_NO_LIVE_PATCH,
	BAKE_REFUSAL_OTHER_RELEASE,	/* other: its release */
	BAKE_REFUSAL_NAME_TOO_LONG,
	BAKE_REFUSAL_NAME_TAKEN,	/* other: that file; reason: the module's name */
	BAKE_REFUSAL_NAME_UNKNOWN,	/* other: the name that the module gives itself */
	BAKE_REFUSAL_RELEASE_FULL,
	BAKE_REFUSAL_MANIFEST_FULL,
	BAKE_REFUSAL_OTHER_DIGEST,	/* other: its digest */
	BAKE_REFUSAL_CHECK,		/* other: what is against it */
	BAKE_REFUSAL_NO_STRIP,
	BAKE_REFUSAL_STRIP_FAILED,
};

/* What became of one candidate. */
struct bake_outcome {
	enum bake_refusal refusal;
	int err;			/* -errno */
	const char *reason, *other;	/* static, or in the tree or .text */
	char text[RELEASE_MAX + 2 * SHA256_BYTES + 1];
	char path[PATH_MAX];
	const char *warning;		/* what is against it all the same, or NULL */
	struct bake_strip strip;
	long long bytes;		/* of the copy; negative if there is none */
	long long bytes_saved;		/* by stripping */
	enum klp_replace replace;
	bool needs_core;		/* kpatch's core module */
};

/* Whether the release that is baked has a line with the file name of @entry's module. */
bool bake_patch_has_line(const struct baked_tree *tree,
			 const struct manifest_entry *entry);

/*
 * Adds a line without a file for @entry, a required patch that has none: with its pin, or
 * zeros, so that a boot misses it. False if there is no room.
 */
bool bake_patch_add_required(struct baked_tree *tree, const struct manifest_entry *entry);

/* What the candidates of a release have in common. */
struct bake_place {
	const struct bake_request *request;
	struct baked_tree *tree;
	struct gate *gate;
};

/*
 * Adds a line for @candidate to the tree, with its copy in file_temporary of its path, if
 * the gate lets it pass. What became of it goes to @ret, and is of the gate in part.
 * False if it is refused.
 */
bool bake_patch_add(const struct bake_place *place, const struct candidate *candidate,
		    struct bake_outcome *ret);

#endif
