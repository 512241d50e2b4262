/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The answer to "is the running kernel patched?": what the kernel shows, held against the
 * boot's verdict, the patch store and the switches. Has no sentences, and prints nothing
 * but what drift.h does.
 */
#ifndef ANSWER_H
#define ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/utsname.h>

#include "common/dir_list.h"
#include "common/status_file.h"
#include "host/drift.h"

enum answer_word {
	ANSWER_PATCHED,
	ANSWER_LATE,		/* patched, later than the boot waited */
	ANSWER_UNRECORDED,	/* patched, and no record says how */
	ANSWER_PART,
	ANSWER_OFF,		/* somebody said no */
	ANSWER_QUARANTINED,
	ANSWER_REVERTED,	/* patched at the boot, and not any more */
	ANSWER_FAILED,
	ANSWER_SKIPPED,
	ANSWER_NOT_BOOTED,	/* installed, but not in the initramfs that booted */
	ANSWER_NOT_INSTALLED,
	ANSWER_UNKNOWN,		/* /sys is not mounted */
};

/* Where a patch is now. */
enum patch_now {
	NOW_IN_FORCE,		/* as the boot's verdict says */
	NOW_LATE,		/* in force, and the boot did not wait for it */
	NOW_SINCE,		/* in force, and the verdict is another */
	NOW_UNRECORDED,		/* in force, and not in the verdict */
	NOW_CHANGING,		/* in transition */
	NOW_LOADING,		/* its load has not returned */
	NOW_UNREADABLE,
	NOW_REVERTED,		/* the verdict says that it was in force */
	NOW_SKIPPED,
	NOW_FAILED,
	NOW_NOT_BOOTED,
	NOW_INSTALLED,		/* nobody knows whether it was in the initramfs */
	NOW_REPLACED,		/* a later one does its work */
	NOW_OTHER_BUILD,	/* for another build of this release */
};

struct answer_patch {
	const char *name;
	enum patch_now now;
	const struct status_patch *line;	/* of the verdict; or NULL */
	const char *fixes;	/* words with commas; or NULL */
	enum difference difference;
};

/* The boot's verdict, in the status file. */
enum verdict_file {
	VERDICT_FILE_OK,
	VERDICT_FILE_MISSING,
	VERDICT_FILE_EMPTY,
	VERDICT_FILE_DAMAGED,	/* it is none, or cut off */
	VERDICT_FILE_UNREADABLE,
};

#define ANSWER_PATCHES_MAX (2 * PATCHES_MAX + SOURCES_MAX)

struct answer {
	enum answer_word word;
	size_t in_force, expected;
	const char *off_reason;	/* with ANSWER_OFF */
	bool has_rebuild;	/* this root has a store, or an initramfs to rebuild */
	bool has_guard;		/* the verdict tells of the boot guard */
	bool was_blessed;	/* since the verdict was written */
	const char *next_off;	/* what turns patching off at the next boot; or NULL */
	struct utsname kernel;
	enum verdict_file file;
	struct status status;	/* empty unless the file is good */
	struct status_patch lines[PATCHES_MAX];
	size_t count;
	struct answer_patch patches[ANSWER_PATCHES_MAX];
	struct drift drift;
	struct dir_list live;	/* in the kernel now */
	char text[STATUS_BYTES_MAX];	/* what status points to */
};

/* Finds the answer. @ret begins as zero. @is_quiet is as in drift.h. */
void answer_find(bool is_quiet, struct answer *ret);

/* What of what a patch fixes is fixed now. */
enum answer_fixes {
	ANSWER_FIXES_NONE,	/* it says nothing, or nothing of it is missing */
	ANSWER_FIXES_IN_FORCE,
	ANSWER_FIXES_INSTALLED,	/* nobody knows whether it was in the initramfs, or not */
	ANSWER_FIXES_REFUSED,	/* it was there, and is not in force */
};
enum answer_fixes answer_fixes(const struct answer_patch *patch);

/* True if all patches of this kernel are in force. */
bool answer_is_good(const struct answer *answer);

#endif
