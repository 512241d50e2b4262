/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Characters and words, whatever the locale. Allocates nothing, prints nothing. */
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stddef.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* True for a letter or a digit of ASCII. */
bool text_is_alnum(char c);

/* True if @value is one of the @words, which end with NULL. */
bool text_is_one_of(const char *value, const char *const *words);

/*
 * Returns:
 *   1    @value is 1, y, yes, true or on
 *   0    @value is 0, n, no, false or off
 *   -1   it is something else
 */
int text_yes_or_no(const char *value);

/* True if the last bytes of @s are @suffix. */
bool text_ends_with(const char *s, const char *suffix);

/*
 * Cuts the next word off *@cursor: words are runs of bytes other than blanks and tabs.
 * Writes a NUL behind the word. Returns NULL when no word is left.
 */
char *text_next_word(char **cursor);

/*
 * Decodes @hex, of lowercase digits only, into at most @size bytes at @ret.
 * Returns the number of bytes; 0 if @hex is empty, odd, too long or not hex.
 */
size_t text_from_hex(const char *hex, unsigned char *ret, size_t size);

/* Writes @len bytes as 2 * @len lowercase digits and a NUL to @ret. */
void text_to_hex(const unsigned char *bytes, size_t len, char *ret);

#endif
