// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * These functions take the place of musl's at the link, which bring 13 KB of Unicode
 * tables. Their only user is fnmatch(3), with which libkmod compares module aliases. The
 * program sets no locale, and no alias of the kernel has a [[:class:]] or a letter beyond
 * ASCII.
 */
#include <stdbool.h>
#include <string.h>
#include <wctype.h>

#define CLASS_DIGIT 1
#define CLASS_ALPHA 2

wctype_t wctype(const char *name)
{
	if (!strcmp(name, "digit"))
		return CLASS_DIGIT;
	if (!strcmp(name, "alpha"))
		return CLASS_ALPHA;
	return !strcmp(name, "alnum") ? CLASS_DIGIT | CLASS_ALPHA : 0;
}

int iswctype(wint_t c, wctype_t type)
{
	bool digit = c >= '0' && c <= '9';
	bool letter = (c | 32) >= 'a' && (c | 32) <= 'z';

	return (type & CLASS_DIGIT && digit) || (type & CLASS_ALPHA && letter);
}

wint_t towlower(wint_t c)
{
	return c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c;
}

wint_t towupper(wint_t c)
{
	return c >= 'a' && c <= 'z' ? c + 'A' - 'a' : c;
}
