// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/late_load.h"

#include <stdio.h>

#include "common/module/livepatch.h"

bool late_load_was_left(const struct status_patch *patch)
{
	return patch->outcome == OUTCOME_FAILED &&
	       (patch->step == STEP_HUNG || patch->step == STEP_BUDGET);
}

static void print_patch(const struct status_patch *patch)
{
	if (livepatch_module_is_coming("", patch->name))
		fprintf(stderr, "kpatch-early: %s: its load has not returned; until then "
			"no patch can be turned off\n", patch->name);
	else if (livepatch_state("", patch->name) == LIVEPATCH_ENABLED)
		fprintf(stderr, "kpatch-early: %s is in force, later than the boot "
			"waited\n", patch->name);
}

void late_load_print(const struct status *status)
{
	for (size_t i = 0; i < status->count; i++)
		if (late_load_was_left(&status->patches[i]))
			print_patch(&status->patches[i]);
}

bool late_load_goes_on(const char *root, const struct status *status)
{
	return livepatch_find_coming(root, status);
}
