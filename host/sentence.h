/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fills words into a sentence of a table. Knows no sentence, and prints nothing. */
#ifndef SENTENCE_H
#define SENTENCE_H

#include <stddef.h>

/*
 * Writes @sentence to @ret of @size bytes, cut off if it is longer, with each "%" and a
 * digit replaced by that one of @words. A word that the sentence does not use may be
 * NULL.
 */
void sentence_fill(const char *sentence, const char *const *words, char *ret,
		   size_t size);

#endif
