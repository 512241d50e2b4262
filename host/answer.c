// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/answer.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "common/file.h"
#include "common/guard/store.h"
#include "common/input/cmdline.h"
#include "common/input/settings.h"
#include "common/module/livepatch.h"
#include "common/paths.h"
#include "common/text.h"
#include "host/late_load.h"

/* A file that is cut off within its patches can't be told from a whole one. */
static enum verdict_file read_verdict(struct answer *answer)
{
	ssize_t len = file_read(STATUS_FILE, answer->text, STATUS_BYTES_MAX);
	bool is_whole = len > 0 && answer->text[len - 1] == '\n' &&
			!strncmp(answer->text, "version=1\n", 10) &&
			strstr(answer->text, "\nstate=");

	if (!is_whole)
		*answer->text = '\0';
	answer->has_guard = strstr(answer->text, "\nguard=");
	status_parse(answer->text, &answer->status, answer->lines);
	if (len < 0)
		return len == -ENOENT || len == -ENOTDIR ? VERDICT_FILE_MISSING :
							   VERDICT_FILE_UNREADABLE;
	if (is_whole)
		return VERDICT_FILE_OK;
	return len ? VERDICT_FILE_DAMAGED : VERDICT_FILE_EMPTY;
}

/* Where a patch is that is not in the kernel, as the verdict tells. */
static enum patch_now now_of_verdict(const struct status_patch *line)
{
	switch (line->outcome) {
	case OUTCOME_APPLIED:
	case OUTCOME_ALREADY:
		return NOW_REVERTED;
	case OUTCOME_FAILED:
		return late_load_was_left(line) &&
		       livepatch_module_is_coming("", line->name) ?
			       NOW_LOADING :
			       NOW_FAILED;
	case OUTCOME_SKIPPED:
		break;
	}
	if (line->step == STEP_DONE)
		return NOW_REPLACED;
	return line->step == STEP_BUILDID ? NOW_OTHER_BUILD : NOW_SKIPPED;
}

static enum patch_now now_of_enabled(const struct status_patch *line)
{
	if (line->outcome == OUTCOME_APPLIED || line->outcome == OUTCOME_ALREADY)
		return NOW_IN_FORCE;
	return late_load_was_left(line) ? NOW_LATE : NOW_SINCE;
}

static enum patch_now now_of_line(const struct status_patch *line)
{
	switch (livepatch_state("", line->name)) {
	case LIVEPATCH_ENABLED:
		return now_of_enabled(line);
	case LIVEPATCH_ENABLING:
	case LIVEPATCH_DISABLING:
		return NOW_CHANGING;
	case LIVEPATCH_UNKNOWN:
		return NOW_UNREADABLE;
	case LIVEPATCH_ABSENT:
	case LIVEPATCH_DISABLED:
		break;
	}
	return now_of_verdict(line);
}

/* Adds the patch @name unless it is there. Returns it, or NULL if there is no room. */
static struct answer_patch *note_patch(struct answer *answer, const char *name,
				      enum patch_now now)
{
	struct answer_patch *patch = answer->patches;

	for (; patch < answer->patches + answer->count; patch++)
		if (!strcmp(patch->name, name))
			return patch;
	if (answer->count == ANSWER_PATCHES_MAX)
		return NULL;
	answer->count++;
	*patch = (struct answer_patch){ .name = name, .now = now };
	return patch;
}

static void add_lines(struct answer *answer)
{
	for (size_t i = 0; i < answer->status.count; i++) {
		const struct status_patch *line = &answer->lines[i];
		struct answer_patch *patch =
			note_patch(answer, line->name, now_of_line(line));

		if (patch)
			patch->line = line;
	}
}

static void add_live_patches(struct answer *answer)
{
	dir_list_add(&answer->live, livepatch_directory("", ""), "");
	for (size_t i = 0; i < answer->live.count; i++) {
		const char *name = answer->live.name[i];
		enum livepatch_state state = livepatch_state("", name);

		if (state == LIVEPATCH_ENABLED)
			note_patch(answer, name, NOW_UNRECORDED);
		else if (state == LIVEPATCH_ENABLING || state == LIVEPATCH_DISABLING)
			note_patch(answer, name, NOW_CHANGING);
	}
}

/* Whether the verdict tells what was in the initramfs. */
static bool knows_initramfs(const struct answer *answer)
{
	return answer->file == VERDICT_FILE_MISSING ||
	       (answer->file == VERDICT_FILE_OK && drift_is_comparable(&answer->status));
}

/* With an overlay, the store is not what the next boot gets. */
static void add_installed_patches(struct answer *answer)
{
	bool is_known = knows_initramfs(answer);

	if (answer->status.overlay)
		return;
	for (size_t i = 0; is_known && i < answer->status.count; i++)
		answer->patches[i].difference =
			drift_compare(&answer->drift, answer->patches[i].name);
	for (size_t i = 0; i < answer->drift.count; i++) {
		const struct next_patch *next = &answer->drift.list[i];
		struct answer_patch *patch = note_patch(
			answer, next->name, is_known ? NOW_NOT_BOOTED : NOW_INSTALLED);

		if (patch && is_known && !next->booted)
			patch->difference = DIFFERENCE_NOT_BOOTED;
	}
}

/* What booted counts. The drop-ins may be newer, and an overlay has none here. */
static void add_fixes(struct answer *answer)
{
	for (size_t i = 0; i < answer->count; i++) {
		struct answer_patch *patch = &answer->patches[i];

		if (patch->line && patch->line->fixes)
			patch->fixes = patch->line->fixes;
		else if (!answer->status.overlay)
			patch->fixes = drift_fixes(&answer->drift, patch->name);
	}
}

