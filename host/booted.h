/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether a patch was among those that booted this machine. Compares with the status file, which
 * knows names only, and with the manifest of this root, if it has one, which knows digests.
 */
#ifndef BOOTED_H
#define BOOTED_H

#include "common/sha256.h"

enum booted {
	BOOTED_NO,		/* the last apply of this boot did not know its name */
	BOOTED_YES,		/* it did, and the manifest has this very file */
	BOOTED_NAME,		/* it did, and there is no manifest line to compare with */
	BOOTED_OTHER,		/* it did, and the manifest's file of that name is another */
	BOOTED_NO_STATUS,	/* apply has not run at this boot, or its status can't be read */
	BOOTED_DISABLED,		/* it was switched off, so that it did not look */
	BOOTED_INVALID,		/* its manifest was invalid, or could not be read */
};

/*
 * @name is the module's own, @digest its file's; @release as in the manifest. A manifest that
 * can't be read, or is invalid, counts as none.
 */
enum booted booted_find(const char *release, const char *name,
		      const unsigned char digest[SHA256_BYTES]);

#endif
