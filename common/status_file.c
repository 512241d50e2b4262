// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/status_file.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/file.h"
#include "common/paths.h"

/*
 * Escapes '"' and '\' with a backslash. A control byte becomes a space. Returns the rest
 * of @text, for which @ret has no room.
 */
static const char *escape_value(const char *text, char *ret, size_t size)
{
	size_t used = 0;

	for (; *text && used + 2 < size; text++) {
		if (*text == '"' || *text == '\\')
			ret[used++] = '\\';
		if ((unsigned char)*text < ' ' || *text == 127)
			ret[used++] = ' ';
		else
			ret[used++] = *text;
	}
	ret[used] = '\0';
	return text;
}

/* Returns less than 0 on an error. */
static int print_escaped(int fd, const char *text)
{
	char part[512];	/* short: each page of stack that is touched costs time */
	int n = 0;

	while (*text && n >= 0) {
		text = escape_value(text, part, sizeof(part));
		n = dprintf(fd, "%s", part);
	}
	return n;
}

void status_patch_set(struct status_patch *ret, const struct verdict *verdict)
{
	ret->outcome = verdict_outcome(verdict->cause);
	ret->step = verdict_step(verdict->cause);
	ret->ms = verdict->ms;
	verdict_sentence(verdict, ret->reason, sizeof(ret->reason));
}

static int print_status_patch(int fd, const struct status_patch *patch)
{
	char reason[2 * REASON_MAX + 2];
	int len;

	escape_value(patch->reason, reason, sizeof(reason));
	len = dprintf(fd, "patch=%s outcome=%s ms=%u step=%s reason=\"%s\"%s%s\n",
		      patch->name, verdict_outcome_word(patch->outcome), patch->ms,
		      verdict_step_word(patch->step), reason,
		      patch->fixes ? " fixes=" : "", patch->fixes ? patch->fixes : "");
	return len < 0 ? -errno : 0;
}

/* Prints one line with all names, if there are any. Returns less than 0 on an error. */
static int print_required(int fd, const struct status *status)
{
	const struct status_patch *patch = status->patches, *end = patch + status->count;
	int n = 0;

	for (; patch < end && n >= 0; patch++)
		if (patch->required)
			n = dprintf(fd, "%s%s", n ? "," : "required=", patch->name);
	return n > 0 ? dprintf(fd, "\n") : n;
}

/* Prints no line without a value. Returns less than 0 on an error. */
static int print_pair(int fd, const char *key, const char *value)
{
	return value ? dprintf(fd, "%s=%s\n", key, value) : 0;
}

/* The lines that only some boots have. Returns less than 0 on an error. */
static int print_options(int fd, const struct status *status)
{
	int ret = print_pair(fd, "guard", status->guard);

	/* The sign of one that is negative stays. */
	ret |= print_pair(fd, "set", status->set);
	ret |= print_pair(fd, "overlay", status->overlay ? "yes" : NULL);
	ret |= print_pair(fd, "overlay_manifest", status->overlay_manifest);
	ret |= print_pair(fd, "before_root", status->before_root ? "yes" : NULL);
	return ret | print_required(fd, status);
}

/* In few calls, since each is a system call. Returns less than 0 on an error. */
static int print_boot(int fd, const struct status *status)
{
	if (dprintf(fd, "version=1\nverdict=\"") < 0 ||
	    print_escaped(fd, status->verdict) < 0 ||
	    dprintf(fd, "\"\nkernel=%s\nstate=%s\nreason=\"", status->release,
		    verdict_state_word(status->state)) < 0)
		return -1;
	if (print_escaped(fd, status->reason) < 0 || dprintf(fd, "\"\n") < 0)
		return -1;
	return print_options(fd, status);
}

int status_print(int fd, const struct status *status)
{
	int err = 0;

	if (print_boot(fd, status) < 0)
		return -errno;
	for (size_t i = 0; i < status->count && !err; i++)
		err = print_status_patch(fd, &status->patches[i]);
	return err;
}

/* Returns what file_read does. *@ret_text stays until the next call. */
static ssize_t read_status_file(const char *root, char **ret_text)
{
	static char text[STATUS_BYTES_MAX];
	char path[PATH_MAX];
	ssize_t len = file_path(path, root, STATUS_FILE);

	*ret_text = text;
	return len ? len : file_read(path, text, sizeof(text));
}

enum status_verdict status_verdict(const char *root)
{
	char *text;
	ssize_t len = read_status_file(root, &text);

	if (len == -ENOENT || len == -ENOTDIR)
		return STATUS_VERDICT_NONE;
	if (len < 0)
		return STATUS_VERDICT_OTHER;
	if (strstr(text, "\nstate=quarantined\n") ||
	    strstr(text, "\nguard=quarantined\n") || strstr(text, "\nguard=failed\n"))
		return STATUS_VERDICT_QUARANTINED;
	return strstr(text, "\nstate=nothing\n") && !strstr(text, "\npatch=") ?
		       STATUS_VERDICT_NOTHING :
		       STATUS_VERDICT_OTHER;
}

