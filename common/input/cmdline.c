// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/input/cmdline.h"

#include <limits.h>
#include <string.h>

#include "common/bounds.h"
#include "common/file.h"
#include "common/module/module_name.h"
#include "common/text.h"

struct word {
	char *name;
	char *value;	/* NULL without a '=' */
};

/* As the kernel's (lib/ctype.c), for which Latin-1's no-break space is a blank too. */
static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || (unsigned char)c == 0xa0;
}

/* Cuts one word off *@cursor, quotes removed. False at the end of the text. */
static bool next_word(char **cursor, struct word *ret)
{
	char *p = *cursor, *equals = NULL, *end;
	bool whole_quoted, in_quote;

	while (is_space(*p))
		p++;
	if (!*p)
		return false;
	whole_quoted = in_quote = *p == '"';
	p += whole_quoted;
	for (end = p; *end && (in_quote || !is_space(*end)); end++) {
		if (*end == '=' && !equals && end > p)
			equals = end;
		if (*end == '"')
			in_quote = !in_quote;
	}
	*cursor = *end ? end + 1 : end;
	*end = '\0';
	ret->name = p;
	ret->value = NULL;
	if (equals) {
		*equals = '\0';
		ret->value = equals + 1;
	}
	if (ret->value && *ret->value == '"') {
		ret->value++;
		whole_quoted = true;
	}
	if (whole_quoted && end > (ret->value ? ret->value : p) && end[-1] == '"')
		end[-1] = '\0';
	return true;
}

/* @name has no '-'. */
static bool is_named(const struct word *word, const char *name)
{
	const char *p = word->name;

	while (*p && (*p == '-' ? '_' : *p) == *name) {
		p++;
		name++;
	}
	return !*p && !*name;
}

/* What @word says: yes, no, or, when that can't be understood, what disables. */
static bool take_switch(const struct word *word, bool disabling, bool *ret_doubtful)
{
	int yes = word->value ? text_yes_or_no(word->value) : 1;

	*ret_doubtful = yes < 0;
	return yes < 0 ? disabling : yes;
}

static void unreadable(struct cmdline *ret)
{
	*ret = (struct cmdline){ .disabled_by = "the kernel command line cannot be read" };
}

void cmdline_parse(char *text, size_t len, struct cmdline *ret)
{
	bool disable = false, enable = true, kdump = false;
	bool disable_doubtful = false, enable_doubtful = false, awake_doubtful = false;
	struct word word;

	if (memchr(text, '\0', len)) {
		unreadable(ret);
		return;
	}
	*ret = (struct cmdline){ 0 };
	while (next_word(&text, &word)) {
		if (!word.value && !strcmp(word.name, "--"))
			break;
		if (is_named(&word, "kpatch.disable"))
			disable = take_switch(&word, true, &disable_doubtful);
		else if (is_named(&word, "kpatch.enable"))
			enable = take_switch(&word, false, &enable_doubtful);
		else if (is_named(&word, "kpatch.keep_awake"))
			ret->keep_awake_off = !take_switch(&word, false, &awake_doubtful);
		else if (is_named(&word, "kpatch.skip"))
			ret->skip = word.value;
		else if (is_named(&word, "kpatch.init"))
			ret->init = word.value && *word.value ? word.value : NULL;
		else if (is_named(&word, "elfcorehdr") && word.value)
			kdump = true;
	}
	if (disable_doubtful)
		ret->warning = "the value of kpatch.disable= is not understood: it counts as 1";
	else if (enable_doubtful)
		ret->warning = "the value of kpatch.enable= is not understood: it counts as 0";
	else if (awake_doubtful)
		ret->warning = "the value of kpatch.keep_awake= is not understood: it counts as 0";
	if (disable)
		ret->disabled_by = "kpatch.disable on the kernel command line";
	else if (!enable)
		ret->disabled_by = "kpatch.enable=0 on the kernel command line";
	else if (kdump)
		ret->disabled_by = "this is a kdump kernel (elfcorehdr= on its command line)";
}

void cmdline_read(const char *root, struct cmdline *ret)
{
	static char text[CMDLINE_BYTES_MAX + 1];
	char path[PATH_MAX];
	ssize_t len = file_path(path, root, "/proc/cmdline");

	if (!len)
		len = file_read(path, text, sizeof(text));
	if (len < 0)
		unreadable(ret);
	else
		cmdline_parse(text, (size_t)len, ret);
}

bool cmdline_skips(const struct cmdline *cmdline, const char *name)
{
	const char *p = cmdline->skip;

	while (p && *p) {
		size_t len = strcspn(p, ",");
		char item[FILE_NAME_MAX + 1], skipped[FILE_NAME_MAX + 1];

		if (len < sizeof(item)) {
			memcpy(item, p, len);
			item[len] = '\0';
			if (!module_name_of_file(item, skipped, sizeof(skipped)) &&
			    !strcmp(skipped, name))
				return true;
		}
		p += len + (p[len] == ',');
	}
	return false;
}
