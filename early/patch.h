/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One patch, from its manifest line to in force: every check, then the load, then the wait.
 * Does not know of other patches, writes no report.
 */
#ifndef PATCH_H
#define PATCH_H

#include <stdbool.h>

#include "cmdline.h"
#include "manifest.h"
#include "status.h"

struct patch_context {
	const char *root;
	const char *release;
	const struct cmdline *cmdline;
	unsigned int timeout_s;		/* for the load with its retries, and for the transition */
	bool dry_run;			/* every check, but no load */
};

/*
 * Applies @entry. Fills @ret always.
 * Returns false if the kernel can apply no patch any more, so that trying others is in vain.
 */
bool patch_apply(const struct patch_context *context, const struct manifest_entry *entry,
		 struct status_patch *ret);

#endif
