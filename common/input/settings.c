// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/input/settings.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "common/bounds.h"
#include "common/file.h"
#include "common/paths.h"
#include "common/text.h"

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

/* A line of kpatch-early.conf: what its value must be, and where it goes to. */
struct setting {
	const char *key;
	const char *(*parse)(const struct setting *setting, const char *value, void *field);
	unsigned short field;		/* its offset in struct settings */
	unsigned short other;		/* the most, or what counts if it can't be understood */
};

static char complaint[96];

static const char *parse_number(const struct setting *setting, const char *value, void *field)
{
	unsigned int number = 0;

	for (; *value >= '0' && *value <= '9' && number <= setting->other; value++)
		number = number * 10 + (unsigned int)(*value - '0');
	if (!*value && number && number <= setting->other) {
		*(unsigned int *)field = number;
		return NULL;
	}
	snprintf(complaint, sizeof(complaint), "%s= needs a number from 1 to %u; it keeps its value", setting->key,
		 setting->other);
	return complaint;
}

static const char *parse_switch(const struct setting *setting, const char *value, void *field)
{
	int yes = text_yes_or_no(value);

	*(bool *)field = yes < 0 ? setting->other : yes;
	if (yes >= 0)
		return NULL;
	snprintf(complaint, sizeof(complaint), "%s= needs yes or no; it counts as %s", setting->key,
		 setting->other ? "yes" : "no");
	return complaint;
}

/* The index of @value in @words, or -1. */
static int parse_word(const char *value, const char *const *words, int count)
{
	while (count-- > 0 && strcmp(value, words[count]))
		;
	return count;
}

static const char *parse_on_failure(const struct setting *setting, const char *value, void *field)
{
	static const char *const words[] = { [ON_FAILURE_CONTINUE] = "continue", [ON_FAILURE_EMERGENCY] = "emergency",
					     [ON_FAILURE_REBOOT] = "reboot", [ON_FAILURE_POWEROFF] = "poweroff" };
	int word = parse_word(value, words, ARRAY_SIZE(words));

	(void)setting;
	if (word < 0)
		return "on_failure= needs continue, emergency, reboot or poweroff; it keeps its value";
	*(enum on_failure *)field = (enum on_failure)word;
	return NULL;
}

static const char *parse_guard(const struct setting *setting, const char *value, void *field)
{
	static const char *const words[] = { [GUARD_AUTO] = "auto", [GUARD_REQUIRED] = "required",
					     [GUARD_OFF] = "off" };
	int word = parse_word(value, words, ARRAY_SIZE(words));

	*(enum guard_mode *)field = word < 0 ? setting->other : (enum guard_mode)word;
	return word < 0 ? "guard= needs auto, required or off; it counts as required" : NULL;
}

static const char *parse_text(const struct setting *setting, const char *value, void *field)
{
	if (strlen(value) <= GUARD_STORE_MAX) {
		strcpy(field, value);
		return NULL;
	}
	snprintf(complaint, sizeof(complaint), "%s= is longer than 255 bytes; it keeps its value", setting->key);
	return complaint;
}

static const char *parse_guard_store(const struct setting *setting, const char *value, void *field)
{
	if (*value && *value != '/' && strncmp(value, "PARTLABEL=", 10))
		return "guard_store= needs an absolute path or PARTLABEL=NAME; it keeps its value";
	return parse_text(setting, value, field);
}

#define FIELD(name) offsetof(struct settings, name)

/* Returns what was not understood, or NULL. */
static const char *parse_setting(char *line, struct settings *settings)
{
	static const struct setting known[] = {
		{ "transition_timeout", parse_number, FIELD(transition_timeout_s), TRANSITION_TIMEOUT_S_MAX },
		{ "load_timeout", parse_number, FIELD(load_timeout_s), TRANSITION_TIMEOUT_S_MAX },
		{ "enabled", parse_switch, FIELD(enabled), false },
		{ "follow_kpatch_service", parse_switch, FIELD(follow_kpatch_service), true },
		{ "keep_awake", parse_switch, FIELD(keep_awake), false },
		{ "on_failure", parse_on_failure, FIELD(on_failure), 0 },
		{ "guard", parse_guard, FIELD(guard), GUARD_REQUIRED },
		{ "guard_tries", parse_number, FIELD(guard_tries), GUARD_TRIES_MAX },
		{ "guard_store", parse_guard_store, FIELD(guard_store), 0 },
		{ "guard_modules", parse_text, FIELD(guard_modules), 0 },
		{ "guard_wait", parse_number, FIELD(guard_wait_s), GUARD_WAIT_S_MAX },
	};
	char *equals = strchr(line, '=');

	if (!equals)
		return "not of the form key=value; it is ignored";
	*equals = '\0';
	line = trim(line);
	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (!strcmp(line, known[i].key))
			return known[i].parse(&known[i], trim(equals + 1), (char *)settings + known[i].field);
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
