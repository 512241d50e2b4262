// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/answer_text.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "common/file.h"
#include "common/module/module_name.h"
#include "common/paths.h"
#include "host/sentence.h"

static const char *const answer_words[] = {
	[ANSWER_PATCHED] = "patched",
	[ANSWER_LATE] = "late",
	[ANSWER_UNRECORDED] = "unrecorded",
	[ANSWER_PART] = "in-part",
	[ANSWER_OFF] = "off",
	[ANSWER_QUARANTINED] = "quarantined",
	[ANSWER_REVERTED] = "reverted",
	[ANSWER_FAILED] = "failed",
	[ANSWER_SKIPPED] = "skipped",
	[ANSWER_NOT_BOOTED] = "not-booted",
	[ANSWER_NOT_INSTALLED] = "not-installed",
	[ANSWER_UNKNOWN] = "unknown",
};

#define IN_FORCE "patched: %0 of %1 live patches in force on %2"
#define NOT_PATCHED "NOT PATCHED: %0 of %1 live patches in force on %2; %3"

/* %0: patches in force. %1: of how many. %2: release. %3: reason. %4: since when. */
static const char *const answers[] = {
	[ANSWER_PATCHED] = IN_FORCE "%4",
	[ANSWER_LATE] = IN_FORCE ", later than the boot waited",
	[ANSWER_UNRECORDED] = IN_FORCE ", though no record says how",
	[ANSWER_PART] = "PATCHED IN PART: %0 of %1 live patches in force on %2; %3",
	[ANSWER_OFF] = "NOT PATCHED: switched off on %2: %3",
	[ANSWER_QUARANTINED] = "NOT PATCHED: quarantined on %2: %3",
	[ANSWER_REVERTED] =
		"NOT PATCHED any more: %0 of %1 live patches in force on %2; %3",
	[ANSWER_FAILED] = NOT_PATCHED,
	[ANSWER_SKIPPED] = NOT_PATCHED,
	[ANSWER_NOT_BOOTED] =
		"NOT PATCHED: installed for %2, but not in the initramfs that booted",
	[ANSWER_NOT_INSTALLED] =
		"NOT PATCHED: no live patch is installed for this kernel, %2",
	[ANSWER_UNKNOWN] = ("not known: /sys is not mounted, and nothing else tells what "
			    "is in force on %2"),
};

static const char *const advices[ANSWER_UNKNOWN + 1] = {
	[ANSWER_QUARANTINED] = ("install another build of the patch, or run kpatch-early "
				"reset; then reboot"),
	[ANSWER_REVERTED] = "reboot, and the boot loads them again",
	[ANSWER_FAILED] = "kpatch-early-messages(7) explains the reason",
	[ANSWER_NOT_INSTALLED] = ("get the patch for %2; kpatch-early install --rebuild "
				  "FILE.ko; reboot"),
	[ANSWER_UNKNOWN] = "mount /sys",
};

static const char *const now_words[] = {
	[NOW_IN_FORCE] = "in-force",
	[NOW_LATE] = "late",
	[NOW_SINCE] = "since",
	[NOW_UNRECORDED] = "unrecorded",
	[NOW_CHANGING] = "changing",
	[NOW_LOADING] = "loading",
	[NOW_UNREADABLE] = "unreadable",
	[NOW_REVERTED] = "reverted",
	[NOW_SKIPPED] = "skipped",
	[NOW_FAILED] = "failed",
	[NOW_NOT_BOOTED] = "not-booted",
	[NOW_INSTALLED] = "installed",
	[NOW_REPLACED] = "replaced",
	[NOW_OTHER_BUILD] = "other-build",
};

/* %0: ms. %1: step. %2: reason. %3: outcome. */
static const char *const now_sentences[] = {
	[NOW_IN_FORCE] = "in force (%0 ms)",
	[NOW_LATE] = "in force, later than the boot waited",
	[NOW_SINCE] = "in force, though the boot's verdict is: %3: %2",
	[NOW_UNRECORDED] = "in force, though no record says how",
	[NOW_CHANGING] = "in transition; look again",
	[NOW_LOADING] =
		"its load has not returned; until then no patch can be turned off",
	[NOW_UNREADABLE] = "its state in /sys/kernel cannot be read",
	[NOW_REVERTED] = "turned off or replaced since the boot, which had it in force",
	[NOW_SKIPPED] = "skipped: %2",
	[NOW_FAILED] = "failed at %1: %2",
	[NOW_NOT_BOOTED] = "installed, but not in the initramfs that booted",
	[NOW_INSTALLED] = "installed",
	[NOW_REPLACED] = "%2",
	[NOW_OTHER_BUILD] = "skipped: %2",
};

static const char *const fixes_words[] = {
	[ANSWER_FIXES_NONE] = NULL,
	[ANSWER_FIXES_IN_FORCE] = "in-force",
	[ANSWER_FIXES_INSTALLED] = "installed",
	[ANSWER_FIXES_REFUSED] = "refused",
};

