/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What became of a patch and of a boot, and the only words for each. Decides nothing.
 * The words are an interface: kpatch-early.status(5) lists them, and none is ever
 * reworded.
 */
#ifndef VERDICT_H
#define VERDICT_H

#include <stddef.h>

#include "common/bounds.h"

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

/* The step at which a patch's way ended. */
enum step {
	STEP_SELECT,		/* it was not chosen */
	STEP_GUARD,		/* the boot guard's record forbids it */
	STEP_OPEN,
	STEP_DIGEST,
	STEP_MODINFO,		/* what the module says of itself */
	STEP_BUILDID,		/* which build of the kernel it is for */
	STEP_LIVE,		/* what the kernel already has under that name */
	STEP_INACTIVE,		/* it was loaded before and is not enabled */
	STEP_DEPENDS,		/* a module that it needs */
	STEP_LOAD,		/* finit_module(2) */
	STEP_HUNG,		/* the load never returned, or its process died */
	STEP_ENABLE,		/* "enabled" in sysfs */
	STEP_TRANSITION,
	STEP_BUDGET,		/* boot_budget= was over */
	STEP_DONE,
};

/*
 * Why a patch's way ended. A table in verdict.c has the outcome, the step and the
 * sentence of each. The comments here name the members of struct verdict that the
 * sentence uses.
 */
enum cause {
	CAUSE_NONE,			/* the patch is still on its way */
	CAUSE_APPLIED,
	CAUSE_IN_FORCE_BEFORE,
	CAUSE_REPLACED,			/* detail: the patch that replaced it */
	CAUSE_MAY_REPLACE,		/* detail: the patch that it would */
	CAUSE_MAY_REPLACE_MISSED,	/* detail: the same; it is missed at this boot */
	/* the patch is required, and was replaced */
	CAUSE_FUNCTION_OPEN,		/* detail: as above; functions */
	CAUSE_FUNCTIONS_OPEN,		/* detail: as above; functions */
	CAUSE_FUNCTIONS_UNKNOWN,	/* detail: as above */
	CAUSE_FAILED_BEFORE,		/* detail: what this boot's first run said */
	CAUSE_DISABLED,
	CAUSE_SKIP_WORD,
	CAUSE_OTHER_BUILD,
	CAUSE_QUARANTINED,
	CAUSE_LEFT_OUT,
	CAUSE_TURNED_OFF,
	CAUSE_TURNED_OFF_STAYS,		/* its module stays loaded */
	CAUSE_BUILD_ID_MISSING,		/* that of the kernel */
	CAUSE_BUILD_ID_DAMAGED,
	CAUSE_BUILD_ID_UNREADABLE,	/* err */
	CAUSE_PATH_TOO_LONG,
	CAUSE_NOT_OPENED,		/* detail: path; err */
	CAUSE_NOT_REGULAR,		/* detail: path */
	CAUSE_FOREIGN,			/* detail: path; uid */
	CAUSE_WRITABLE,			/* detail: path */
	CAUSE_TOO_LARGE,		/* detail: path */
	CAUSE_UNREADABLE,		/* err */
	CAUSE_DIGEST,			/* detail: the file's digest */
	CAUSE_NO_MODULE,		/* detail: modinfo_result_text */
	CAUSE_NO_LIVE_PATCH,
	CAUSE_OTHER_RELEASE,		/* detail: its release and the kernel's */
	CAUSE_NAME_TAKEN,
	CAUSE_BEFORE_STALLED,
	CAUSE_BEFORE_UNREADABLE,
	CAUSE_BEFORE_INACTIVE,
	CAUSE_DEPENDENCY_MISSING,	/* detail: module */
	CAUSE_DEPENDENCY_INSTALL_LINE,	/* detail: module */
	CAUSE_DEPENDENCY_OPTIONS,	/* detail: module */
	CAUSE_DEPENDENCY_SYMBOL,	/* detail: module; words */
	CAUSE_DEPENDENCY_REFUSED,	/* detail: module; err, words */
	CAUSE_KERNEL_DEAD,
	CAUSE_NO_SYSFS,
	CAUSE_LOAD_REFUSED,		/* err, words */
	CAUSE_INIT_REFUSED,		/* err, words */
	CAUSE_PHASE_HUNG,		/* detail: what was done; seconds */
	CAUSE_PHASE_DIED,		/* detail: what was done */
	CAUSE_BUDGET,			/* seconds */
	CAUSE_BUDGET_LOADING,		/* seconds */
	CAUSE_HUNG,			/* seconds */
	CAUSE_WORKER_DIED,
	CAUSE_STATE_UNREADABLE,
	CAUSE_NOT_ENABLED,
	CAUSE_STALLED,			/* seconds */
	CAUSE_STALLED_STAYS,		/* seconds; its module stays loaded */
	CAUSE_STALLED_TWICE,		/* seconds */
	CAUSE_STALLED_FOR_GOOD,		/* seconds, err */
};
#define CAUSES (CAUSE_STALLED_FOR_GOOD + 1)

/* What became of one patch. */
struct verdict {
	enum cause cause;
	int err;			/* -errno of the system call that failed */
	unsigned int seconds;		/* how long was waited */
	unsigned int uid;		/* whose the file is */
	unsigned int ms;		/* since its file was opened */
	char detail[REASON_MAX + 1];
	char functions[REASON_MAX / 2];	/* for people, with commas between them */
	char words[REASON_MAX / 2];	/* the kernel's own; may be empty */
};

enum outcome verdict_outcome(enum cause cause);
enum step verdict_step(enum cause cause);

/*
 * Writes the sentence of @verdict to @ret of @size bytes, and cuts off what does not fit.
 * The sentence of CAUSE_APPLIED is empty.
 */
void verdict_sentence(const struct verdict *verdict, char *ret, size_t size);

const char *verdict_outcome_word(enum outcome outcome);
const char *verdict_step_word(enum step step);
const char *verdict_state_word(enum boot_state state);

/* Returns a short text for @err (errno or -errno), for any step but the load. */
const char *verdict_errno_text(int err);

#endif
