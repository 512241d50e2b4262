/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Brings kpatch's core module to the patches that need it: a dependency like others, but
 * one that may lie where no maker of an initramfs looks. Bakes no patch, prints nothing.
 */
#ifndef BAKE_CORE_H
#define BAKE_CORE_H

#include <limits.h>

#include "host/bake.h"

enum bake_core_result {
	BAKE_CORE_THERE,	/* the tree is the root itself, which has it */
	BAKE_CORE_BAKED,
	BAKE_CORE_MISSING,
	BAKE_CORE_REFUSED,	/* path, reason */
	BAKE_CORE_NOT_WRITTEN,	/* path, err */
};

struct bake_core {
	char path[PATH_MAX];	/* of the file, or of the copy that is not written */
	const char *reason;	/* static, or in .text */
	char text[128];
	int err;		/* -errno */
};

/*
 * Finds the core module of @release below request->root, by modules.dep or in the places
 * of core_module.h, and copies it, unpacked, to the second of these below
 * request->output.
 */
enum bake_core_result bake_core_add(const struct bake_request *request,
				    const char *release, struct bake_core *ret);

#endif
