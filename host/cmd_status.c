// SPDX-License-Identifier: GPL-2.0-or-later
/* The status verb: is this kernel patched? For a person, a program or a unit. */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/file.h"
#include "common/paths.h"
#include "common/status_file.h"
#include "common/verbs.h"
#include "host/answer.h"
#include "host/answer_text.h"
#include "host/commands.h"
#include "host/json_text.h"
#include "host/may_load.h"
#include "host/metrics.h"
#include "host/usage.h"

#define EXIT_OFF 3	/* of --check: somebody said no */

enum format {
	FORMAT_TEXT,
	FORMAT_JSON,
	FORMAT_QUIET,
	FORMAT_CHECK,
	FORMAT_FIXES,
	FORMAT_METRICS,
};

static bool is_number(const struct status_field *field)
{
	return (!strcmp(field->key, "ms") || !strcmp(field->key, "version")) &&
	       *field->value && !field->value[strspn(field->value, "0123456789")];
}

static void print_json_field(const struct status_field *field)
{
	json_text_print(!strcmp(field->key, "patch") ? "name" : field->key);
	printf(": ");
	if (is_number(field))
		printf("%s", field->value);
	else
		json_text_print(field->value);
}

/* A line becomes an object in the list of patches or, before these, a member. */
static void print_json_line(char *line, size_t *patches)
{
	bool is_patch = !strncmp(line, "patch=", 6);
	struct status_field field;

	if (is_patch) {
		printf((*patches)++ ? ",\n    " : "  \"patches\": [\n    ");
		putchar('{');
		for (bool first = true; status_next_field(&line, &field); first = false) {
			printf(first ? "" : ", ");
			print_json_field(&field);
		}
		putchar('}');
	} else if (!*patches && status_next_field(&line, &field)) {
		printf("  ");
		print_json_field(&field);
		printf(",\n");
	}
}

/* Prints the status file at @text as members of an object. */
static void print_json_members(char *text)
{
	size_t patches = 0;
	char *line;

	while ((line = strsep(&text, "\n")))
		if (*line)
			print_json_line(line, &patches);
	fputs(patches ? "\n  ]" : "  \"patches\": []", stdout);
}

/* The text of the status file, which no parser has changed, as members of an object. */
static void print_json_file(const char *file, char *text)
{
	if (file_read(file, text, STATUS_BYTES_MAX) < 0)
		*text = '\0';
	print_json_members(text);
}

static void print_json_pair(const char *key, const char *value)
{
	json_text_print(key);
	printf(": ");
	json_text_print(value);
}

static void print_json_row(const char *title, const char *text, void *data)
{
	bool *is_first = data;

	fputs(*is_first ? "\n    {" : ",\n    {", stdout);
	*is_first = false;
	print_json_pair("title", title);
	printf(", ");
	print_json_pair("text", text);
	putchar('}');
}

static void print_json_fixes(const struct answer_patch *patch)
{
	char fix[FIXES_BYTES_MAX + 1];
	const char *before = "";

	printf(", \"fixes\": [");
	for (const char *next = patch->fixes; answer_next_fix(&next, fix);) {
		fputs(before, stdout);
		json_text_print(fix);
		before = ", ";
	}
	putchar(']');
}

static void print_json_patches(const struct answer *answer)
{
	char text[ANSWER_LINE_BYTES];

	printf("  \"current\": [");
	for (size_t i = 0; i < answer->count; i++) {
		const struct answer_patch *patch = &answer->patches[i];

		answer_patch_line(answer, patch, text);
		fputs(i ? ",\n    {" : "\n    {", stdout);
		print_json_pair("name", patch->name);
		printf(", ");
		print_json_pair("now", answer_now_text(patch->now));
		printf(", ");
		print_json_pair("text", text);
		if (patch->fixes)
			print_json_fixes(patch);
		putchar('}');
	}
	puts("\n  ],");
}

/* What the text has, and the boot's verdict. @text has STATUS_BYTES_MAX bytes. */
static void print_json(const struct answer *answer, char *text)
{
	char line[ANSWER_LINE_BYTES];
	bool is_first = true;

	answer_line(answer, line);
	printf("{\n  ");
	print_json_pair("answer", answer_word_text(answer->word));
	printf(",\n  ");
	print_json_pair("summary", line);
	printf(",\n  ");
	print_json_pair("running_kernel", answer->kernel.release);
	printf(",\n  \"in_force\": %zu,\n  \"expected\": %zu,\n", answer->in_force,
	       answer->expected);
	print_json_patches(answer);
	printf("  \"rows\": [");
	answer_rows(answer, print_json_row, &is_first);
	puts("\n  ],");
	*text = '\0';
	if (answer->file == VERDICT_FILE_OK)
		print_json_file(STATUS_FILE, text);
	else
		print_json_members(text);
	if (!access(LAST_STATUS_FILE, F_OK)) {
		puts(",\n  \"last\": {");
		print_json_file(LAST_STATUS_FILE, text);
		fputs("\n  }", stdout);
	}
	puts("\n}");
}

