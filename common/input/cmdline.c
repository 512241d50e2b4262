// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/input/cmdline.h"

#include <limits.h>
#include <string.h>

#include "common/bounds.h"
#include "common/file.h"
#include "common/text.h"

#define KDUMP_REASON "this is a kdump kernel (it has elfcorehdr= or /proc/vmcore)"

struct word {
	char *name;
	char *value;	/* NULL without a '=' */
};

/* What the last word for a switch says. */
enum switch_value { SWITCH_NO, SWITCH_YES, SWITCH_DOUBTFUL };

struct switches {
	enum switch_value disable, enable, keep_awake;
	bool kdump;
};

/* The kernel's isspace() (lib/ctype.c) takes Latin-1's no-break space for a blank. */
static bool is_kernel_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || (unsigned char)c == 0xa0;
}

/*
 * Finds the end of the word at @p, and its first '=', or NULL. With @in_quote the word
 * begins inside quotes.
 */
static char *end_of_word(char *p, bool in_quote, char **ret_equals)
{
	char *end;

	*ret_equals = NULL;
	for (end = p; *end && (in_quote || !is_kernel_space(*end)); end++) {
		if (*end == '=' && !*ret_equals && end > p)
			*ret_equals = end;
		if (*end == '"')
			in_quote = !in_quote;
	}
	return end;
}

/* Cuts one word off *@cursor and removes its quotes. False at the end of the text. */
static bool next_cmdline_word(char **cursor, struct word *ret)
{
	char *p = *cursor, *equals, *end;
	bool quoted;

	while (is_kernel_space(*p))
		p++;
	if (!*p)
		return false;
	quoted = *p == '"';
	p += quoted;
	end = end_of_word(p, quoted, &equals);
	*cursor = *end ? end + 1 : end;
	*end = '\0';
	*ret = (struct word){ .name = p };
	if (equals) {
		*equals = '\0';
		p = equals + 1;
		if (*p == '"') {
			p++;
			quoted = true;
		}
		ret->value = p;
	}
	if (quoted && end > p && end[-1] == '"')
		end[-1] = '\0';
	return true;
}

/* Whether the @len bytes at @text are @name, which has no '-'. */
static bool is_alike(const char *text, size_t len, const char *name)
{
	for (; len && (*text == '-' ? '_' : *text) == *name; len--) {
		text++;
		name++;
	}
	return !len && !*name;
}

static bool word_has_name(const struct word *word, const char *name)
{
	return is_alike(word->name, strlen(word->name), name);
}

static enum switch_value value_of_switch(const struct word *word)
{
	int yes = word->value ? text_yes_or_no(word->value) : 1;

	if (yes < 0)
		return SWITCH_DOUBTFUL;
	return yes ? SWITCH_YES : SWITCH_NO;
}

/* False if the word looks like one of ours and is none. */
static bool take_word(const struct word *word, struct switches *switches,
		      struct cmdline *ret)
{
	if (word_has_name(word, "kpatch.disable"))
		switches->disable = value_of_switch(word);
	else if (word_has_name(word, "kpatch.enable"))
		switches->enable = value_of_switch(word);
	else if (word_has_name(word, "kpatch.keep_awake"))
		switches->keep_awake = value_of_switch(word);
	else if (word_has_name(word, "kpatch.skip"))
		ret->skip = word->value;
	else if (word_has_name(word, "kpatch.init"))
		ret->init = word->value && *word->value ? word->value : NULL;
	else if (word_has_name(word, "elfcorehdr") && word->value)
		switches->kdump = true;
	else
		return strncmp(word->name, "kpatch.", 7);
	return true;
}

static void notify_doubts(const struct switches *switches, cmdline_notice_fn notice)
{
	if (switches->disable == SWITCH_DOUBTFUL)
		notice("kpatch.disable", "= needs 1 or 0: it counts as 1");
	if (switches->enable == SWITCH_DOUBTFUL)
		notice("kpatch.enable", "= needs 1 or 0: it counts as 0");
	if (switches->keep_awake == SWITCH_DOUBTFUL)
		notice("kpatch.keep_awake", "= needs 1 or 0: it counts as 0");
}

static const char *reason_to_disable(const struct switches *switches)
{
	if (switches->disable != SWITCH_NO)
		return "kpatch.disable on the kernel command line";
	if (switches->enable != SWITCH_YES)
		return "kpatch.enable=0 on the kernel command line";
	if (switches->kdump)
		return KDUMP_REASON;
	return NULL;
}

static void disable_by_unreadable(struct cmdline *ret)
{
	*ret = (struct cmdline){
		.disabled_by = "the kernel command line cannot be read",
	};
}

void cmdline_parse(char *text, size_t len, cmdline_notice_fn notice, struct cmdline *ret)
{
	struct switches switches = { .enable = SWITCH_YES, .keep_awake = SWITCH_YES };
	struct word word;

	if (memchr(text, '\0', len)) {
		disable_by_unreadable(ret);
		return;
	}
	*ret = (struct cmdline){ 0 };
	while (next_cmdline_word(&text, &word)) {
		if (!word.value && !strcmp(word.name, "--"))
			break;
		if (!take_word(&word, &switches, ret) && notice)
			notice(word.name, " is no word of kpatch-early: it is ignored");
	}
	if (notice)
		notify_doubts(&switches, notice);
	ret->disabled_by = reason_to_disable(&switches);
	ret->keep_awake_off = switches.keep_awake != SWITCH_YES;
}

void cmdline_read(const char *root, cmdline_notice_fn notice, struct cmdline *ret)
{
	static char text[CMDLINE_BYTES_MAX + 1];
	char path[PATH_MAX];
	ssize_t len = file_path(path, root, "/proc/cmdline");

	if (!len)
		len = file_read(path, text, sizeof(text));
	if (len < 0)
		disable_by_unreadable(ret);
	else
		cmdline_parse(text, (size_t)len, notice, ret);
	/*
	 * Only a kdump kernel has it (vmcore_init() in fs/proc/vmcore.c). Where the
	 * device tree says elfcorehdr, as on arm64, the command line doesn't.
	 */
	if (!ret->disabled_by && file_is_there(root, "/proc/vmcore"))
		ret->disabled_by = KDUMP_REASON;
}

bool cmdline_is_name_of(const char *item, size_t len, const char *name)
{
	if (len > 3 && !memcmp(item + len - 3, ".ko", 3))
		len -= 3;
	return is_alike(item, len, name);
}

bool cmdline_skips(const struct cmdline *cmdline, const char *name)
{
	const char *item = cmdline->skip;
	size_t len;

	for (; item && *item; item += len + (item[len] == ',')) {
		len = strcspn(item, ",");
		if (cmdline_is_name_of(item, len, name))
			return true;
	}
	return false;
}
