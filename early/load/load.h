/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One patch, from its manifest line to in force: every check, then the load, then the wait.
 * Does not know of other patches, writes no report.
 */
#ifndef LOAD_H
#define LOAD_H

#include <stdbool.h>

#include "common/input/cmdline.h"
#include "common/input/manifest.h"
#include "common/verdict.h"
#include "early/guard/judge.h"
#include "early/load/busy_cpus.h"

/* A patch and what became of it. */
struct patch {
	char name[FILE_NAME_MAX + 1];
	struct verdict verdict;
};

struct load_context {
	const char *root;
	const char *release;
	const struct cmdline *cmdline;
	unsigned int timeout_s;		/* for the load with its retries and the transition */
	unsigned int load_timeout_s;	/* for the kernel to answer one load */
	bool dry_run;			/* every check, but no load */
	bool keep_awake;		/* see busy_cpus.h */
	struct busy_cpus busy;		/* the caller stops it */
	struct guard *guard;		/* asked before each load */
	int log;			/* from kmsg_read_open, or an error */
	/* What one patch may find out for those behind it. */
	bool kernel_is_dead;		/* it can load no patch any more: no load is tried */
	bool stuck;			/* a transition ends neither way: nobody waits once more */
	int refused;			/* -errno: the kernel's last refusal of a load */
};

/* Applies @entry, unless the guard denies. Fills @ret always. */
void load_patch(struct load_context *context, const struct manifest_entry *entry,
		struct patch *ret);

/*
 * Turns the patch @name off, as livepatch_reverse, and unloads its module, both until @deadline_ms. Returns 0; 1 if it is
 * off, and its module stays loaded; -ETIMEDOUT, or -errno of livepatch_reverse.
 */
int load_turn_off(const char *root, const char *name, unsigned long long deadline_ms);

#endif
