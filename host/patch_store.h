/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Changes the patch store, which is kpatch's too. Prints nothing, and rebuilds no
 * initramfs.
 *
 * A file appears there whole or not at all. A lock on the store keeps our own runs apart.
 */
#ifndef PATCH_STORE_H
#define PATCH_STORE_H

#include <limits.h>
#include <stdbool.h>
#include <sys/stat.h>

#include "common/bounds.h"
#include "host/check/gate.h"

/* Why a FILE is not installed, or a NAME is not uninstalled. */
enum store_refusal {
	STORE_ACCEPTED,
	STORE_FILE_MISSING,
	STORE_FILE_REFUSED,		/* reason */
	STORE_NOT_KO,
	STORE_NOT_WRITTEN,		/* path, reason */
	STORE_NOT_COPIED,		/* reason */
	STORE_NO_LIVE_PATCH,
	STORE_OTHER_RELEASE,		/* reason: its release */
	STORE_NAME_TOO_LONG,
	STORE_NAME_TAKEN,		/* path */
	STORE_CHECK,			/* reason: of the gate */
	STORE_SAME_FILE,		/* path; nothing was left to do */
	STORE_NAME_HAS_PATH,
	STORE_GONE,			/* path: the store, at each try to lock it */
	STORE_NOT_CHANGED,		/* path, reason */
	STORE_NOT_INSTALLED,
	STORE_OTHER_KERNELS,		/* others */
	STORE_NOT_REMOVED,		/* path, reason */
};

/* One FILE or NAME, and what becomes of it. */
struct store_item {
	const char *argument;
	const char *release;		/* the kernel's */
	const char *directory;		/* of that release in the store */
	struct gate *gate;		/* that an installed one has to pass */
	enum store_refusal refusal;
	bool begun;			/* all checks passed; it may have failed then */
	const char *reason;		/* static text, of the gate, or .other_release */
	const char *warning;		/* what check has against it, or NULL */
	char other_release[RELEASE_MAX + 1];	/* that the module is for */
	char others[256];		/* kernels that it is installed for */
	char path[PATH_MAX];		/* in the store: its own, or of what bars it */
	char module[NAME_MAX + 1];	/* of an uninstalled one; empty if unknown */
};

/*
 * False if others than root and the user who asks may have written a file of the store,
 * of which @st tells. Writes to @ret_reason, then, why it is not for a kernel to load.
 */
bool patch_store_trusts(const struct stat *st, char *ret_reason, size_t size);

/* Checks and copies the FILE item->argument. False if it is refused. */
bool patch_store_install(struct store_item *item);

/* Removes the NAME item->argument. False if it is refused. */
bool patch_store_uninstall(struct store_item *item);

#endif
