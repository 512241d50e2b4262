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
#include "common/guard/trial.h"
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

/* What may be loaded. */
enum guard_answer {
	GUARD_LOADS_ALL,
	GUARD_LOADS_PART,	/* of the set: guard_has_line tells */
	GUARD_LOADS_NOTHING,
	GUARD_TURNED_OFF,	/* the administrator wants nothing to be loaded */
};

/* Of a set's lines the first @count, but for the one at @without. */
struct guard_part {
	size_t count, without;
};

struct guard {
	const char *root;
	const struct settings *settings;
	struct guard_store store;
	struct record record;		/* as it is in the store */
	struct record next;		/* as it has to be there */
	struct record try;		/* as it has to be before the first load */
	size_t loaded;	/* the trial in @next of what is loaded, or RECORD_TRIALS */
	struct guard_part part;		/* what is loaded of the set */
	enum guard_state state;
	bool is_warning;	/* the reason is about something that does not work */
	/* why not all may be loaded, or a notice; may be empty */
	char reason[REASON_MAX + PATH_MAX];
};

/* What is asked: the set of patches that are wanted, and where. */
struct guard_set {
	const char *root;
	const struct utsname *kernel;
	/* neither disabled nor skipped */
	const struct manifest_entry *const *lines;
	size_t count;
	bool dry_run;			/* nothing is mounted, loaded or written */
};

/*
 * Reads the store, and what of @set may be loaded; the reason says why not all of it.
 * Writes nothing. @ret is zero before, and filled always; guard_close must follow.
 */
enum guard_answer guard_begin(const struct guard_set *set,
			      const struct settings *settings, struct guard *ret);

/* Instead of guard_begin, where it came to no end. Fills @ret, and returns the same. */
enum guard_answer guard_begin_without_store(const char *root,
					    const struct settings *settings,
					    struct guard *ret);

/* True if line @i of the set may be loaded, after GUARD_LOADS_ALL or GUARD_LOADS_PART. */
bool guard_has_line(const struct guard *guard, size_t i);

/* From here on the record stays as it is, whatever becomes of the set. */
void guard_keep_record(struct guard *guard);

/*
 * Must be called before the first load: writes that the set is tried, unless it is
 * proven, and sets the crash sysctls. False, with the reason, if it can't and so
 * nothing may be loaded.
 */
bool guard_mark(struct guard *guard);

/* The word of the status file for the guard's state, or NULL if it was not asked. */
const char *guard_word(enum guard_state state);

/*
 * Returns the id in the record of what is loaded, SET_ID_BYTES; NULL if nothing is
 * remembered of it.
 */
const unsigned char *guard_loaded_id(const struct guard *guard);

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

/* After guard_mark: a transition of the set did not end. It keeps its try. */
void guard_stalled(struct guard *guard);

/*
 * After guard_mark: the kernel refused all that was loaded, so this boot is no try of
 * the set.
 */
void guard_refused(struct guard *guard);

/*
 * Writes what the record has to be now, if that is anything new. Returns as
 * guard_store_write.
 */
enum guard_store_state guard_write(struct guard *guard);

/* Lets go of the store. */
void guard_close(struct guard *guard);

#endif
