// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/guard/explain.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/verdict.h"

static const char *trial_cause_text(uint32_t cause)
{
	switch (cause) {
	case TRIAL_CAUSE_ROLLED_BACK:
		return "the root did not come with it, and it was turned off";
	case TRIAL_CAUSE_NOT_ENABLED:
		return "an init returned without enabling its patch";
	case TRIAL_CAUSE_STALLED:
		return "a transition did not end";
	case ENOENT:	/* of a load: no file is missing */
		return "the kernel does not know a symbol that it uses";
	}
	return strerror((int)cause);
}

void explain_record(const struct record *record, char *ret, size_t size)
{
	static const char after[] = "this set is not loaded until it changes, "
				    "or kpatch-early reset";
	const char *what = "an earlier boot failed";

	if (record->state == TRIAL_QUARANTINED && record->cause == TRIAL_CAUSE_TRIES) {
		snprintf(ret, size, "%u %s loaded it, and none was blessed; %s",
			 record->attempts, record->attempts == 1 ? "boot" : "boots",
			 after);
		return;
	}
	if (record->state == TRIAL_FAILED && record->cause != TRIAL_CAUSE_ROLLED_BACK)
		what = "nothing of it came into force at an earlier boot";
	snprintf(ret, size, "%s: %s; %s", what, trial_cause_text(record->cause), after);
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
	case GUARD_STORE_OK:
	case GUARD_STORE_UNREADABLE:
		break;
	}
	return verdict_errno_text(err);
}
