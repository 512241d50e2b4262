/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The boot guard: whether the set of patches of this boot may be loaded, as far as earlier boots tell, and
 * remembering that it is tried. Loads nothing, and says nothing itself.
 */
#ifndef JUDGE_H
#define JUDGE_H

#include <stdbool.h>
#include <sys/utsname.h>

#include "common/guard/store.h"
#include "common/input/cmdline.h"
#include "common/input/manifest.h"

struct guard {
	const char *root;
	const struct settings *settings;
	struct guard_store store;
	struct record record;		/* as it is in the store */
	struct record next;		/* as it must be before the first load */
	bool remembers;			/* the store can be read; false: unguarded */
	bool marked;			/* that it is tried is written, or need not be */
	bool hung;			/* a load, after it was marked */
	bool denies;			/* nothing may be loaded */
	const char *word;		/* for the status file: off, or a state of the trial */
	char reason[REASON_MAX + PATH_MAX]; /* why nothing may be loaded, or a notice; may be empty */
	bool is_warning;		/* the notice is about something that was set up, and does not work */
};

/* What is asked: the set of patches that are wanted, and where. */
struct guard_set {
	const char *root;
	const struct utsname *kernel;
	const struct manifest_entry *entries;
	size_t count;
	const struct cmdline *cmdline;
	bool look;			/* nothing is mounted, loaded or written */
};

/*
 * Reads the store, and whether @set may be loaded: true, or false with the reason. Writes only that a set is
 * quarantined now. @ret is zero before, and filled always; guard_end must follow.
 */
bool guard_begin(const struct guard_set *set, const struct settings *settings, struct guard *ret);

/*
 * Must be called before each load: the first time it writes that the set is tried, unless it is proven. False, with the
 * reason, if it can't and so nothing may be loaded.
 */
bool guard_mark(struct guard *guard);

/* Whether this boot is a try of the set: what goes wrong must end in a restart. */
bool guard_is_trial(const struct guard *guard);

/*
 * A load never ended, or its process died in it. True if the machine must restart, since the record tells the next boot
 * of it: a proven set is on trial again.
 */
bool guard_hung(struct guard *guard);

/*
 * Ends it. @refused: nothing of the set came into force, with this errno for the last one, or 0.
 * Returns 0, or -errno if that could not be written.
 */
int guard_end(struct guard *guard, int refused);

#endif
