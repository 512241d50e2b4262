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

enum guard_state {
	GUARD_STATE_NOT_ASKED,
	GUARD_STATE_OFF,		/* guard=off, or no patch is wanted */
	GUARD_STATE_UNGUARDED,		/* nothing is remembered of the set */
	GUARD_STATE_TRIAL,
	GUARD_STATE_PROVEN,
	GUARD_STATE_QUARANTINED,
	GUARD_STATE_FAILED,
	GUARD_STATE_BLOCKED,	/* there is no usable record, so nothing may be loaded */
};

struct guard {
	const char *root;
	const struct settings *settings;
	struct guard_store store;
	struct record record;		/* as it is in the store */
	struct record next;		/* as it has to be there */
	struct record try;		/* as it has to be before the first load */
	enum guard_state state;
	/* why nothing may be loaded, or a notice; may be empty */
	char reason[REASON_MAX + PATH_MAX];
};

/* What is asked: the set of patches that are wanted, and where. */
struct guard_set {
	const char *root;
	const struct utsname *kernel;
	const struct manifest_entry *entries;
	size_t count;
	const struct cmdline *cmdline;
	bool dry_run;			/* nothing is mounted, loaded or written */
};

/*
 * Reads the store, and whether @set may be loaded: true, or false with the reason.
 * Writes nothing. @ret is zero before, and filled always; guard_close must follow.
 */
bool guard_begin(const struct guard_set *set, const struct settings *settings,
		 struct guard *ret);

/* Instead of guard_begin, where it came to no end. Returns the same. */
bool guard_begin_without_store(struct guard *guard);

/*
 * Must be called before the first load: writes that the set is tried, unless it is
 * proven, and sets the crash sysctls. False, with the reason, if it can't and so
 * nothing may be loaded.
 */
bool guard_mark(struct guard *guard);

/* The word of the status file for the guard's state, or NULL if it was not asked. */
const char *guard_word(enum guard_state state);

/* Whether the notice is about something that was set up, and does not work. */
bool guard_is_warning(const struct guard *guard);

/*
 * After guard_mark: loads drivers that help when the kernel crashes or hangs, for the
 * kernel @release.
 */
void guard_load_helpers(const struct guard *guard, const char *release);

/*
 * After guard_mark: a load never ended, or its process died in it. True if the machine
 * must restart, once guard_write has told the next boot: a proven set is on trial again.
 */
bool guard_hung(struct guard *guard);

/* After guard_hung: the machine did not restart. Nothing of this boot is blessed. */
void guard_stays(struct guard *guard);

/*
 * Says how it ended: nothing of the set came into force, and @cause, as a record has it,
 * is why the last one did not; or 0.
 */
void guard_end(struct guard *guard, uint32_t cause);

/*
 * Writes what the record has to be now, if that is anything new. Returns as
 * guard_store_write.
 */
enum guard_store_state guard_write(struct guard *guard);

/* Lets go of the store. */
void guard_close(struct guard *guard);

#endif
