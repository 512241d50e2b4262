// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * These take the place of musl's at the link: fnmatch(3), with which libkmod compares module aliases, is
 * their only user here, and musl's bring 13 KB of tables of all of Unicode. The program sets no
 * locale, and an alias with a [[:class:]] or a letter beyond ASCII is none that the kernel has.
 */
#include <string.h>
#include <wctype.h>

wctype_t wctype(const char *name)
{
	return !strcmp(name, "digit") ? 1 : !strcmp(name, "alpha") ? 2 : !strcmp(name, "alnum") ? 3 : 0;
}

int iswctype(wint_t c, wctype_t type)
{
	return (type & 1 && c >= '0' && c <= '9') || (type & 2 && (c | 32) >= 'a' && (c | 32) <= 'z');
}

wint_t towlower(wint_t c)
{
	return c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c;
}

wint_t towupper(wint_t c)
{
	return c >= 'a' && c <= 'z' ? c + 'A' - 'a' : c;
}
