// SPDX-License-Identifier: GPL-2.0-or-later
#include "settings.h"

#include <string.h>

#include "bounds.h"

void settings_defaults(struct settings *ret)
{
	*ret = (struct settings){ .transition_timeout_s = TRANSITION_TIMEOUT_S };
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

/* Seconds, 1 to TRANSITION_TIMEOUT_S_MAX; 0 if @value is anything else. */
static unsigned int parse_seconds(const char *value)
{
	unsigned int seconds = 0;

	for (; *value >= '0' && *value <= '9' && seconds <= TRANSITION_TIMEOUT_S_MAX; value++)
		seconds = seconds * 10 + (unsigned int)(*value - '0');
	return *value || seconds > TRANSITION_TIMEOUT_S_MAX ? 0 : seconds;
}

static const char *parse_setting(char *line, struct settings *settings)
{
	char *equals = strchr(line, '=');
	unsigned int seconds;

	if (!equals)
		return "not of the form key=value";
	*equals = '\0';
	if (strcmp(trim(line), "transition_timeout"))
		return "unknown setting";
	seconds = parse_seconds(trim(equals + 1));
	if (!seconds)
		return "transition_timeout= needs a number of seconds from 1 to 3600";
	settings->transition_timeout_s = seconds;
	return NULL;
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
