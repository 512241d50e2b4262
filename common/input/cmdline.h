/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The administrator's words on the kernel command line. Decides nothing about a patch but
 * whether kpatch.skip= names it. Words and quotes are read as the kernel's next_arg() and
 * parse_args() read them (lib/cmdline.c, kernel/params.c). In a name '-' and '_' are
 * alike. A quote may stand around a whole word or a value. What follows "--" belongs to
 * init.
 */
#ifndef CMDLINE_H
#define CMDLINE_H

#include <stdbool.h>
#include <stddef.h>

struct cmdline {
	const char *disabled_by;	/* why nothing is loaded, static; or NULL */
	bool keep_awake_off;		/* kpatch.keep_awake=0 */
	const char *skip;		/* the value of the last kpatch.skip=; or NULL */
	const char *init;		/* of the last kpatch.init=; NULL also if empty */
};

/*
 * Called for each word that begins with "kpatch." and is none of ours, and for each of
 * ours whose value is not understood. A sentence begins with @word, valid during the call
 * only. The static @complaint ends the sentence, and says what counts now.
 */
typedef void (*cmdline_notice_fn)(const char *word, const char *complaint);

/*
 * Parses @text of @len bytes, with a NUL at [@len], and writes into it. What @ret points
 * to is in @text. Text that is not understood disables, so there is no error. @notice may
 * be NULL.
 */
void cmdline_parse(char *text, size_t len, cmdline_notice_fn notice, struct cmdline *ret);

/*
 * Reads and parses /proc/cmdline below @root. A file that cannot be read, or is over
 * CMDLINE_BYTES_MAX, disables, and so does /proc/vmcore, which a kdump kernel has. What
 * @ret points to is valid until the next call.
 */
void cmdline_read(const char *root, cmdline_notice_fn notice, struct cmdline *ret);

/* True if kpatch.skip= names the module @name (with '_', without .ko). */
bool cmdline_skips(const struct cmdline *cmdline, const char *name);

/*
 * True if the @len bytes at @item, one name in kpatch.skip=, mean the module @name: '-'
 * and '_' are alike, and .ko may follow.
 */
bool cmdline_is_name_of(const char *item, size_t len, const char *name);

#endif
