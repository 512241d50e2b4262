/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints as modinfo(8) does: "key:", blanks, the value in column 17. Knows only parm. */
#ifndef MODINFO_TEXT_H
#define MODINFO_TEXT_H

#include <stdbool.h>

#include "common/module/modinfo.h"

/* Why not all was printed. */
struct modinfo_text_error {
	bool too_many_parameters;	/* PARAMETERS_MAX or PARAMETERS_BYTES_MAX */
	enum modinfo_result result;	/* otherwise, of modinfo_each_field */
	int err;			/* with MODINFO_UNREADABLE */
};

/*
 * Prints one line. Unlike with modinfo, a control byte other than a tab becomes '?': a
 * value must not pass for a line, nor control the terminal.
 */
void modinfo_text_print_field(const char *key, const char *value);

/*
 * Prints what modinfo(8) prints of the open module @fd but for "filename:", in its order.
 * What libkmod was built unable to read of a signature is left out, instead of shown as
 * empty. False, with @ret_error filled, if that fails.
 */
bool modinfo_text_print(int fd, struct modinfo_text_error *ret_error);

#endif