static const char *const file_sentences[] = {
	[VERDICT_FILE_OK] = "",
	[VERDICT_FILE_MISSING] =
		STATUS_FILE " is missing: apply has not run, or its verdict was lost",
	[VERDICT_FILE_EMPTY] = STATUS_FILE " is empty: the boot's verdict was lost",
	[VERDICT_FILE_DAMAGED] =
		STATUS_FILE " is damaged: what it says of the boot is not used",
	[VERDICT_FILE_UNREADABLE] = STATUS_FILE " cannot be read",
};

const char *answer_word_text(enum answer_word word)
{
	return answer_words[word];
}

const char *answer_now_text(enum patch_now now)
{
	return now_words[now];
}

const char *answer_fixes_text(enum answer_fixes fixes)
{
	return fixes_words[fixes];
}

bool answer_next_fix(const char **cursor, char ret[FIXES_BYTES_MAX + 1])
{
	size_t len = *cursor ? strcspn(*cursor, ",") : 0;

	if (!len)
		return false;
	snprintf(ret, FIXES_BYTES_MAX + 1, "%.*s", (int)len, *cursor);
	*cursor += len + ((*cursor)[len] == ',');
	return true;
}

/* What the initramfs and the store differ in, if the patch's place does not say so. */
static const char *difference_text(const struct answer *answer,
				   const struct answer_patch *patch)
{
	switch (patch->difference) {
	case DIFFERENCE_NONE:
		break;
	case DIFFERENCE_BUILD:
		return "installed in another build than the one in the initramfs";
	case DIFFERENCE_NOT_INSTALLED:
		if (!answer->has_rebuild)
			break;
		return answer->drift.off_reason ? answer->drift.off_reason :
						  "no longer installed";
	case DIFFERENCE_NOT_BOOTED:
		if (patch->now == NOW_NOT_BOOTED)
			break;
		return "not in the initramfs that booted";
	}
	return NULL;
}

/* What stands in the row of @patch before what it fixes. */
static void write_now(const struct answer *answer, const struct answer_patch *patch,
		      char ret[ANSWER_LINE_BYTES])
{
	const struct status_patch *line = patch->line;
	const char *difference = difference_text(answer, patch);
	char ms[16] = "";
	const char *const words[] = {
		ms, line ? verdict_step_word(line->step) : "",
		line ? line->reason : "", line ? verdict_outcome_word(line->outcome) : "",
	};
	size_t len;

	if (line)
		snprintf(ms, sizeof(ms), "%u", line->ms);
	if (line && line->outcome == OUTCOME_ALREADY && patch->now == NOW_IN_FORCE)
		strcpy(ret, "in force, since before apply ran");
	else
		sentence_fill(now_sentences[patch->now], words, ret, ANSWER_LINE_BYTES);
	len = strlen(ret);
	if (difference)
		snprintf(ret + len, ANSWER_LINE_BYTES - len, "; %s", difference);
}

void answer_patch_line(const struct answer *answer, const struct answer_patch *patch,
		       char ret[ANSWER_LINE_BYTES])
{
	const char *fixed =
		answer_fixes(patch) == ANSWER_FIXES_IN_FORCE ? "fixes" : "would fix";
	size_t len;

	write_now(answer, patch, ret);
	len = strlen(ret);
	if (answer_fixes(patch) != ANSWER_FIXES_NONE)
		snprintf(ret + len, ANSWER_LINE_BYTES - len, "; %s %s", fixed,
			 patch->fixes);
}

/* Returns the patch that says best why not all is in force; or NULL. */
static const struct answer_patch *find_culprit(const struct answer *answer)
{
	enum patch_now best =
		answer->word == ANSWER_REVERTED ? NOW_REVERTED : NOW_FAILED;
	const struct answer_patch *found = NULL;

	for (size_t i = 0; i < answer->count; i++) {
		const struct answer_patch *patch = &answer->patches[i];

		if (patch->now <= NOW_UNRECORDED || patch->now >= NOW_REPLACED)
			continue;
		if (patch->now == best)
			return patch;
		if (!found)
			found = patch;
	}
	return found;
}

/* Why not all is in force, if no patch tells. */
static const char *reason_of_boot(const struct answer *answer)
{
	if (answer->word == ANSWER_OFF)
		return answer->off_reason;
	return answer->file == VERDICT_FILE_OK ? answer->status.reason :
						 file_sentences[answer->file];
}

/* What happened to the boot comes first, then what happened to a patch. */
static void write_reason(const struct answer *answer, char ret[ANSWER_LINE_BYTES])
{
	const struct answer_patch *patch = find_culprit(answer);
	bool is_of_boot = answer->word == ANSWER_OFF ||
			  answer->word == ANSWER_QUARANTINED ||
			  (patch && patch->now == NOW_INSTALLED);
	char text[ANSWER_LINE_BYTES];

	if (is_of_boot || !patch) {
		snprintf(ret, ANSWER_LINE_BYTES, "%s", reason_of_boot(answer));
		return;
	}
	write_now(answer, patch, text);
	snprintf(ret, ANSWER_LINE_BYTES, "%s: %.*s", patch->name,
		 ANSWER_LINE_BYTES - MODULE_NAME_MAX - 3, text);
}