static void count_in_force_now(struct answer *answer)
{
	for (size_t i = 0; i < answer->count; i++) {
		enum patch_now now = answer->patches[i].now;

		answer->in_force += now <= NOW_UNRECORDED;
		answer->expected += now < NOW_REPLACED;
	}
}

static bool has_patch(const struct answer *answer, enum patch_now now)
{
	for (size_t i = 0; i < answer->count; i++)
		if (answer->patches[i].now == now)
			return true;
	return false;
}

static bool is_store_empty(const struct answer *answer)
{
	return !file_is_there("", PATCH_STORE "/%s", answer->kernel.release);
}

/* What kept this boot from loading anything. The verdict knows; else the words tell. */
static const char *find_off_reason(const struct answer *answer)
{
	struct cmdline cmdline;

	if (answer->file == VERDICT_FILE_OK)
		return answer->status.state == BOOT_DISABLED ? answer->status.reason :
							       NULL;
	cmdline_read("", NULL, &cmdline);
	return cmdline.disabled_by;
}

/* @answer has a verdict, and no patch is in force. */
static bool is_quarantined(const struct status *status)
{
	return status->state == BOOT_QUARANTINED ||
	       !strcmp(status->guard, "quarantined") || !strcmp(status->guard, "failed");
}

/* An installed patch may have failed, too, if nobody knows. */
static bool has_failed(const struct answer *answer)
{
	static const enum patch_now signs[] = {
		NOW_FAILED, NOW_LOADING, NOW_CHANGING, NOW_UNREADABLE, NOW_INSTALLED,
	};

	for (size_t i = 0; i < ARRAY_SIZE(signs); i++)
		if (has_patch(answer, signs[i]))
			return true;
	return answer->file == VERDICT_FILE_OK && answer->status.state == BOOT_FAILED;
}

static enum answer_word word_of_unpatched(struct answer *answer)
{
	answer->off_reason = find_off_reason(answer);
	if (answer->off_reason)
		return ANSWER_OFF;
	if (answer->file == VERDICT_FILE_OK && is_quarantined(&answer->status))
		return ANSWER_QUARANTINED;
	if (has_patch(answer, NOW_REVERTED))
		return ANSWER_REVERTED;
	if (has_failed(answer))
		return ANSWER_FAILED;
	if (!is_store_empty(answer))
		answer->off_reason = answer->drift.off_reason;
	if (answer->off_reason)
		return ANSWER_OFF;
	if (has_patch(answer, NOW_NOT_BOOTED))
		return ANSWER_NOT_BOOTED;
	return answer->expected ? ANSWER_SKIPPED : ANSWER_NOT_INSTALLED;
}

static enum answer_word word_of_patches(struct answer *answer)
{
	if (!file_is_there("", "/sys/kernel"))
		return ANSWER_UNKNOWN;
	if (!answer->in_force)
		return word_of_unpatched(answer);
	if (answer->in_force < answer->expected)
		return ANSWER_PART;
	if (has_patch(answer, NOW_LATE))
		return ANSWER_LATE;
	return has_patch(answer, NOW_IN_FORCE) ? ANSWER_PATCHED : ANSWER_UNRECORDED;
}

/* What the boot guard's record says by now. The verdict stays as it was. */
static void ask_record(struct answer *answer)
{
	struct settings settings;
	const struct guard_store_place place = {
		.root = "", .settings = &settings, .dry_run = true
	};
	struct guard_store store = { 0 };
	struct record record;

	settings_read("", NULL, &settings);
	if (settings.guard == GUARD_OFF)
		return;
	guard_store_open(&place, &store, &record);
	guard_store_close(&store);
	answer->was_blessed = record.trials[0].state == TRIAL_PROVEN;
	if (record.off & RECORD_OFF_ADMINISTRATOR)
		answer->next_off = "no patch: kpatch-early disable; kpatch-early enable "
				   "takes it back";
	else if (record_is_off(&record, settings.follow_kpatch_service))
		answer->next_off = "no patch: kpatch.service is disabled";
}

void answer_find(bool is_quiet, struct answer *ret)
{
	const char *release = ret->kernel.release;

	uname(&ret->kernel);
	ret->file = read_verdict(ret);
	drift_find_next(is_quiet, &ret->drift);
	add_lines(ret);
	add_live_patches(ret);
	add_installed_patches(ret);
	add_fixes(ret);
	count_in_force_now(ret);
	ask_record(ret);
	ret->has_rebuild = file_is_there("", PATCH_STORE) ||
			   file_is_there("", "/boot/initrd.img-%s", release) ||
			   file_is_there("", "/boot/initramfs-%s.img", release);
	ret->word = word_of_patches(ret);
}

enum answer_fixes answer_fixes(const struct answer_patch *patch)
{
	if (!patch->fixes || patch->now >= NOW_REPLACED)
		return ANSWER_FIXES_NONE;
	if (patch->now <= NOW_UNRECORDED)
		return ANSWER_FIXES_IN_FORCE;
	return patch->now == NOW_NOT_BOOTED || patch->now == NOW_INSTALLED ?
		       ANSWER_FIXES_INSTALLED :
		       ANSWER_FIXES_REFUSED;
}

bool answer_is_good(const struct answer *answer)
{
	return answer->word <= ANSWER_UNRECORDED;
}
