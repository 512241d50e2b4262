/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints as modinfo(8) does: "key:", blanks, the value in column 17. Knows only parm. */
#ifndef MODINFO_TEXT_H
#define MODINFO_TEXT_H

#include "common/bounds.h"

enum modinfo_text_result {
	MODINFO_TEXT_PRINTED,
	MODINFO_TEXT_OVER_LIMIT,	/* PARAMETERS_MAX or PARAMETERS_BYTES_MAX */
	MODINFO_TEXT_ERROR,
};

/*
 * Prints one line. Unlike with modinfo, a control byte other than a tab becomes '?': a
 * value must not pass for a line, nor control the terminal.
 */
void modinfo_text_print_field(const char *key, const char *value);

/*
 * Prints what modinfo(8) prints of the open module @fd but for "filename:", in its order.
 * What libkmod was built unable to read of a signature is left out, instead of shown as
 * empty. With MODINFO_TEXT_ERROR, *@ret_err is the -errno of modinfo_each_field.
 */
enum modinfo_text_result modinfo_text_print(int fd, int *ret_err);

#endif
