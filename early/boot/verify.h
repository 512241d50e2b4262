/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whatever can be told of a patch without loading anything. Asks the kernel nothing
 * about the patch.
 */
#ifndef VERIFY_H
#define VERIFY_H

#include "common/input/cmdline.h"
#include "common/input/manifest.h"
#include "early/load/patch.h"

struct verify_context {
	const char *root;
	const char *release;		/* of the kernel */
	const struct cmdline *cmdline;
};

/*
 * Verifies the patch of @entry, whose @patch has its file's name already: is it wanted,
 * and for this build of the kernel; is its file the manifest's, a live patch, for this
 * release; are its dependencies there. The file is opened once: what is verified is
 * what the kernel is given. Ends @patch, or leaves it open with its descriptor, its
 * module's own name and its dependencies.
 */
void verify_patch(const struct verify_context *context,
		  const struct manifest_entry *entry, struct patch *patch);

#endif
