/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Selects which patches a kernel release should get, in which order, from the drop-ins'
 * lines and the patch store. Opens no module, and prints nothing.
 */
#ifndef PATCH_SELECT_H
#define PATCH_SELECT_H

#include <stdbool.h>
#include <stddef.h>

#include "common/input/manifest.h"
#include "common/input/settings.h"

enum patch_select_result {
	PATCH_SELECT_OK,
	PATCH_SELECT_WRONG_DROP_IN,	/* the notice said which line, and why */
	PATCH_SELECT_OVER_LIMIT,
	PATCH_SELECT_UNREADABLE,
};

/* Gets a sentence for each line of a drop-in that leads to no candidate. */
typedef void (*patch_select_notice_fn)(const char *sentence);

struct patch_query {
	const char *root, *release;
	char *const *files;	/* end with NULL; unless empty, instead of the store */
	patch_select_notice_fn notice;	/* or NULL */
};

/* A module that may be baked: from the store, or given as a FILE. */
struct patch_source {
	const char *path;
	char file[FILE_NAME_MAX + 4];	/* its name, uncompressed; cut if far too long */
	bool taken;			/* a drop-in's line names it */
};

struct candidate {
	struct manifest_entry entry;	/* .file may yet be refused, see manifest.h */
	const char *source;		/* path of the module, compressed or not */
};

struct candidates {
	size_t count;
	struct candidate list[SOURCES_MAX];
	bool required_missing;		/* a required patch of a drop-in is not there */
	size_t missing_count;		/* lines of such, up to the limit */
	struct manifest_entry missing[PATCHES_MAX];
	size_t left_out;		/* modules of the store that a drop-in disables */
	int err;			/* -errno, with PATCH_SELECT_UNREADABLE */
	/* What the list points into. */
	size_t source_count;
	struct patch_source sources[SOURCES_MAX];
	size_t paths_used;
	char paths[PATCHES_MAX * 512];
	char drop_ins[MANIFEST_BYTES_MAX + 1];
};

/*
 * Why nothing of the store below @root is to be baked, whatever it holds. The reason is
 * in the administrator's settings, or in kpatch.service if these say to follow it.
 * Returns static text, or NULL. @notice as in settings.h.
 */
const char *patch_select_off_reason(const char *root, settings_notice_fn notice);

/* That reason where nobody knows: a good tree is not to be emptied for it. */
extern const char patch_select_settings_unreadable[];

/*
 * Fills @ret for @query. All text that @ret points to is in @ret, in @query, or static.
 * The list is whole only with PATCH_SELECT_OK.
 */
enum patch_select_result patch_select(const struct patch_query *query,
				      struct candidates *ret);

#endif
