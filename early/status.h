/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /run/kpatch-early/status: writing it at the end of apply, and showing it. Decides nothing.
 */
#ifndef STATUS_H
#define STATUS_H

#include <stddef.h>

#include "result.h"

struct status_patch {
	char name[FILE_NAME_MAX + 1];
	struct result result;
};

struct status {
	const char *release;
	enum boot_state state;
	const char *reason;		/* may be empty */
	const struct status_patch *patches;
	size_t count;
};

/* Prints the status file's text to @fd. Returns 0 or -errno. */
int status_print(int fd, const struct status *status);

/* Writes run/kpatch-early/status below @root, whole or not at all. Returns 0 or -errno. */
int status_write(const char *root, const struct status *status);

#endif
