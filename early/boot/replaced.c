// SPDX-License-Identifier: GPL-2.0-or-later
#include "early/boot/replaced.h"

#include <stdio.h>
#include <string.h>

#include "common/module/livepatch.h"
#include "common/status_file.h"

#define NAME_SHOWN_MAX	100	/* of a longer name as many bytes are shown */
/* bytes of names that a verdict has; how many functions are left out follows */
#define LISTED_MAX	(REASON_MAX / 2 - 20)

void replaced_remember(struct boot *boot)
{
	struct patch *patch = &boot->patches[boot->current];
	struct livepatch_functions *functions = &boot->functions;

	if (!patch->required || !patch_is_in_force(patch))
		return;
	patch->functions_start = functions->used;
	patch->functions = livepatch_add_functions(boot->root, patch->name, functions) ?
				   PATCH_FUNCTIONS_KNOWN :
				   PATCH_FUNCTIONS_UNKNOWN;
	patch->functions_end = functions->used;
}

static bool is_function_patched(const struct boot *boot, const struct patch *by,
				const char *function)
{
	for (; by < boot->patches + boot->count; by++)
		if (patch_is_in_force(by) &&
		    livepatch_has_function(boot->root, by->name, function))
			return true;
	return false;
}

/* Writes the functions of @patch that are open to its verdict. Returns how many. */
static unsigned int list_open_functions(const struct boot *boot, const struct patch *by,
					struct patch *patch)
{
	const char *function = boot->functions.text + patch->functions_start;
	const char *end = boot->functions.text + patch->functions_end;
	char *list = patch->verdict.functions;
	unsigned int count = 0, left = 0;
	size_t used = 0;

	for (; function < end; function += strlen(function) + 1) {
		const char *name = strrchr(function, '/') + 1;
		size_t len = strcspn(name, ",");

		if (is_function_patched(boot, by, function))
			continue;
		count++;
		if (len > NAME_SHOWN_MAX)
			len = NAME_SHOWN_MAX;
		if (used + len > LISTED_MAX)
			left++;
		else
			used += (size_t)sprintf(list + used, "%s%.*s", used ? ", " : "",
						(int)len, name);
	}
	if (left)
		sprintf(list + used, " and %u more", left);
	return count;
}

/* Another run before this one saw the patch in force, if any did. */
static void follow_first_run(const char *root, struct patch *patch)
{
	char text[STATUS_BYTES_MAX];
	struct status_patch lines[PATCHES_MAX];
	struct status status = { 0 };

	status_read(root, text, &status, lines);
	for (size_t i = 0; i < status.count; i++)
		if (lines[i].outcome == OUTCOME_FAILED &&
		    !strcmp(lines[i].name, patch->name))
			patch_end_with(patch, CAUSE_FAILED_BEFORE, lines[i].reason);
}

void replaced_check_functions(const struct boot *boot, const struct patch *by,
			      struct patch *patch)
{
	unsigned int open;

	switch (patch->functions) {
	case PATCH_FUNCTIONS_UNSEEN:
		follow_first_run(boot->root, patch);
		break;
	case PATCH_FUNCTIONS_UNKNOWN:
		patch_end(patch, CAUSE_FUNCTIONS_UNKNOWN);
		break;
	case PATCH_FUNCTIONS_KNOWN:
		open = list_open_functions(boot, by, patch);
		if (open)
			patch_end(patch, open == 1 ? CAUSE_FUNCTION_OPEN :
						     CAUSE_FUNCTIONS_OPEN);
		break;
	}
}
