/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which patches a kernel release should get, in which order: the drop-ins' lines and the patch
 * store. Opens no module; tells of what is missing through a callback.
 */
#ifndef PATCH_SELECT_H
#define PATCH_SELECT_H

#include <stdbool.h>
#include <stddef.h>

#include "common/input/manifest.h"
#include "common/input/settings.h"

struct candidate {
	struct manifest_entry entry;	/* .file may yet be refused, see manifest.h */
	const char *source;		/* path of the module, compressed or not */
};

struct candidates {
	size_t count;
	struct candidate list[SOURCES_MAX];
	bool required_missing;		/* a required patch of a drop-in is not there */
	size_t left_out;		/* modules of the store that a drop-in disables */
};

/*
 * Why nothing of the store below @root is wanted, whatever it holds: the administrator's settings, or
 * kpatch.service if these say to follow it. Static text, or NULL. @notice as in settings.h.
 */
const char *patch_select_off_reason(const char *root, settings_notice_fn notice);

/*
 * Fills @ret for @release from below @root. @files, NULL-terminated, stand in for the store
 * unless empty. All text in @ret is valid until the next call.
 * @notice gets a sentence for each line that leads to no candidate.
 * Returns 0; -EINVAL for a wrong drop-in, after @notice said which line and why, if there is any
 * patch for it to speak of; -E2BIG over a limit; or -errno.
 */
int patch_select(const char *root, const char *release, char *const *files,
		  void (*notice)(const char *sentence), struct candidates *ret);

#endif
