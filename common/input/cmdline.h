/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The administrator's words on the kernel command line. Parses text; opens no files.
 * Words and quotes are read as the kernel's next_arg() and parse_args() read them
 * (lib/cmdline.c, kernel/params.c): '-' and '_' are alike in a name, a quote may stand
 * around a whole word or a value, and what follows the word "--" belongs to init.
 */
#ifndef CMDLINE_H
#define CMDLINE_H

#include <stdbool.h>
#include <stddef.h>

struct cmdline {
	const char *disabled_by;	/* why nothing may be loaded, static text; NULL if it may */
	const char *warning;		/* about a value that was not understood, or NULL */
	bool keep_awake_off;		/* kpatch.keep_awake=0 */
	const char *skip;		/* value of the last kpatch.skip=, in the text; or NULL */
	const char *init;		/* that of the last kpatch.init=; NULL also if it is empty */
};

/*
 * Parses @text of @len bytes, which has a NUL at [@len]; writes into it.
 * Cannot fail: doubtful text disables.
 */
void cmdline_parse(char *text, size_t len, struct cmdline *ret);

/*
 * The same for proc/cmdline below @root. One that cannot be read, or is over the limit, disables.
 * What @ret points to is valid until the next call.
 */
void cmdline_read(const char *root, struct cmdline *ret);

/* True if kpatch.skip= names the module @name (with '_', without .ko). */
bool cmdline_skips(const struct cmdline *cmdline, const char *name);

#endif
