// SPDX-License-Identifier: GPL-2.0-or-later
/* The status verb: what the last apply did, for a person, a program or a unit. */
#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cmdline.h"
#include "file.h"
#include "bounds.h"
#include "result.h"
#include "verbs.h"

/* 256 patches with the longest reasons, each byte of them escaped. */
#define STATUS_BYTES_MAX (PATCHES_MAX * (2 * REASON_MAX + 512))

static char text[STATUS_BYTES_MAX];

enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_QUIET };

/* One field of a status line. */
struct field {
	const char *key;
	char *value;	/* unescaped */
};

/* Ends the value at @p, in place, and returns what follows it; NULL if it is damaged. */
static char *unquote(char *p, struct field *field)
{
	char *to = p + 1;

	field->value = to;
	for (p++; *p && *p != '"'; p++) {
		if (*p == '\\' && p[1])
			p++;
		*to++ = *p;
	}
	if (!*p)
		return NULL;
	*to = '\0';
	return p + 1;
}

/* Cuts the next key=value off *@cursor. False at the line's end, or where it is damaged. */
static bool next_field(char **cursor, struct field *ret)
{
	char *p = *cursor + strspn(*cursor, " ");
	char *equals = strchr(p, '=');

	if (!equals)
		return false;
	*equals = '\0';
	ret->key = p;
	p = equals + 1;
	if (*p == '"') {
		p = unquote(p, ret);
		if (!p)
			return false;
	} else {
		ret->value = p;
		p += strcspn(p, " ");
	}
	*cursor = *p ? p + 1 : p;
	*p = '\0';
	return true;
}

static void print_json_string(const char *s)
{
	putchar('"');
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			printf("\\%c", *s);
		else if ((unsigned char)*s < ' ' || (unsigned char)*s > '~')
			printf("\\u%04x", (unsigned char)*s);
		else
			putchar(*s);
	}
	putchar('"');
}

static bool is_number(const struct field *field)
{
	return (!strcmp(field->key, "ms") || !strcmp(field->key, "version")) && *field->value &&
	       !field->value[strspn(field->value, "0123456789")];
}

static void print_json_field(const struct field *field)
{
	print_json_string(!strcmp(field->key, "patch") ? "name" : field->key);
	printf(": ");
	if (is_number(field))
		printf("%s", field->value);
	else
		print_json_string(field->value);
}

/* One line of the file: an object in the list of patches, or, before these, a member. */
static void print_json_line(char *line, size_t *patches)
{
	bool is_patch = !strncmp(line, "patch=", 6);
	struct field field;

	if (is_patch) {
		printf((*patches)++ ? ",\n    " : "  \"patches\": [\n    ");
		putchar('{');
		for (bool first = true; next_field(&line, &field); first = false) {
			printf(first ? "" : ", ");
			print_json_field(&field);
		}
		putchar('}');
	} else if (!*patches && next_field(&line, &field)) {
		printf("  ");
		print_json_field(&field);
		printf(",\n");
	}
}

static void print_text_line(char *line)
{
	bool is_patch = !strncmp(line, "patch=", 6);
	struct field field;

	while (next_field(&line, &field)) {
		if (!strcmp(field.key, "version") || (!*field.value && !is_patch))
			continue;
		if (!is_patch)
			printf("%-8s%s\n", field.key, field.value);
		else if (!strcmp(field.key, "patch"))
			printf("patch   %s", field.value);
		else if (!strcmp(field.key, "outcome"))
			printf(" %s", field.value);
		else if (!strcmp(field.key, "ms"))
			printf(" (%s ms", field.value);
		else if (!strcmp(field.key, "step"))
			printf(", step %s)", field.value);
		else if (*field.value)
			printf(": %s", field.value);
	}
	if (is_patch)
		putchar('\n');
}

static int show(enum format format)
{
	size_t patches = 0;
	char *line, *rest = text;

	if (format == FORMAT_JSON)
		puts("{");
	while ((line = strsep(&rest, "\n"))) {
		if (!*line)
			continue;
		if (format == FORMAT_JSON)
			print_json_line(line, &patches);
		else
			print_text_line(line);
	}
	if (format == FORMAT_JSON)
		printf("%s\n}\n", patches ? "\n  ]" : "  \"patches\": []");
	return fflush(stdout) ? EXIT_NOT_APPLIED : EXIT_OK;
}

/* True if the state in the status file keeps patches from being loaded at this boot. */
static bool is_switched_off(void)
{
	return strstr(text, "\nstate=disabled\n") || strstr(text, "\nstate=quarantined\n");
}

static int answer_quietly(bool have_status)
{
	static char words[CMDLINE_BYTES_MAX + 2];
	struct cmdline cmdline;
	ssize_t len = file_read("/proc/cmdline", words, sizeof(words));

	if (len < 0)
		cmdline_unreadable(&cmdline);
	else
		cmdline_parse(words, (size_t)len, &cmdline);
	if (cmdline.disabled_by || (cmdline.skip && *cmdline.skip))
		return EXIT_NOT_APPLIED;
	return have_status && is_switched_off() ? EXIT_NOT_APPLIED : EXIT_OK;
}

int status_verb(int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, FORMAT_JSON },
		{ "quiet", no_argument, NULL, FORMAT_QUIET },
		{ 0 },
	};
	int format = FORMAT_TEXT, option;
	ssize_t len;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == '?' || format != FORMAT_TEXT)
			return verbs_bad_usage();
		format = option;
	}
	if (optind < argc)
		return verbs_bad_usage();
	len = file_read(STATUS_FILE, text, sizeof(text));
	if (format == FORMAT_QUIET)
		return answer_quietly(len >= 0);
	if (len < 0) {
		fprintf(stderr, "kpatch-early: " STATUS_FILE ": %s; apply has not run at this boot, "
			"or could not write it\n", result_errno_text((int)len));
		return EXIT_NOT_APPLIED;
	}
	return show((enum format)format);
}
