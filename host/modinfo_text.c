// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/modinfo_text.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "common/module/modinfo.h"
#include "common/text.h"

/* parm= (name:description) and parmtype= (name:type) of one parameter, or NULL. */
struct parameter {
	size_t name_len;
	const char *parm, *type;
};

static struct parameter parameters[PARAMETERS_MAX];
static size_t count;
static char bytes[PARAMETERS_BYTES_MAX];
static size_t used;

static void print_clean(const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		putchar((c < ' ' && c != '\t') || c == 127 ? '?' : c);
	}
}

/* Where a key is too long, modinfo's own padding grows again; so does this. */
static void print_key(const char *key)
{
	print_clean(key);
	printf(":%-*s", 15 - (int)strlen(key), "");
}

void modinfo_text_print_field(const char *key, const char *value)
{
	print_key(key);
	print_clean(value);
	putchar('\n');
}

/* Parameter of @value's first @name_len bytes; a new one if it is not there, NULL if all are. */
static struct parameter *find_parameter(const char *value, size_t name_len)
{
	for (size_t i = 0; i < count; i++) {
		const char *other = parameters[i].parm ? parameters[i].parm : parameters[i].type;

		if (parameters[i].name_len == name_len && !memcmp(other, value, name_len))
			return &parameters[i];
	}
	if (count == PARAMETERS_MAX)
		return NULL;
	parameters[count].name_len = name_len;
	return &parameters[count++];
}

static int keep_parameter(const char *key, const char *value)
{
	const char *colon = strchr(value, ':');
	size_t size = strlen(value) + 1;
	struct parameter *parameter;

	if (!colon)
		return 0;
	if (size > sizeof(bytes) - used)
		return -E2BIG;
	parameter = find_parameter(value, (size_t)(colon - value));
	if (!parameter)
		return -E2BIG;
	*(strcmp(key, "parm") ? &parameter->type : &parameter->parm) =
		memcpy(bytes + used, value, size);
	used += size;
	return 0;
}

/* What libkmod without OpenSSL, as ours is, says of a signature that it cannot look into. */
static bool says_nothing(const char *key, const char *value)
{
	static const char *const keys[] = { "signer", "sig_key", "signature", NULL };

	return *value ? !strcmp(key, "sig_hashalgo") && !strcmp(value, "unknown") :
			text_is_one_of(key, keys);
}

static int print_or_keep(const char *key, const char *value, void *unused)
{
	(void)unused;
	if (says_nothing(key, value))
		return 0;
	if (!strcmp(key, "parm") || !strcmp(key, "parmtype"))
		return keep_parameter(key, value);
	modinfo_text_print_field(key, value);
	return 0;
}

int modinfo_text_print(int fd)
{
	int err;

	count = used = 0;
	memset(parameters, 0, sizeof(parameters));
	err = modinfo_each_field(fd, print_or_keep, NULL);
	/* modinfo joins both halves of a parameter, and prints what it saw last first. */
	while (!err && count > 0) {
		const struct parameter *parameter = &parameters[--count];

		print_key("parm");
		print_clean(parameter->parm ? parameter->parm : parameter->type);
		if (parameter->parm && parameter->type) {
			printf(" (");
			print_clean(parameter->type + parameter->name_len + 1);
			putchar(')');
		}
		putchar('\n');
	}
	return err;
}
