/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the check has said of patches for one kernel, kept for the next time in a file.
 * Runs no check. Nothing depends on the file: without it, all is checked again.
 */
#ifndef VERDICTS_H
#define VERDICTS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "common/bounds.h"

#define VERDICTS_DIR "/var/cache/kpatch-early/check"

struct verdicts {
	char path[PATH_MAX];		/* "" if there is no file */
	bool is_changed;
	size_t head_len, len;
	char text[VERDICTS_BYTES_MAX + 1];
};

/*
 * Reads the file @release in @directory. Its first line, @head, tells what the verdicts
 * hold for: of a file with another one nothing counts. If @directory is NULL, nothing is
 * kept.
 */
void verdicts_read(struct verdicts *ret, const char *directory, const char *release,
		   const char *head);

/*
 * Copies to @ret of @size bytes why the patch @key is refused, or "". False if nothing is
 * known of it.
 */
bool verdicts_find(const struct verdicts *verdicts, const char *key, char *ret,
		   size_t size);

/* Adds that. What has no room, or would be no line, is not kept. */
void verdicts_add(struct verdicts *verdicts, const char *key, const char *reason);

/* Writes the file, if something was added. If it cannot be written, it stays as it is. */
void verdicts_write(struct verdicts *verdicts);

#endif
