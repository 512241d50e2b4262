/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /run/kpatch-early/status: writing it at the end of apply, and reading its lines. Decides nothing.
 */
#ifndef STATUS_FILE_H
#define STATUS_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "common/verdict.h"

struct status_patch {
	char name[FILE_NAME_MAX + 1];
	bool required;			/* only with an on_failure= that acts */
	enum outcome outcome;
	enum step step;
	unsigned int ms;
	char reason[REASON_MAX + 1];	/* empty only if applied */
};

struct status {
	const char *release;
	enum boot_state state;
	const char *reason;		/* may be empty */
	const char *guard;		/* what the boot guard knew or did; NULL: it was not asked */
	bool overlay;			/* an overlay was there: the store does not tell what booted */
	const struct status_patch *patches;
	size_t count;
};

/* Fills @ret from @verdict, but for its name and whether it is required. */
void status_patch_set(struct status_patch *ret, const struct verdict *verdict);

/* Prints the status file's text to @fd. Returns 0 or -errno. */
int status_print(int fd, const struct status *status);

/* The longest status file: 256 patches with the longest reasons, each byte of them escaped. */
#define STATUS_BYTES_MAX (PATCHES_MAX * (2 * REASON_MAX + 512))

/* One key=value of a line. */
struct status_field {
	const char *key;
	char *value;	/* unescaped */
};

/*
 * Cuts the next field off *@cursor, in place.
 * False at the line's end, or where it is damaged.
 */
bool status_next_field(char **cursor, struct status_field *ret);

/*
 * Reads that file into @text of STATUS_BYTES_MAX bytes, which @ret points into, and its patches, at most PATCHES_MAX, into
 * @ret_patches. What is not understood is left out; a state is not read. Returns 0 or -errno.
 */
int status_read(const char *root, char *text, struct status *ret, struct status_patch *ret_patches);

/* Writes run/kpatch-early/status below @root, whole or not at all. Returns 0 or -errno. */
int status_write(const char *root, const struct status *status);

#endif
