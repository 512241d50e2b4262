/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The answer of answer.h in words: one line, and the rows of a table. Prints nothing. */
#ifndef ANSWER_TEXT_H
#define ANSWER_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "common/bounds.h"
#include "host/answer.h"

#define ANSWER_LINE_BYTES (REASON_MAX + FIXES_BYTES_MAX + 512)

/* Returns the word of an answer, and that of where a patch is, which never change. */
const char *answer_word_text(enum answer_word word);
const char *answer_now_text(enum patch_now now);

/* Returns the same for what a patch fixes; NULL for ANSWER_FIXES_NONE. */
const char *answer_fixes_text(enum answer_fixes fixes);

/*
 * Copies the next word of what a patch fixes from *@cursor to @ret. False at the end, and
 * if @cursor points to NULL.
 */
bool answer_next_fix(const char **cursor, char ret[FIXES_BYTES_MAX + 1]);

/* Writes the answer to @ret. What stands before the colon says yes or no. */
void answer_line(const struct answer *answer, char ret[ANSWER_LINE_BYTES]);

/* Writes what is to be said of @patch. */
void answer_patch_line(const struct answer *answer, const struct answer_patch *patch,
		       char ret[ANSWER_LINE_BYTES]);

/* Gets a row of the table: what it is about, and what is to be said of it. */
typedef void (*answer_row_fn)(const char *title, const char *text, void *data);

/* Calls @row for each row but the patches'. */
void answer_rows(const struct answer *answer, answer_row_fn row, void *data);

#endif
