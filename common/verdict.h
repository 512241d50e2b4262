/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words for what became of a patch and of a boot, and the one place where an errno becomes
 * a sentence. The words are an interface: kpatch-early(8) lists them, none is ever reworded.
 */
#ifndef VERDICT_H
#define VERDICT_H

#include <stdbool.h>

#include "common/bounds.h"
#include "common/guard/record.h"
#include "common/module/livepatch.h"

enum outcome {
	OUTCOME_APPLIED,
	OUTCOME_ALREADY,
	OUTCOME_SKIPPED,
	OUTCOME_FAILED,
};

enum boot_state {
	BOOT_APPLIED,
	BOOT_PARTIAL,
	BOOT_FAILED,
	BOOT_NOTHING,
	BOOT_DISABLED,
	BOOT_QUARANTINED,
};

/* Where a patch's way ended. */
enum step {
	STEP_SELECT,		/* choosing what to load */
	STEP_GUARD,		/* what the boot guard remembers */
	STEP_OPEN,
	STEP_DIGEST,
	STEP_MODINFO,		/* what the module says of itself */
	STEP_BUILDID,		/* which build of the kernel it is for */
	STEP_LIVE,		/* what the kernel already has under that name */
	STEP_INACTIVE,		/* it was loaded before, and is not enabled */
	STEP_DEPENDS,		/* modules it needs */
	STEP_LOAD,		/* finit_module(2) */
	STEP_HUNG,		/* it never returned, or its process died in it */
	STEP_ENABLE,		/* the kernel's "enabled" */
	STEP_TRANSITION,
	STEP_DONE,
};

struct verdict {
	enum outcome outcome;
	enum step step;
	unsigned int ms;		/* from opening the file */
	char reason[REASON_MAX + 1];	/* empty only if applied */
};

const char *verdict_outcome_word(enum outcome outcome);
const char *verdict_step_word(enum step step);
const char *verdict_state_word(enum boot_state state);
const char *verdict_trial_word(enum trial_state state);

/* As kpatch says it; one that sysfs does not show, like a displaced one, is disabled. */
const char *verdict_livepatch_word(enum livepatch_state state);

/* Fills @ret but for ms. Returns false, with which a step says that the patch's way ends here. */
bool verdict_set(struct verdict *ret, enum outcome outcome, enum step step, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* A short text for an errno (positive or negative), for any step but the load. */
const char *verdict_errno_text(int err);

/* What errno @err of finit_module(2) means; static text. */
const char *verdict_load_text(int err);

#endif