int status_write(const char *root, const char *file, const struct status *status)
{
	char path[PATH_MAX], temporary[PATH_MAX];
	int err = file_path(path, root, "%s", file);

	if (!err)
		err = file_make_parents(path);
	if (err)
		return err;
	CLOSE_FD fd = file_create_beside(path, temporary);
	if (fd < 0)
		return fd;
	err = status_print(fd, status);
	/* Not made durable: no status is meant to outlive its boot. */
	if (!err && rename(temporary, path))
		err = -errno;
	if (err)
		unlink(temporary);
	return err;
}

/*
 * Unescapes the quoted value at @p in place and ends it with a NUL. Returns what follows
 * the closing quote, or NULL if there is none.
 */
static char *unescape_value(char *p, struct status_field *field)
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

bool status_next_field(char **cursor, struct status_field *ret)
{
	char *p = *cursor + strspn(*cursor, " ");
	char *equals = strchr(p, '=');

	if (!equals)
		return false;
	*equals = '\0';
	ret->key = p;
	p = equals + 1;
	if (*p == '"') {
		p = unescape_value(p, ret);
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

static enum outcome outcome_of_word(const char *word)
{
	enum outcome outcome = OUTCOME_APPLIED;

	while (outcome < OUTCOME_FAILED && strcmp(word, verdict_outcome_word(outcome)))
		outcome++;
	return outcome;
}

enum outcome status_outcome(const char *root, const char *name)
{
	char line[FILE_NAME_MAX + 32], *text, *word = NULL;
	int len = snprintf(line, sizeof(line), "\npatch=%s outcome=", name);

	if (read_status_file(root, &text) >= 0)
		word = strstr(text, line);
	if (!word)
		return OUTCOME_APPLIED;
	word += len;
	word[strcspn(word, " ")] = '\0';
	return outcome_of_word(word);
}

static enum step step_of_word(const char *word)
{
	enum step step = STEP_SELECT;

	while (step < STEP_DONE && strcmp(word, verdict_step_word(step)))
		step++;
	return step;
}

static enum boot_state state_of_word(const char *word)
{
	enum boot_state state = BOOT_APPLIED;

	while (state < BOOT_QUARANTINED && strcmp(word, verdict_state_word(state)))
		state++;
	return state;
}

static void read_patch_field(const struct status_field *field, struct status_patch *ret)
{
	if (!strcmp(field->key, "patch"))
		snprintf(ret->name, sizeof(ret->name), "%s", field->value);
	else if (!strcmp(field->key, "outcome"))
		ret->outcome = outcome_of_word(field->value);
	else if (!strcmp(field->key, "ms"))
		ret->ms = (unsigned int)strtoul(field->value, NULL, 10);
	else if (!strcmp(field->key, "step"))
		ret->step = step_of_word(field->value);
	else if (!strcmp(field->key, "reason"))
		snprintf(ret->reason, sizeof(ret->reason), "%s", field->value);
	else if (!strcmp(field->key, "fixes"))
		ret->fixes = field->value;
}

static void read_status_line(char *line, struct status *ret,
			     struct status_patch *ret_patches, char **ret_required)
{
	struct status_patch patch = { 0 };
	struct status_field field;

	while (status_next_field(&line, &field)) {
		if (!strcmp(field.key, "kernel"))
			ret->release = field.value;
		else if (!strcmp(field.key, "state"))
			ret->state = state_of_word(field.value);
		else if (!strcmp(field.key, "guard"))
			ret->guard = field.value;
		else if (!strcmp(field.key, "set"))
			ret->set = field.value;
		else if (!strcmp(field.key, "overlay"))
			ret->overlay = true;
		else if (!strcmp(field.key, "overlay_manifest"))
			ret->overlay_manifest = field.value;
		else if (!strcmp(field.key, "before_root"))
			ret->before_root = true;
		else if (!strcmp(field.key, "reason") && !*patch.name)
			ret->reason = field.value;
		else if (!strcmp(field.key, "required"))
			*ret_required = field.value;
		else
			read_patch_field(&field, &patch);
	}
	if (*patch.name && ret->count < PATCHES_MAX)
		ret_patches[ret->count++] = patch;
}

static void mark_required(char *names, const struct status *status,
			  struct status_patch *patches)
{
	char *name;

	while ((name = strsep(&names, ",")))
		for (size_t i = 0; i < status->count; i++)
			patches[i].required |= !strcmp(name, patches[i].name);
}

void status_parse(char *text, struct status *ret, struct status_patch *ret_patches)
{
	char *line, *required = NULL;

	*ret = (struct status){
		.verdict = "", .release = "", .state = BOOT_NOTHING, .reason = "",
		.guard = "none",
		.patches = ret_patches,
	};
	while ((line = strsep(&text, "\n")))
		read_status_line(line, ret, ret_patches, &required);
	mark_required(required, ret, ret_patches);
}

int status_read(const char *root, char *text, struct status *ret,
		struct status_patch *ret_patches)
{
	char path[PATH_MAX];
	ssize_t len = file_path(path, root, STATUS_FILE);

	if (!len)
		len = file_read(path, text, STATUS_BYTES_MAX);
	if (len < 0)
		return (int)len;
	status_parse(text, ret, ret_patches);
	return 0;
}
