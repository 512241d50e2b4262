/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kpatch-early.conf: key=value lines. Parses text; opens no files. A wrong line costs that
 * setting, which keeps its default, and never a boot.
 */
#ifndef SETTINGS_H
#define SETTINGS_H

#include <stddef.h>

struct settings {
	unsigned int transition_timeout_s;	/* for one patch */
};

/* Called for a line that was not understood. @reason is static text. */
typedef void (*settings_notice_fn)(unsigned int line, const char *reason);

/* Fills @ret with the defaults. */
void settings_defaults(struct settings *ret);

/* Takes over what @text of @len bytes, with a NUL at [@len], says; writes into it. */
void settings_parse(char *text, size_t len, settings_notice_fn notice, struct settings *ret);

#endif
