// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/guard/explain.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const char *trial_cause_text(uint32_t cause)
{
	switch (cause) {
	case TRIAL_CAUSE_ROLLED_BACK:
		return "the root did not come with it, and it was turned off";
	case ECANCELED:
		return "an init returned without enabling its patch";
	case ETIMEDOUT:
		return "a transition did not end";
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
