// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/status_text.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "common/exit_status.h"
#include "common/file.h"
#include "common/paths.h"
#include "common/status_file.h"
#include "common/verdict.h"

static void print_status_line(char *line)
{
	bool is_patch = !strncmp(line, "patch=", 6);
	struct status_field field;

	while (status_next_field(&line, &field)) {
		if (!strcmp(field.key, "version") || (!*field.value && !is_patch))
			continue;
		if (!is_patch)
			printf("%-7s %s\n", field.key, field.value);
		else if (!strcmp(field.key, "patch"))
			printf("patch   %s", field.value);
		else if (!strcmp(field.key, "outcome"))
			printf(" %s", field.value);
		else if (!strcmp(field.key, "ms"))
			printf(" (%s ms", field.value);
		else if (!strcmp(field.key, "step"))
			printf(", step %s)", field.value);
		else if (!strcmp(field.key, "fixes"))
			printf("; fixes %s", field.value);
		else if (*field.value)
			printf(": %s", field.value);
	}
	if (is_patch)
		putchar('\n');
}

int status_text_print(char *text)
{
	char *line;

	while ((line = strsep(&text, "\n")))
		if (*line)
			print_status_line(line);
	return fflush(stdout) || ferror(stdout) ? EXIT_NOT_APPLIED : EXIT_OK;
}

int status_text_missing(int err)
{
	fprintf(stderr, "kpatch-early: " STATUS_FILE ": %s; "
		"apply has not run at this boot, or could not write it\n",
		verdict_errno_text(err));
	return EXIT_NOT_APPLIED;
}

int status_text_print_last(char *text)
{
	if (file_read(LAST_STATUS_FILE, text, STATUS_BYTES_MAX) < 0)
		return EXIT_OK;
	puts("\napply has run again since then:");
	return status_text_print(text);
}

int status_text_show(void)
{
	static char text[STATUS_BYTES_MAX];
	ssize_t len = file_read(STATUS_FILE, text, sizeof(text));

	if (len < 0)
		return status_text_missing((int)len);
	return status_text_print(text) == EXIT_OK ? status_text_print_last(text) :
						    EXIT_NOT_APPLIED;
}
