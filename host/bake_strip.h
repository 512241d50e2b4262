/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Removes the debug sections of a patch's copy, unless that would change what the kernel
 * makes of it. Prints nothing.
 */
#ifndef BAKE_STRIP_H
#define BAKE_STRIP_H

#include "common/bounds.h"

enum bake_strip_result {
	BAKE_STRIP_NOT_ASKED,
	BAKE_STRIP_DONE,
	/* With these three the file has its old bytes. */
	BAKE_STRIP_SIGNED,		/* the signature would be lost */
	BAKE_STRIP_CHANGES,		/* .section would be another one */
	BAKE_STRIP_NOT_COMPARED,	/* module_compare cannot tell */
	BAKE_STRIP_NOT_INSTALLED,
	BAKE_STRIP_FAILED,
	BAKE_STRIP_ERROR,		/* .err, of a system call */
};

struct bake_strip {
	enum bake_strip_result result;
	char section[SYMBOL_NAME_MAX + 1];
	int err;			/* -errno */
};

/*
 * Strips the file @path, which is open as *@fd, and puts its old bytes back if
 * module_compare finds a difference. strip(1) may write a new file, so *@fd is opened
 * anew, for reading. Never BAKE_STRIP_NOT_ASKED.
 */
void bake_strip(const char *path, int *fd, struct bake_strip *ret);

#endif
