// SPDX-License-Identifier: GPL-2.0-or-later
#include "settings.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "bounds.h"
#include "file.h"
#include "text.h"
#include "verbs.h"

void settings_defaults(struct settings *ret)
{
	*ret = (struct settings){
		.transition_timeout_s = TRANSITION_TIMEOUT_S,
		.load_timeout_s = LOAD_TIMEOUT_S,
		.enabled = true,
		.follow_kpatch_service = true,
		.keep_awake = true,
		.guard_tries = GUARD_TRIES,
		.guard_wait_s = GUARD_WAIT_S,
	};
}

static char *trim(char *text)
{
	char *end;

	text += strspn(text, " \t\r");
	end = text + strlen(text);
	while (end > text && strchr(" \t\r", end[-1]))
		end--;
	*end = '\0';
	return text;
}

/* 1 to @max, 0 if @value is anything else. */
static unsigned int parse_number(const char *value, unsigned int max)
{
	unsigned int number = 0;

	for (; *value >= '0' && *value <= '9' && number <= max; value++)
		number = number * 10 + (unsigned int)(*value - '0');
	return *value || number > max ? 0 : number;
}

static const char *parse_timeout(const char *value, struct settings *settings)
{
	unsigned int seconds = parse_number(value, TRANSITION_TIMEOUT_S_MAX);

	if (!seconds)
		return "transition_timeout= needs a number of seconds from 1 to 3600; it keeps its value";
	settings->transition_timeout_s = seconds;
	return NULL;
}

static const char *parse_load_timeout(const char *value, struct settings *settings)
{
	unsigned int seconds = parse_number(value, TRANSITION_TIMEOUT_S_MAX);

	if (!seconds)
		return "load_timeout= needs a number of seconds from 1 to 3600; it keeps its value";
	settings->load_timeout_s = seconds;
	return NULL;
}

static const char *parse_enabled(const char *value, struct settings *settings)
{
	int yes = text_yes_or_no(value);

	settings->enabled = yes == 1;
	return yes < 0 ? "enabled= needs yes or no; it counts as no" : NULL;
}

static const char *parse_follow(const char *value, struct settings *settings)
{
	int yes = text_yes_or_no(value);

	settings->follow_kpatch_service = yes != 0;
	return yes < 0 ? "follow_kpatch_service= needs yes or no; it counts as yes" : NULL;
}

static const char *parse_keep_awake(const char *value, struct settings *settings)
{
	int yes = text_yes_or_no(value);

	settings->keep_awake = yes == 1;
	return yes < 0 ? "keep_awake= needs yes or no; it counts as no" : NULL;
}

/* The index of @value in @words, or -1. */
static int parse_word(const char *value, const char *const *words, int count)
{
	while (count-- > 0 && strcmp(value, words[count]))
		;
	return count;
}

static const char *parse_on_failure(const char *value, struct settings *settings)
{
	static const char *const words[] = { [ON_FAILURE_CONTINUE] = "continue", [ON_FAILURE_EMERGENCY] = "emergency",
					     [ON_FAILURE_REBOOT] = "reboot", [ON_FAILURE_POWEROFF] = "poweroff" };
	int word = parse_word(value, words, ARRAY_SIZE(words));

	if (word < 0)
		return "on_failure= needs continue, emergency, reboot or poweroff; it keeps its value";
	settings->on_failure = (enum on_failure)word;
	return NULL;
}

static const char *parse_guard(const char *value, struct settings *settings)
{
	static const char *const words[] = { [GUARD_AUTO] = "auto", [GUARD_REQUIRED] = "required",
					     [GUARD_OFF] = "off" };
	int word = parse_word(value, words, ARRAY_SIZE(words));

	settings->guard = word < 0 ? GUARD_REQUIRED : (enum guard_mode)word;
	return word < 0 ? "guard= needs auto, required or off; it counts as required" : NULL;
}

static const char *parse_guard_tries(const char *value, struct settings *settings)
{
	unsigned int tries = parse_number(value, GUARD_TRIES_MAX);

	if (!tries)
		return "guard_tries= needs a number from 1 to 9; it keeps its value";
	settings->guard_tries = tries;
	return NULL;
}

static const char *parse_guard_wait(const char *value, struct settings *settings)
{
	unsigned int seconds = parse_number(value, GUARD_WAIT_S_MAX);

	if (!seconds)
		return "guard_wait= needs a number of seconds from 1 to 60; it keeps its value";
	settings->guard_wait_s = seconds;
	return NULL;
}

static const char *parse_guard_modules(const char *value, struct settings *settings)
{
	if (strlen(value) > GUARD_STORE_MAX)
		return "guard_modules= is longer than 255 bytes; it keeps its value";
	strcpy(settings->guard_modules, value);
	return NULL;
}

static const char *parse_guard_store(const char *value, struct settings *settings)
{
	if (*value && *value != '/' && strncmp(value, "PARTLABEL=", 10))
		return "guard_store= needs an absolute path or PARTLABEL=NAME; it keeps its value";
	if (strlen(value) > GUARD_STORE_MAX)
		return "guard_store= is longer than 255 bytes; it keeps its value";
	strcpy(settings->guard_store, value);
	return NULL;
}

/* Returns what was not understood, or NULL. */
static const char *parse_setting(char *line, struct settings *settings)
{
	static const struct {
		const char *key;
		const char *(*parse)(const char *value, struct settings *settings);
	} known[] = {
		{ "transition_timeout", parse_timeout },
		{ "load_timeout", parse_load_timeout },
		{ "enabled", parse_enabled },
		{ "follow_kpatch_service", parse_follow },
		{ "keep_awake", parse_keep_awake },
		{ "on_failure", parse_on_failure },
		{ "guard", parse_guard },
		{ "guard_tries", parse_guard_tries },
		{ "guard_store", parse_guard_store },
		{ "guard_modules", parse_guard_modules },
		{ "guard_wait", parse_guard_wait },
	};
	char *equals = strchr(line, '=');

	if (!equals)
		return "not of the form key=value; it is ignored";
	*equals = '\0';
	line = trim(line);
	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (!strcmp(line, known[i].key))
			return known[i].parse(trim(equals + 1), settings);
	return "unknown setting; it is ignored";
}

void settings_parse(char *text, size_t len, settings_notice_fn notice, struct settings *ret)
{
	char *end = text + len;

	for (unsigned int number = 1; text < end; number++) {
		char *stop = memchr(text, '\n', (size_t)(end - text));
		const char *reason = NULL;

		stop = stop ? stop : end;
		*stop = '\0';
		text = trim(text);
		if (*text && *text != '#')
			reason = parse_setting(text, ret);
		if (reason)
			notice(number, reason);
		text = stop + 1;
	}
}

int settings_read(const char *root, settings_notice_fn notice, struct settings *ret)
{
	static char text[SETTINGS_BYTES_MAX + 1];
	char path[PATH_MAX];
	ssize_t len = file_path(path, root, CONF_FILE);

	settings_defaults(ret);
	if (!len)
		len = file_read(path, text, sizeof(text));
	if (len == -ENOENT)
		return 0;
	if (len < 0) {
		ret->enabled = false;
		return (int)len;
	}
	settings_parse(text, (size_t)len, notice, ret);
	return 0;
}
