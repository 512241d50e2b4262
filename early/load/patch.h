/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One patch on its way from a manifest's line to the kernel. */
#ifndef PATCH_H
#define PATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "common/bounds.h"
#include "common/module/modinfo.h"
#include "common/verdict.h"
#include "early/load/modprobe.h"

/* What is known of the functions that a patch patched before another replaced it. */
enum patch_functions {
	PATCH_FUNCTIONS_UNSEEN,		/* this run did not see it in force */
	PATCH_FUNCTIONS_KNOWN,
	PATCH_FUNCTIONS_UNKNOWN,	/* they could not be listed */
};

struct patch {
	char name[FILE_NAME_MAX + 1];	/* of the module */
	bool required;
	int fd;				/* the verified file; negative: there is none */
	char depends[MODINFO_DEPENDS_MAX];
	unsigned int relocations;	/* livepatch relocations, see klp_relocations.h */
	enum patch_functions functions;
	/* if they are known: where they begin and end in a struct livepatch_functions */
	size_t functions_start, functions_end;
	struct verdict verdict;		/* CAUSE_NONE: nothing speaks against it yet */
};

/* Each of these ends the patch's way and returns false. */
bool patch_end(struct patch *patch, enum cause cause);
bool patch_end_with(struct patch *patch, enum cause cause, const char *detail);
bool patch_end_with_errno(struct patch *patch, enum cause cause, int err);

/*
 * Loads the modules that @patch needs, or looks for them, as modprobe_load_dependencies.
 * Returns true, or ends @patch; the detail is the module's name then.
 */
bool patch_load_dependencies(struct patch *patch, const struct modprobe_source *source);

/* True if nothing speaks against it yet. */
bool patch_is_open(const struct patch *patch);

/* True if it is in force, as far as its verdict says. */
bool patch_is_in_force(const struct patch *patch);

#endif
