/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tells whether a patch was among those that booted this machine. Reads no module, and
 * asks no kernel.
 *
 * The status file knows names only. The manifest of this root, if it has one, knows
 * digests.
 */
#ifndef BOOTED_H
#define BOOTED_H

#include "common/sha256.h"

enum booted {
	BOOTED_NO,		/* the last apply of this boot did not know its name */
	BOOTED_YES,		/* apply did, and the manifest has this very file */
	BOOTED_NAME,		/* apply did, but no manifest line has that name */
	BOOTED_OTHER,		/* apply did, but the manifest has another file */
	BOOTED_NO_STATUS,	/* apply has not run, or its status can't be read */
	BOOTED_DISABLED,	/* apply was switched off, so it read none */
	BOOTED_INVALID,		/* apply's manifest was invalid, or could not be read */
};

/*
 * @name is the module's own, @digest its file's; @release as in the manifest. A manifest
 * that can't be read, or is invalid, counts as none.
 */
enum booted booted_find(const char *release, const char *name,
			const unsigned char digest[SHA256_BYTES]);

#endif