/* Red, yellow or green. */
static int color_of(const struct answer *answer)
{
	if (answer_is_good(answer))
		return 32;
	if (answer->word == ANSWER_PART || answer->word == ANSWER_OFF)
		return 33;
	return 31;
}

static bool wants_color(void)
{
	const char *no = getenv("NO_COLOR"), *terminal = getenv("TERM");

	if (!isatty(STDOUT_FILENO) || (no && *no))
		return false;
	return terminal && strcmp(terminal, "dumb");
}

static void print_row(const char *title, const char *text, void *data)
{
	(void)data;
	printf("  %-15s %s\n", title, text);
}

/* @text has STATUS_BYTES_MAX bytes. */
static void print_later_run(char *text)
{
	struct status_patch lines[PATCHES_MAX];
	struct status status;

	if (file_read(LAST_STATUS_FILE, text, STATUS_BYTES_MAX) < 0)
		return;
	status_parse(text, &status, lines);
	printf("  %-15s %s%s%s\n", "apply, later", verdict_state_word(status.state),
	       *status.reason ? ": " : "", status.reason);
}

static void print_text(const struct answer *answer, char *text)
{
	char line[ANSWER_LINE_BYTES];
	int verdict;

	answer_line(answer, line);
	verdict = (int)strcspn(line, ":");
	if (wants_color())
		printf("\033[1;%dm%.*s\033[0m%s\n", color_of(answer), verdict, line,
		       line + verdict);
	else
		puts(line);
	for (size_t i = 0; i < answer->count; i++) {
		answer_patch_line(answer, &answer->patches[i], line);
		print_row(answer->patches[i].name, line, NULL);
	}
	answer_rows(answer, print_row, NULL);
	print_later_run(text);
}

/* A line for each word of fixes=: the word, whether it is fixed, and the patch. */
static void print_fixes(const struct answer *answer)
{
	char fix[FIXES_BYTES_MAX + 1];

	for (size_t i = 0; i < answer->count; i++) {
		const struct answer_patch *patch = &answer->patches[i];
		const char *word = answer_fixes_text(answer_fixes(patch));
		const char *next = word ? patch->fixes : NULL;

		while (answer_next_fix(&next, fix))
			printf("%s %s %s\n", fix, word, patch->name);
	}
}

/* Returns an exit status. */
static int answer_by_status(const struct answer *answer)
{
	if (answer_is_good(answer))
		return EXIT_OK;
	return answer->word == ANSWER_OFF ? EXIT_OFF : EXIT_NOT_APPLIED;
}

static int answer_quietly(char *text)
{
	if (file_read(STATUS_FILE, text, STATUS_BYTES_MAX) < 0)
		text = NULL;
	return may_load_store(text) ? EXIT_OK : EXIT_NOT_APPLIED;
}

int status_verb(int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, FORMAT_JSON },
		{ "quiet", no_argument, NULL, FORMAT_QUIET },
		{ "check", no_argument, NULL, FORMAT_CHECK },
		{ "fixes", no_argument, NULL, FORMAT_FIXES },
		{ "metrics", no_argument, NULL, FORMAT_METRICS },
		{ 0 },
	};
	static struct answer answer;
	static char text[STATUS_BYTES_MAX];
	int format = FORMAT_TEXT, option;

	while ((option = usage_next_option(argc, argv, "", options)) != -1) {
		if (option == '?' || format != FORMAT_TEXT)
			return verbs_bad_usage();
		format = option;
	}
	if (optind < argc)
		return verbs_bad_usage();
	if (format == FORMAT_QUIET)
		return answer_quietly(text);
	answer_find(format == FORMAT_CHECK, &answer);
	if (format == FORMAT_CHECK)
		return answer_by_status(&answer);
	if (format == FORMAT_JSON)
		print_json(&answer, text);
	else if (format == FORMAT_FIXES)
		print_fixes(&answer);
	else if (format == FORMAT_METRICS)
		metrics_print(&answer);
	else
		print_text(&answer, text);
	return fflush(stdout) || ferror(stdout) ? EXIT_NOT_APPLIED : EXIT_OK;
}
