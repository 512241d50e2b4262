// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/text.h"

#include <string.h>

bool text_is_alnum(char c)
{
	int lower = c | 32;	/* which makes no other byte a letter */

	return (c >= '0' && c <= '9') || (lower >= 'a' && lower <= 'z');
}

bool text_is_one_of(const char *value, const char *const *words)
{
	for (; *words; words++)
		if (!strcmp(value, *words))
			return true;
	return false;
}

int text_yes_or_no(const char *value)
{
	static const char *const yes[] = { "1", "y", "yes", "true", "on", NULL };
	static const char *const no[] = { "0", "n", "no", "false", "off", NULL };

	if (text_is_one_of(value, yes))
		return 1;
	return text_is_one_of(value, no) ? 0 : -1;
}

bool text_ends_with(const char *s, const char *suffix)
{
	size_t len = strlen(s), end = strlen(suffix);

	return len >= end && !strcmp(s + len - end, suffix);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

char *text_next_word(char **cursor)
{
	char *word = *cursor, *end;

	while (is_blank(*word))
		word++;
	for (end = word; *end && !is_blank(*end); end++)
		;
	if (!*word)
		return NULL;
	*cursor = *end ? end + 1 : end;
	*end = '\0';
	return word;
}

static int value_of_hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

size_t text_from_hex(const char *hex, unsigned char *ret, size_t size)
{
	size_t digits = strlen(hex);

	if (digits % 2 || digits / 2 > size)
		return 0;
	for (size_t i = 0; i < digits / 2; i++) {
		int high = value_of_hex_digit(hex[2 * i]);
		int low = value_of_hex_digit(hex[2 * i + 1]);

		if (high < 0 || low < 0)
			return 0;
		ret[i] = (unsigned char)(high << 4 | low);
	}
	return digits / 2;
}

void text_to_hex(const unsigned char *bytes, size_t len, char *ret)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		ret[2 * i] = digits[bytes[i] >> 4];
		ret[2 * i + 1] = digits[bytes[i] & 15];
	}
	ret[2 * len] = '\0';
}
