// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/guard/explain.h"

#include <errno.h>
#include <stdio.h>

#include "common/verdict.h"

/* What is known of the last try. May be empty. */
static const char *trial_cause_text(enum trial_cause cause)
{
	switch (cause) {
	case TRIAL_CAUSE_STALLED:
		return " (at the last, a transition did not end)";
	case TRIAL_CAUSE_HUNG:
		return " (at the last, a load did not end)";
	case TRIAL_CAUSE_NONE:
	case TRIAL_CAUSE_TRIES:
	case TRIAL_CAUSE_ROLLED_BACK:
		break;
	}
	return "";
}

void explain_trial(const struct trial *trial, char *ret, size_t size)
{
	static const char after[] = "this set is not loaded until it changes, "
				    "or kpatch-early reset";

	if (trial->state == TRIAL_FAILED)
		snprintf(ret, size, "an earlier boot failed: the root did not come "
			 "with it, and it was turned off; %s", after);
	else
		snprintf(ret, size, "%u %s loaded it, and none was blessed%s; %s",
			 trial->tries, trial->tries == 1 ? "boot" : "boots",
			 trial_cause_text(trial->cause), after);
}

const char *explain_store(enum guard_store_state state, int err)
{
	switch (state) {
	case GUARD_STORE_HIDDEN:
		return "the kernel has no efivarfs, or the firmware's services are off";
	case GUARD_STORE_DAMAGED:
		return "it is damaged";
	case GUARD_STORE_FOREIGN:
		return "it holds something else than a record";
	case GUARD_STORE_SHORT:
		return "it is too short";
	case GUARD_STORE_NONE:
	case GUARD_STORE_NOT_MADE:
	case GUARD_STORE_MISSING:
		return "it is missing";
	case GUARD_STORE_AMBIGUOUS:
		return "several partitions have that label";
	case GUARD_STORE_NO_FILE:
		return "it is neither a file nor a block device";
	case GUARD_STORE_WRITABLE:
		return "it can be written by others than root";
	case GUARD_STORE_LOST:
		return "what was written is not what is read back";
	case GUARD_STORE_SILENT:
		return "there was no answer in time";
	case GUARD_STORE_UNREADABLE:
		if (err == -EINTR)
			return "the firmware has faulted, and its services are off until "
			       "the machine restarts";
		break;
	case GUARD_STORE_OK:
		break;
	}
	return verdict_errno_text(err);
}
