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

#define COMPLAINT_BYTES 96

/* What may be wrong with a line. */
enum fault {
	FAULT_NONE,
	FAULT_NO_EQUALS,
	FAULT_UNKNOWN_KEY,
	FAULT_NUMBER,
	FAULT_COUNTS_AS_NO,
	FAULT_COUNTS_AS_YES,
	FAULT_ON_FAILURE,
	FAULT_GUARD,
	FAULT_CHECK,
	FAULT_STORE,
	FAULT_TOO_LONG,
};

/* A key of the file, what its value must be, and where the value goes. */
struct setting {
	const char *key;
	enum fault (*parse)(const struct setting *setting, const char *value,
			    void *field);
	unsigned short offset;		/* of the field in struct settings */
	unsigned short limit;		/* the most; or what counts in doubt */
};

void settings_defaults(struct settings *ret)
{
	*ret = (struct settings){
		.transition_timeout_s = TRANSITION_TIMEOUT_S,
		.load_timeout_s = LOAD_TIMEOUT_S,
		.boot_budget_s = BOOT_BUDGET_S,
		.enabled = true,
		.follow_kpatch_service = true,
		.keep_awake = true,
		.guard_tries = GUARD_TRIES,
		.guard_wait_s = GUARD_WAIT_S,
	};
}

static char *trim_blanks(char *text)
{
	char *end;

	text += strspn(text, " \t\r");
	end = text + strlen(text);
	while (end > text && strchr(" \t\r", end[-1]))
		end--;
	*end = '\0';
	return text;
}

static enum fault parse_number(const struct setting *setting, const char *value,
			       void *field)
{
	unsigned int number = 0;

	for (; *value >= '0' && *value <= '9' && number <= setting->limit; value++)
		number = number * 10 + (unsigned int)(*value - '0');
	if (*value || !number || number > setting->limit)
		return FAULT_NUMBER;
	*(unsigned int *)field = number;
	return FAULT_NONE;
}

static enum fault parse_switch(const struct setting *setting, const char *value,
			       void *field)
{
	int yes = text_yes_or_no(value);

	*(bool *)field = yes < 0 ? setting->limit : yes;
	if (yes >= 0)
		return FAULT_NONE;
	return setting->limit ? FAULT_COUNTS_AS_YES : FAULT_COUNTS_AS_NO;
}

/* Returns the index of @value in @words, or -1. */
static int index_of_word(const char *value, const char *const *words, int count)
{
	while (count-- > 0 && strcmp(value, words[count]))
		;
	return count;
}

static enum fault parse_on_failure(const struct setting *setting, const char *value,
				   void *field)
{
	static const char *const words[] = {
		[ON_FAILURE_CONTINUE] = "continue",
		[ON_FAILURE_EMERGENCY] = "emergency",
		[ON_FAILURE_REBOOT] = "reboot",
		[ON_FAILURE_POWEROFF] = "poweroff",
	};
	int word = index_of_word(value, words, ARRAY_SIZE(words));

	*(enum on_failure *)field =
		(enum on_failure)(word < 0 ? setting->limit : word);
	return word < 0 ? FAULT_ON_FAILURE : FAULT_NONE;
}

static enum fault parse_guard(const struct setting *setting, const char *value,
			      void *field)
{
	static const char *const words[] = {
		[GUARD_AUTO] = "auto",
		[GUARD_REQUIRED] = "required",
		[GUARD_OFF] = "off",
	};
	int word = index_of_word(value, words, ARRAY_SIZE(words));

	*(enum guard_mode *)field = (enum guard_mode)(word < 0 ? setting->limit : word);
	return word < 0 ? FAULT_GUARD : FAULT_NONE;
}

static enum fault parse_check(const struct setting *setting, const char *value,
			      void *field)
{
	static const char *const words[] = {
		[CHECK_MODE_REFUSE] = "refuse",
		[CHECK_MODE_WARN] = "warn",
		[CHECK_MODE_OFF] = "off",
	};
	int word = index_of_word(value, words, ARRAY_SIZE(words));

	*(enum check_mode *)field = (enum check_mode)(word < 0 ? setting->limit : word);
	return word < 0 ? FAULT_CHECK : FAULT_NONE;
}

static enum fault parse_text(const struct setting *setting, const char *value,
			     void *field)
{
	(void)setting;
	if (strlen(value) > GUARD_STORE_MAX)
		return FAULT_TOO_LONG;
	strcpy(field, value);
	return FAULT_NONE;
}

static enum fault parse_guard_store(const struct setting *setting, const char *value,
				    void *field)
{
	if (*value && *value != '/' && strncmp(value, "PARTLABEL=", 10))
		return FAULT_STORE;
	return parse_text(setting, value, field);
}

