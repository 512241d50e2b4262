/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The status file, /run/kpatch-early/status, is the boot's verdict. A run of apply that
 * comes later, by hand as a rule, writes status.last beside it. Writes both, and reads
 * their lines.
 */
#ifndef STATUS_FILE_H
#define STATUS_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "common/verdict.h"

struct status_patch {
	char name[FILE_NAME_MAX + 1];
	bool required;			/* false if on_failure= is continue */
	enum outcome outcome;
	enum step step;
	unsigned int ms;
	char reason[REASON_MAX + 1];	/* is empty only if the patch was applied */
	const char *fixes;		/* as its line in the manifest says; or NULL */
};

struct status {
	const char *verdict;		/* all of it in a sentence; empty after a read */
	const char *release;
	enum boot_state state;
	const char *reason;		/* may be empty */
	const char *guard;		/* the boot guard's word; NULL: none */
	const char *set;		/* the id of what it lets load; NULL: none */
	bool overlay;			/* an overlay was booted */
	const char *overlay_manifest;	/* SHA-256 of its manifest, in hex; or NULL */
	bool before_root;		/* apply ran in an initramfs */
	const struct status_patch *patches;
	size_t count;
};

/* Sets outcome, step, time and reason of @ret from @verdict. */
void status_patch_set(struct status_patch *ret, const struct verdict *verdict);

/* Prints the text of the status file to @fd. Returns 0 or -errno. */
int status_print(int fd, const struct status *status);

/* The longest status file has 256 patches with the longest reasons, each byte escaped. */
#define STATUS_BYTES_MAX (PATCHES_MAX * (2 * REASON_MAX + FIXES_BYTES_MAX + 512))

/* One key=value of a line. */
struct status_field {
	const char *key;
	char *value;	/* without its quotes and backslashes */
};

/*
 * Cuts the next field off *@cursor, in place.
 * Returns false at the line's end, and where the line is damaged.
 */
bool status_next_field(char **cursor, struct status_field *ret);

/*
 * Parses @text, the contents of a status file, in place. @ret points into it.
 * @ret_patches has room for PATCHES_MAX. What is not understood is left out; a state is
 * BOOT_QUARANTINED then, and BOOT_NOTHING without a line for it.
 */
void status_parse(char *text, struct status *ret, struct status_patch *ret_patches);

/*
 * Reads the status file below @root into @text of STATUS_BYTES_MAX bytes, and parses it.
 * Returns 0 or -errno.
 */
int status_read(const char *root, char *text, struct status *ret,
		struct status_patch *ret_patches);

/* What the status file says of the boot already. */
enum status_verdict {
	STATUS_VERDICT_NONE,	/* apply has not run */
	STATUS_VERDICT_NOTHING,	/* no line was for this kernel: the next run counts */
	STATUS_VERDICT_QUARANTINED,	/* the set, though a part of it may be loaded */
	STATUS_VERDICT_OTHER,	/* or it can't be read */
};
enum status_verdict status_verdict(const char *root);

/*
 * Returns the outcome of the patch @name in the status file below @root; where it has
 * none, OUTCOME_APPLIED.
 */
enum outcome status_outcome(const char *root, const char *name);

/*
 * Writes @file below @root, which is STATUS_FILE or LAST_STATUS_FILE, whole or not at
 * all. Returns 0 or -errno.
 */
int status_write(const char *root, const char *file, const struct status *status);

#endif
