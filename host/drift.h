/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compares the initramfs that booted this machine with the patch store. Changes nothing,
 * and reads no image.
 */
#ifndef DRIFT_H
#define DRIFT_H

#include <stdbool.h>
#include <stddef.h>

#include "common/bounds.h"
#include "common/status_file.h"

#define DRIFT_WHAT_NOW \
	"rebuild it (/usr/lib/kpatch-early/rebuild, quiet if that is done) and reboot"

/* A patch that the next rebuild would put into the initramfs. */
struct next_patch {
	const char *path;
	char name[FILE_NAME_MAX + 1];
	const char *fixes;	/* by its drop-in; or NULL */
	bool booted;		/* it was in the initramfs that booted */
};

struct drift {
	struct next_patch list[SOURCES_MAX];
	size_t count;
	const char *off_reason;	/* why the next rebuild takes no patch, or NULL */
};

/* What differs between the initramfs and the store, for one patch. */
enum difference {
	DIFFERENCE_NONE,
	DIFFERENCE_BUILD,
	DIFFERENCE_NOT_INSTALLED,
	DIFFERENCE_NOT_BOOTED,
};

/*
 * Finds what the next rebuild would take for the running kernel. Unless @is_quiet, says
 * on standard error what is wrong in the settings and drop-ins, and what follows. False
 * if the next bake would fail: then there is nothing to compare with.
 */
bool drift_find_next(bool is_quiet, struct drift *ret);

/*
 * Whether the boot's status can tell what a rebuild would change. It can't after a boot
 * that was switched off, or whose manifest was invalid, nor where there was an overlay,
 * which no rebuild changes.
 */
bool drift_is_comparable(const struct status *status);

/*
 * Returns what the drop-ins say that the patch @name fixes. NULL if they don't say, or if
 * another build of it is in the kernel.
 */
const char *drift_fixes(const struct drift *drift, const char *name);

/* Marks the patch @name, which booted, in @drift. */
enum difference drift_compare(struct drift *drift, const char *name);

/*
 * Prints a line on standard error for each patch of the running kernel that is in one of
 * the two alone, or in another build. Says too what is wrong in the settings and drop-ins
 * that the next rebuild will read. @status is the boot's; NULL if there is none.
 */
void drift_print(const struct status *status);

#endif
