/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Strings in JSON, on standard output. Knows no document. */
#ifndef JSON_TEXT_H
#define JSON_TEXT_H

/* Prints @s with its quotes. A byte that is not printable ASCII becomes \u00XX. */
void json_text_print(const char *s);

#endif