#define SETTING(key, parse, field, limit) \
	{ key, parse, offsetof(struct settings, field), limit }

static const struct setting settings_known[] = {
	SETTING("transition_timeout", parse_number, transition_timeout_s,
		TRANSITION_TIMEOUT_S_MAX),
	SETTING("load_timeout", parse_number, load_timeout_s, TRANSITION_TIMEOUT_S_MAX),
	SETTING("boot_budget", parse_number, boot_budget_s, BOOT_BUDGET_S_MAX),
	SETTING("enabled", parse_switch, enabled, false),
	SETTING("follow_kpatch_service", parse_switch, follow_kpatch_service, true),
	SETTING("keep_awake", parse_switch, keep_awake, false),
	SETTING("on_failure", parse_on_failure, on_failure, ON_FAILURE_EMERGENCY),
	SETTING("check", parse_check, check, CHECK_MODE_REFUSE),
	SETTING("guard", parse_guard, guard, GUARD_REQUIRED),
	SETTING("guard_tries", parse_number, guard_tries, GUARD_TRIES_MAX),
	SETTING("guard_store", parse_guard_store, guard_store, 0),
	SETTING("guard_modules", parse_text, guard_modules, 0),
	SETTING("guard_wait", parse_number, guard_wait_s, GUARD_WAIT_S_MAX),
};

static const struct setting *find_setting(const char *key)
{
	for (size_t i = 0; i < ARRAY_SIZE(settings_known); i++)
		if (!strcmp(key, settings_known[i].key))
			return &settings_known[i];
	return NULL;
}

/* Sets *@ret_setting to the line's setting, if the key is known. */
static enum fault parse_setting(char *line, struct settings *settings,
				const struct setting **ret_setting)
{
	char *equals = strchr(line, '=');
	const struct setting *setting;

	if (!equals)
		return FAULT_NO_EQUALS;
	*equals = '\0';
	setting = find_setting(trim_blanks(line));
	if (!setting)
		return FAULT_UNKNOWN_KEY;
	*ret_setting = setting;
	return setting->parse(setting, trim_blanks(equals + 1),
			      (char *)settings + setting->offset);
}

/* A text that begins with '=' follows the key. */
static const char *const complaints[] = {
	[FAULT_NO_EQUALS] = "not of the form key=value; it is ignored",
	[FAULT_UNKNOWN_KEY] = "= is no setting; it is ignored",
	[FAULT_COUNTS_AS_NO] = "= needs yes or no; it counts as no",
	[FAULT_COUNTS_AS_YES] = "= needs yes or no; it counts as yes",
	[FAULT_ON_FAILURE] =
		"= needs continue, emergency, reboot or poweroff; it counts as emergency",
	[FAULT_GUARD] = "= needs auto, required or off; it counts as required",
	[FAULT_CHECK] = "= needs refuse, warn or off; it counts as refuse",
	[FAULT_STORE] = "= needs an absolute path or PARTLABEL=NAME; it keeps its value",
	[FAULT_TOO_LONG] = "= is longer than 255 bytes; it keeps its value",
};

static void notify_fault(unsigned int line, enum fault fault,
			 const struct setting *setting, settings_notice_fn notice)
{
	char text[COMPLAINT_BYTES];
	const char *complaint = text;

	if (fault == FAULT_NUMBER)
		snprintf(text, sizeof(text),
			 "%s= needs a number from 1 to %u; it keeps its value",
			 setting->key, setting->limit);
	else if (*complaints[fault] == '=')
		snprintf(text, sizeof(text), "%.32s%s", setting->key,
			 complaints[fault]);
	else
		complaint = complaints[fault];
	notice(line, complaint);
}

void settings_parse(char *text, size_t len, settings_notice_fn notice,
		    struct settings *ret)
{
	char *end = text + len;

	for (unsigned int number = 1; text < end; number++) {
		char *newline = memchr(text, '\n', (size_t)(end - text));
		char *stop = newline ? newline : end;
		const struct setting *setting;
		struct setting unknown;
		enum fault fault = FAULT_NONE;

		*stop = '\0';
		unknown.key = text = trim_blanks(text);
		setting = &unknown;
		if (*text && *text != '#')
			fault = parse_setting(text, ret, &setting);
		if (fault != FAULT_NONE && notice)
			notify_fault(number, fault, setting, notice);
		text = stop + 1;
	}
}

int settings_read_file(const char *path, int err, settings_notice_fn notice,
		       struct settings *ret)
{
	static char text[SETTINGS_BYTES_MAX + 1];
	ssize_t len = err;

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

int settings_read(const char *root, settings_notice_fn notice, struct settings *ret)
{
	char path[PATH_MAX];
	int err = file_path(path, root, CONF_FILE);

	return settings_read_file(path, err, notice, ret);
}
