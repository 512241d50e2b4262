/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The boot guard: whether the set of patches of this boot may be loaded, as far as
 * earlier boots tell, and remembering that it is tried. Loads nothing, and says nothing
 * itself.
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
	const char *word;	/* for the status file: off, or a state of the trial */
	/* why nothing may be loaded, or a notice; may be empty */
	char reason[REASON_MAX + PATH_MAX];
	/* the notice is about something that was set up, and does not work */
	bool is_warning;
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
 * Reads the store, and whether @set may be loaded: true, or false with the reason.
 * Writes nothing. @ret is zero before, and filled always; guard_close must follow.
 */
bool guard_begin(const struct guard_set *set, const struct settings *settings,
		 struct guard *ret);

/*
 * Instead of guard_begin's answer, where it came to no end. Returns whether nothing may
 * be loaded, with the reason.
 */
bool guard_is_unreachable(struct guard *guard);

/*
 * Must be called before the first load: writes that the set is tried, unless it is
 * proven, and sets the crash sysctls. False, with the reason, if it can't and so
 * nothing may be loaded.
 */
bool guard_mark(struct guard *guard);

/* Whether this boot is a try of the set: what goes wrong must end in a restart. */
bool guard_is_trial(const struct guard *guard);

/*
 * After guard_mark: loads drivers that help when the kernel crashes or hangs, for the
 * kernel @release.
 */
void guard_load_helpers(const struct guard *guard, const char *release);

/*
 * A load never ended, or its process died in it. True if the machine must restart, once
 * guard_write has told the next boot: a proven set is on trial again.
 */
bool guard_hung(struct guard *guard);

/*
 * Says how it ended: @refused, nothing of the set came into force, with this errno for
 * the last one, or 0.
 */
void guard_end(struct guard *guard, int refused);

/* Writes what the record has to be now, if that is anything new. Returns 0 or -errno. */
int guard_write(struct guard *guard);

/* Lets go of the store. */
void guard_close(struct guard *guard);

#endif
