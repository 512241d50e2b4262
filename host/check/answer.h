/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What can be said of a kernel by its file. Zeroed memory says that nothing is known. */
#ifndef CHECK_ANSWER_H
#define CHECK_ANSWER_H

enum answer {
	ANSWER_UNKNOWN,	/* the file does not tell, or cannot be read there */
	ANSWER_NO,
	ANSWER_YES,
};

#endif
