// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/modinfo_text.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "common/text.h"

/* parm= (name:description) and parmtype= (name:type) of one parameter, or NULL. */
struct parameter {
	size_t name_len;
	const char *parm, *type;
};

struct parameter_list {
	size_t count;
	struct parameter list[PARAMETERS_MAX];
	size_t used;
	char bytes[PARAMETERS_BYTES_MAX];
	bool is_full;
};

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

/*
 * The parameter whose name is the first @name_len bytes of @value. A new one if there is
 * none of that name; NULL if the list is full.
 */
static struct parameter *find_parameter(struct parameter_list *parameters,
					const char *value, size_t name_len)
{
	struct parameter *parameter = parameters->list;

	for (; parameter < parameters->list + parameters->count; parameter++) {
		const char *other = parameter->parm ? parameter->parm : parameter->type;

		if (parameter->name_len == name_len && !memcmp(other, value, name_len))
			return parameter;
	}
	if (parameters->count == PARAMETERS_MAX)
		return NULL;
	parameters->count++;
	*parameter = (struct parameter){ .name_len = name_len };
	return parameter;
}

/* False if there is no room. */
static bool keep_parameter(struct parameter_list *parameters, const char *key,
			   const char *value)
{
	const char *colon = strchr(value, ':');
	size_t size = strlen(value) + 1;
	struct parameter *parameter;
	char *kept = parameters->bytes + parameters->used;

	if (!colon)
		return true;
	if (size > sizeof(parameters->bytes) - parameters->used)
		return false;
	parameter = find_parameter(parameters, value, (size_t)(colon - value));
	if (!parameter)
		return false;
	memcpy(kept, value, size);
	parameters->used += size;
	if (!strcmp(key, "parm"))
		parameter->parm = kept;
	else
		parameter->type = kept;
	return true;
}

/* Whether this is what libkmod without OpenSSL says of a signature it cannot read. */
static bool is_of_unread_signature(const char *key, const char *value)
{
	static const char *const keys[] = { "signer", "sig_key", "signature", NULL };

	if (!*value)
		return text_is_one_of(key, keys);
	return !strcmp(key, "sig_hashalgo") && !strcmp(value, "unknown");
}

/* Ends the walk if there is no room for a parameter. */
static enum modinfo_result print_or_keep(const char *key, const char *value,
					 void *data)
{
	struct parameter_list *parameters = data;

	if (is_of_unread_signature(key, value))
		return MODINFO_OK;
	if (strcmp(key, "parm") && strcmp(key, "parmtype")) {
		modinfo_text_print_field(key, value);
	} else if (!keep_parameter(parameters, key, value)) {
		parameters->is_full = true;
		return MODINFO_OVER_LIMIT;
	}
	return MODINFO_OK;
}

/* Joins both halves of a parameter, as modinfo does. */
static void print_parameter(const struct parameter *parameter)
{
	print_key("parm");
	print_clean(parameter->parm ? parameter->parm : parameter->type);
	if (parameter->parm && parameter->type) {
		printf(" (");
		print_clean(parameter->type + parameter->name_len + 1);
		putchar(')');
	}
	putchar('\n');
}

bool modinfo_text_print(int fd, struct modinfo_text_error *ret_error)
{
	struct parameter_list parameters;

	parameters.count = parameters.used = 0;
	parameters.is_full = false;
	ret_error->result =
		modinfo_each_field(fd, print_or_keep, &parameters, &ret_error->err);
	ret_error->too_many_parameters = parameters.is_full;
	if (ret_error->result != MODINFO_OK)
		return false;
	/* modinfo prints the parameter that it saw last first. */
	while (parameters.count > 0)
		print_parameter(&parameters.list[--parameters.count]);
	return true;
}
