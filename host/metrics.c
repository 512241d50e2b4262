// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/metrics.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "host/answer_text.h"

static void begin_metric(const char *name, const char *help)
{
	printf("# HELP kpatch_early_%s %s\n# TYPE kpatch_early_%s gauge\n", name, help,
	       name);
}

static void print_number(const char *name, const char *help, size_t value)
{
	begin_metric(name, help);
	printf("kpatch_early_%s %zu\n", name, value);
}

/* Prints @before, and @value between quotes. */
static void print_label(const char *before, const char *value)
{
	printf("%s=\"", before);
	for (; *value; value++) {
		if (*value == '"' || *value == '\\')
			putchar('\\');
		putchar(*value);
	}
	putchar('"');
}

static void print_word(const char *name, const char *label, const char *help,
		       const char *value)
{
	begin_metric(name, help);
	printf("kpatch_early_%s{", name);
	print_label(label, value);
	puts("} 1");
}

static void print_patch_metrics(const struct answer *answer)
{
	begin_metric("patch", "Where each patch is.");
	for (size_t i = 0; i < answer->count; i++) {
		const struct answer_patch *patch = &answer->patches[i];
		const struct status_patch *line = patch->line;

		print_label("kpatch_early_patch{name", patch->name);
		print_label(",now", answer_now_text(patch->now));
		print_label(",outcome", line ? verdict_outcome_word(line->outcome) : "");
		puts("} 1");
	}
}

static void print_seconds(const struct answer *answer)
{
	begin_metric("patch_seconds", "Until the patch was in force at the boot.");
	for (size_t i = 0; i < answer->count; i++) {
		const struct status_patch *line = answer->patches[i].line;

		if (!line || line->outcome != OUTCOME_APPLIED)
			continue;
		print_label("kpatch_early_patch_seconds{name", line->name);
		printf("} %u.%03u\n", line->ms / 1000, line->ms % 1000);
	}
}

/* Whether no word of @fixes before that which ends at @end is @fix, too. */
static bool is_first(const char *fixes, const char *fix, const char *end)
{
	char other[FIXES_BYTES_MAX + 1];

	while (answer_next_fix(&fixes, other) && strcmp(other, fix) != 0)
		;
	return fixes == end;
}

static void print_fix_metrics(const struct answer_patch *patch)
{
	const char *word = answer_fixes_text(answer_fixes(patch));
	const char *next = word ? patch->fixes : NULL;
	char fix[FIXES_BYTES_MAX + 1];

	while (answer_next_fix(&next, fix)) {
		if (!is_first(patch->fixes, fix, next))
			continue;
		print_label("kpatch_early_fix{id", fix);
		print_label(",name", patch->name);
		printf("} %d\n", answer_fixes(patch) == ANSWER_FIXES_IN_FORCE);
	}
}

static size_t count_differences(const struct answer *answer)
{
	size_t count = 0;

	for (size_t i = 0; i < answer->count; i++)
		count += answer->patches[i].difference != DIFFERENCE_NONE;
	return answer->has_rebuild ? count : 0;
}

void metrics_print(const struct answer *answer)
{
	print_word("version", "version", "The program.", VERSION);
	print_word("kernel", "release", "The running kernel.", answer->kernel.release);
	print_number("patched", "Whether all patches of the running kernel are in force.",
		     answer_is_good(answer));
	print_word("answer", "answer", "The answer of kpatch-early status.",
		   answer_word_text(answer->word));
	print_number("patches_in_force", "Patches in force.", answer->in_force);
	print_number("patches_expected", "Patches that should be in force.",
		     answer->expected);
	print_number("drift", "Patches in which the store and the initramfs differ.",
		     count_differences(answer));
	if (answer->file == VERDICT_FILE_OK) {
		print_word("boot", "state", "The verdict of the boot.",
			   verdict_state_word(answer->status.state));
		print_word("guard", "word", "What the boot guard knows.",
			   answer->status.guard);
	}
	print_patch_metrics(answer);
	print_seconds(answer);
	begin_metric("fix", "Whether what a patch fixes is in force.");
	for (size_t i = 0; i < answer->count; i++)
		print_fix_metrics(&answer->patches[i]);
	puts("# EOF");
}