static void fill_answer(const struct answer *answer, const char *sentence,
			char ret[ANSWER_LINE_BYTES])
{
	char in_force[24], expected[24], reason[ANSWER_LINE_BYTES];
	const char *const words[] = {
		in_force, expected, answer->kernel.release, reason,
		answer->status.before_root ? ", since before the root was mounted" : "",
	};

	snprintf(in_force, sizeof(in_force), "%zu", answer->in_force);
	snprintf(expected, sizeof(expected), "%zu", answer->expected);
	write_reason(answer, reason);
	sentence_fill(sentence, words, ret, ANSWER_LINE_BYTES);
}

void answer_line(const struct answer *answer, char ret[ANSWER_LINE_BYTES])
{
	fill_answer(answer, answers[answer->word], ret);
}

/* The verdict's word is as it was at the boot. */
static const char *guard_text(const struct answer *answer)
{
	const char *guard = answer->status.guard;

	if (!answer->has_guard || !strcmp(guard, "off"))
		return NULL;
	if (!strcmp(guard, "none"))
		return "remembers nothing: a patch that breaks a boot is loaded at the "
		       "next one, too";
	if (strcmp(guard, "trying"))
		return guard;
	return answer->was_blessed ? "proven: this boot was blessed" :
		"on trial, until kpatch-early-bless.timer says that this boot was good";
}

/* The patches that are installed for other kernels: a row for each kernel. */
static void add_other_releases(answer_row_fn row, void *data)
{
	struct dir_list releases, files;
	char text[ANSWER_LINE_BYTES], path[PATH_MAX], name[NAME_MAX + 1];

	releases.count = releases.used = 0;
	dir_list_add(&releases, PATCH_STORE, "");
	for (size_t i = 0; i < releases.count; i++) {
		int len = snprintf(text, sizeof(text), "%s:", releases.name[i]);

		files.count = files.used = 0;
		if (file_path(path, "", PATCH_STORE "/%s", releases.name[i]) ||
		    dir_list_add(&files, path, "") || !files.count)
			continue;
		for (size_t j = 0; j < files.count && len < (int)sizeof(text); j++)
			if (module_name_is_file(files.name[j]) &&
			    !module_name_of_file(files.name[j], name, sizeof(name)))
				len += snprintf(text + len, sizeof(text) - (size_t)len,
						" %s", name);
		row("installed for", text, data);
	}
}

static bool has_difference(const struct answer *answer)
{
	for (size_t i = 0; i < answer->count; i++)
		if (answer->patches[i].difference != DIFFERENCE_NONE)
			return true;
	return false;
}

/* What to do, if there is anything. A root without a store has nothing to rebuild. */
static void add_advice(const struct answer *answer, answer_row_fn row, void *data)
{
	const char *advice = advices[answer->word];
	char text[ANSWER_LINE_BYTES];

	if (answer->word == ANSWER_OFF &&
	    strstr(answer->off_reason, "on the kernel command line"))
		advice = "take the word away, and reboot";
	if (answer->word == ANSWER_NOT_INSTALLED && !answer->has_rebuild)
		advice = "get the patch for %2, and build the image or the overlay "
			 "with it";
	if (advice) {
		fill_answer(answer, advice, text);
		row("to do", text, data);
	}
	if (answer->has_rebuild && has_difference(answer))
		row("to do", DRIFT_WHAT_NOW, data);
}

static void add_verdict(const struct answer *answer, answer_row_fn row, void *data)
{
	const char *manifest = answer->status.overlay_manifest;
	char text[ANSWER_LINE_BYTES];

	if (answer->file != VERDICT_FILE_OK) {
		row("the boot", file_sentences[answer->file], data);
		return;
	}
	snprintf(text, sizeof(text), "%s%s%s", verdict_state_word(answer->status.state),
		 *answer->status.reason ? ": " : "", answer->status.reason);
	if (answer->word != ANSWER_PATCHED || *answer->status.reason)
		row("the boot", text, data);
	if (!answer->status.overlay)
		return;
	snprintf(text, sizeof(text), "the initramfs had one%s%s",
		 manifest ? ", overlay_manifest=" : "", manifest ? manifest : "");
	row("overlay", text, data);
}

void answer_rows(const struct answer *answer, answer_row_fn row, void *data)
{
	const char *guard = guard_text(answer);

	add_verdict(answer, row, data);
	if (guard)
		row("boot guard", guard, data);
	if (answer->next_off)
		row("next boot", answer->next_off, data);
	if (answer->word == ANSWER_NOT_INSTALLED)
		add_other_releases(row, data);
	add_advice(answer, row, data);
}
