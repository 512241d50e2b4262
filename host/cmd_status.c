// SPDX-License-Identifier: GPL-2.0-or-later
/* The status verb: tells what became of this boot, to a person, a program or a unit. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "common/bounds.h"
#include "common/file.h"
#include "common/guard/store.h"
#include "common/input/cmdline.h"
#include "common/input/settings.h"
#include "common/module/module_name.h"
#include "common/paths.h"
#include "common/sha256.h"
#include "common/status_file.h"
#include "common/status_text.h"
#include "common/text.h"
#include "common/verbs.h"
#include "host/commands.h"
#include "host/drift.h"
#include "host/late_load.h"
#include "host/patch_select.h"

enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_QUIET };

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

static bool is_number(const struct status_field *field)
{
	return (!strcmp(field->key, "ms") || !strcmp(field->key, "version")) &&
	       *field->value && !field->value[strspn(field->value, "0123456789")];
}

static void print_json_field(const struct status_field *field)
{
	print_json_string(!strcmp(field->key, "patch") ? "name" : field->key);
	printf(": ");
	if (is_number(field))
		printf("%s", field->value);
	else
		print_json_string(field->value);
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

/* @text has STATUS_BYTES_MAX bytes, and status.last takes its place. */
static int print_json(char *text)
{
	puts("{");
	print_json_members(text);
	if (file_read(LAST_STATUS_FILE, text, STATUS_BYTES_MAX) >= 0) {
		puts(",\n  \"last\": {");
		print_json_members(text);
		fputs("\n  }", stdout);
	}
	puts("\n}");
	return fflush(stdout) || ferror(stdout) ? EXIT_NOT_APPLIED : EXIT_OK;
}

/*
 * Whether the status file at @text says that not all may be loaded at this boot, or that
 * a load hung, as more loads might.
 */
static bool is_switched_off(const char *text)
{
	static const char *const signs[] = {
		"\nstate=disabled\n", "\nstate=quarantined\n", "\nguard=quarantined\n",
		"\nguard=failed\n", " step=hung ", " step=budget ",
	};

	for (size_t i = 0; i < ARRAY_SIZE(signs); i++)
		if (strstr(text, signs[i]))
			return true;
	return false;
}

/* apply and bake report what is wrong in these two, so nothing is said here. */
static void ignore_wrong_setting(unsigned int line, const char *reason)
{
	(void)line, (void)reason;
}

static void ignore_wrong_word(const char *word, const char *complaint)
{
	(void)word, (void)complaint;
}

static bool is_compressed(const char *file)
{
	return module_name_uncompressed_length(file) < strlen(file);
}

/* A pin is of the uncompressed module, so a compressed one is not looked at. */
static bool is_pin_wrong(const struct candidate *candidate)
{
	unsigned char digest[SHA256_BYTES];

	if (!candidate->entry.pinned || is_compressed(candidate->source))
		return false;
	CLOSE_FD fd = open(candidate->source, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	return fd < 0 || sha256_file(fd, digest) ||
	       memcmp(digest, candidate->entry.sha256, SHA256_BYTES);
}

/*
 * Whether the drop-ins exclude a patch of the store. kpatch.service loads all of the
 * store or nothing, so one such patch keeps kpatch.service out. list and status report
 * what is wrong in them.
 */
static bool is_any_patch_excluded(void)
{
	static struct candidates candidates;
	char *const no_files[] = { NULL };
	struct utsname kernel;
	const struct patch_query query = {
		.root = "", .release = kernel.release, .files = no_files,
	};

	uname(&kernel);
	if (patch_select(&query, &candidates) || candidates.left_out)
		return true;
	for (size_t i = 0; i < candidates.count; i++)
		if (is_pin_wrong(&candidates.list[i]))
			return true;
	return false;
}

/*
 * Whether the guard's record forbids to load. @text is the status file, or NULL. What the
 * boot has judged itself counts as it is there; only the switch may be newer. A boot
 * without a line for its kernel says nothing of sets.
 */
static bool is_forbidden_by_record(const struct settings *settings, const char *text)
{
	const struct guard_store_place place = {
		.root = "", .settings = settings, .dry_run = true
	};
	struct guard_store store = { 0 };
	struct record record;

	if (settings->guard == GUARD_OFF)
		return false;
	guard_store_open(&place, &store, &record);
	if (record_is_off(&record, settings->follow_kpatch_service))
		return true;
	if (text)
		return !strstr(text, "\nguard=") && guard_store_is_doubtful(&store);
	return guard_store_is_doubtful(&store) ||
	       record.trials[0].state == TRIAL_QUARANTINED ||
	       record.trials[0].state == TRIAL_FAILED;
}

/* Whether kpatch.service may load the store. @text is the status file, or NULL. */
static bool may_load_store(const char *text)
{
	struct cmdline cmdline;
	struct settings settings;

	cmdline_read("", ignore_wrong_word, &cmdline);
	settings_read("", ignore_wrong_setting, &settings);
	if (cmdline.disabled_by || (cmdline.skip && *cmdline.skip) || !settings.enabled)
		return false;
	if ((text && is_switched_off(text)) || is_forbidden_by_record(&settings, text))
		return false;
	return !is_any_patch_excluded();
}

static int answer_quietly(const char *text)
{
	return may_load_store(text) ? EXIT_OK : EXIT_NOT_APPLIED;
}

/* @copy, of the same size, is for what is compared: printing cuts @text up. */
static int print_status(char *text, char *copy)
{
	struct status_patch patches[PATCHES_MAX];
	struct status status;

	memcpy(copy, text, STATUS_BYTES_MAX);
	if (status_text_print(text) != EXIT_OK || status_text_print_last(text) != EXIT_OK)
		return EXIT_NOT_APPLIED;
	status_parse(copy, &status, patches);
	late_load_print(&status);
	drift_print(&status);
	return EXIT_OK;
}

int status_verb(int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, FORMAT_JSON },
		{ "quiet", no_argument, NULL, FORMAT_QUIET },
		{ 0 },
	};
	static char text[STATUS_BYTES_MAX], copy[STATUS_BYTES_MAX];
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
		return answer_quietly(len >= 0 ? text : NULL);
	if (len < 0)
		return status_text_missing((int)len);
	return format == FORMAT_JSON ? print_json(text) : print_status(text, copy);
}
