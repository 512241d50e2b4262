/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One verified patch, from its descriptor to in force: dependencies, the load, the
 * wait, the reversal. Does not know of other patches, writes no report, asks no boot
 * guard.
 */
#ifndef LOAD_H
#define LOAD_H

#include <stdbool.h>

#include "common/clock.h"
#include "early/load/busy_cpus.h"
#include "early/load/patch.h"

struct load_context {
	const char *root;
	const char *release;
	unsigned int timeout_s;	/* for the load with its retries and the transition */
	unsigned int load_timeout_s;	/* for the kernel to answer one load */
	/* the supervisor's, to be set before whatever may hang */
	struct clock_limit *limit;
	const struct clock_limit *budget;	/* of the whole boot */
	bool keep_awake;		/* see busy_cpus.h */
	struct busy_cpus busy;		/* the caller stops it */
	int log;			/* from kmsg_read_open, or an error */
	/* What one patch may find out for those behind it. */
	bool kernel_is_dead;	/* it can load no patch any more: no load is tried */
	bool stuck;	/* a transition ends neither way: nobody waits once more */
	unsigned int loads;	/* that the kernel was asked for */
	/* the last one that the kernel refused or did not enable, or NULL */
	const struct patch *refused;
};

/*
 * Ends @patch if a module of its name is in the kernel: in force, inactive, or another
 * build. Waits for a transition that goes on. A file never takes the place of what is
 * live.
 */
void load_check_live(struct load_context *context, struct patch *patch);

/*
 * True if there is time for one more patch: half of what it may take, or half of the
 * budget, besides a reversal.
 */
bool load_has_time(const struct load_context *context);

/* Loads @patch, which is open, and ends it. Its descriptor stays open. */
void load_patch(struct load_context *context, struct patch *patch);

enum load_off {
	LOAD_OFF_DONE,
	LOAD_OFF_STAYS,		/* the patch is off, and its module stays loaded */
	LOAD_OFF_STALLED,	/* the transition did not end in time */
	LOAD_OFF_REFUSED,	/* with the errno of livepatch_reverse */
};

/*
 * Turns the patch @name off and unloads its module, both until @deadline_ms. With
 * LOAD_OFF_REFUSED, *@ret_err is the -errno.
 */
enum load_off load_turn_off(const char *root, const char *name,
			    unsigned long long deadline_ms, int *ret_err);

#endif
