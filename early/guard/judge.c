// SPDX-License-Identifier: GPL-2.0-or-later
#include "early/guard/judge.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/file.h"
#include "common/guard/boot_id.h"
#include "common/guard/crash_sysctl.h"
#include "common/guard/explain.h"
#include "common/guard/trial.h"
#include "common/input/settings.h"
#include "common/paths.h"
#include "common/sha256.h"
#include "early/guard/reach.h"
#include "early/load/modprobe.h"

/* With its NUL, so that no two texts read as one. */
static void add_text(struct sha256 *sha, const char *text)
{
	sha256_add(sha, text, strlen(text) + 1);
}

/*
 * The identity of a part of @set: a hash over kernel release and version, our version,
 * and each line's file, digest and required, in order.
 */
static void hash_part(const struct guard_set *set, struct guard_part part,
		      unsigned char ret[SET_ID_BYTES])
{
	unsigned char digest[SHA256_BYTES];
	struct sha256 sha;

	sha256_begin(&sha);
	add_text(&sha, set->kernel->release);
	add_text(&sha, set->kernel->version);
	add_text(&sha, VERSION);
	for (size_t i = 0; i < part.count; i++) {
		const struct manifest_entry *line = set->lines[i];

		if (i == part.without)
			continue;
		add_text(&sha, line->file);
		sha256_add(&sha, line->sha256, SHA256_BYTES);
		add_text(&sha, line->required ? "required" : "");
	}
	sha256_end(&sha, digest);
	memcpy(ret, digest, SET_ID_BYTES);
}

static void set_reason(struct guard *guard, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void set_reason(struct guard *guard, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(guard->reason, sizeof(guard->reason), format, args);
	va_end(args);
}

/* What follows where nothing is remembered. */
static const char *consequence(const struct guard *guard)
{
	if (guard->settings->guard == GUARD_REQUIRED)
		return "guard=required, so nothing is loaded";
	return guard->record.unblessed ?
		       "an earlier boot was not blessed, so nothing is loaded" :
		       "the patches are loaded unguarded";
}

/* @state is what was found, or what came of a write. */
static void explain_unusable(struct guard *guard, enum guard_store_state state)
{
	const struct guard_store *store = &guard->store;

	set_reason(guard, "the boot guard cannot use %s: %s; %s",
		   *store->path ? store->path : guard->settings->guard_store,
		   explain_store(state, store->err), consequence(guard));
}

/* Whether a record was made once, be it there or not. */
static bool was_set_up(const struct guard *guard)
{
	return file_is_there(guard->root, GUARDED_FILE);
}

/* Nothing is remembered. */
static enum guard_answer go_unguarded(struct guard *guard)
{
	const struct guard_store *store = &guard->store;
	bool required = guard->settings->guard == GUARD_REQUIRED;

	guard->state = required ? GUARD_STATE_BLOCKED : GUARD_STATE_UNGUARDED;
	guard->is_warning = store->state != GUARD_STORE_NOT_MADE || !store->is_efivar;
	if (store->state != GUARD_STORE_NONE && store->state != GUARD_STORE_NOT_MADE)
		explain_unusable(guard, store->state);
	else if (store->state == GUARD_STORE_NONE && (required || was_set_up(guard)))
		set_reason(guard, "there is neither EFI nor guard_store= "
			   "for the boot guard: %s", consequence(guard));
	else if (store->state == GUARD_STORE_NOT_MADE && store->is_efivar)
		set_reason(guard, "the boot guard has no EFI variable "
			   "(kpatch-early bless --init makes it): %s",
			   consequence(guard));
	else if (store->state == GUARD_STORE_NOT_MADE)
		set_reason(guard, "the boot guard has no record in %s yet "
			   "(kpatch-early bless --init makes it): %s",
			   store->path, consequence(guard));
	return required ? GUARD_LOADS_NOTHING : GUARD_LOADS_ALL;
}

/*
 * How often the set was tried can't be told: it may be the one that damages the record.
 */
static void explain_doubtful(struct guard *guard)
{
	const char *path = guard->store.path;
	enum guard_store_state state = guard->store.state;

	if (state == GUARD_STORE_DAMAGED)
		set_reason(guard, "the boot guard's record in %s is damaged; "
			   "kpatch-early bless writes a new one", path);
	else if (state == GUARD_STORE_FOREIGN)
		set_reason(guard, "%s holds something else than the boot guard's record; "
			   "name another in guard_store=, or zero it if it is the "
			   "guard's, and kpatch-early bless --init", path);
	else if (state == GUARD_STORE_SHORT)
		set_reason(guard, "%s is too short for the boot guard's record; "
			   "kpatch-early bless makes one of zeros longer", path);
	else
		set_reason(guard, "the boot guard's record in %s cannot be read: "
			   "I/O error; nothing is loaded", path);
}

static const enum guard_state states_of_trial[] = {
	[TRIAL_NONE] = GUARD_STATE_UNGUARDED,
	[TRIAL_TRYING] = GUARD_STATE_TRIAL,
	[TRIAL_PROVEN] = GUARD_STATE_PROVEN,
	[TRIAL_QUARANTINED] = GUARD_STATE_QUARANTINED,
	[TRIAL_FAILED] = GUARD_STATE_FAILED,
};
#define TRIAL_STATES (sizeof(states_of_trial) / sizeof(*states_of_trial))

const char *guard_word(enum guard_state state)
{
	for (unsigned int trial = 0; trial < TRIAL_STATES; trial++)
		if (states_of_trial[trial] == state)
			return trial_state_word((enum trial_state)trial);
	if (state == GUARD_STATE_NOT_ASKED)
		return NULL;
	return state == GUARD_STATE_OFF ? "off" : "blocked";
}

bool guard_has_line(const struct guard *guard, size_t i)
{
	return i < guard->part.count && i != guard->part.without;
}

const unsigned char *guard_loaded_id(const struct guard *guard)
{
	if (guard->state == GUARD_STATE_NOT_ASKED || guard->loaded == RECORD_TRIALS)
		return NULL;
	return guard->next.trials[guard->loaded].set_id;
}

static void explain_turned_off(struct guard *guard)
{
	set_reason(guard, guard->record.off & RECORD_OFF_ADMINISTRATOR ?
		   "kpatch-early disable; kpatch-early enable takes it back" :
		   "kpatch.service is disabled, as the boot guard's record says");
}

static void explain_answer(struct guard *guard, enum trial_answer answer)
{
	if (answer == TRIAL_ANSWER_STOPPED)
		explain_trial(&guard->next.trials[0], guard->reason,
			      sizeof(guard->reason));
	else if (answer == TRIAL_ANSWER_BOOTS)
		set_reason(guard, "%u boots in a row were not blessed; until one is, or "
			   "kpatch-early reset, only a proven set is loaded",
			   guard->record.unblessed);
	else
		set_reason(guard, "the boot guard remembers too many quarantined sets "
			   "and has no room for another; kpatch-early reset forgets "
			   "them");
}

/* True if @part of @set is proven: it is what is loaded then. */
static bool take_part(const struct guard_set *set, struct guard_part part,
		      struct guard *guard)
{
	unsigned char id[SET_ID_BYTES];
	size_t i;

	hash_part(set, part, id);
	i = trial_find(&guard->next, id);
	if (i == RECORD_TRIALS || guard->next.trials[i].state != TRIAL_PROVEN)
		return false;
	guard->loaded = i;
	guard->part = part;
	return true;
}

/* Finds the largest proven part: all lines but one, or the first of them. */
static bool take_last_known_good(const struct guard_set *set, struct guard *guard)
{
	size_t without = set->count, count = set->count - 1;

	while (without-- > 0 && set->count > 1)
		if (take_part(set, (struct guard_part){ set->count, without }, guard))
			return true;
	while (count-- > 1)
		if (take_part(set, (struct guard_part){ count, count }, guard))
			return true;
	return false;
}

/* The set may not be loaded. What was good before may, if it is known. */
static enum guard_answer stop_set(const struct guard_set *set, struct guard *guard,
				  enum trial_answer answer)
{
	bool knows_set = answer == TRIAL_ANSWER_STOPPED;

	if (knows_set)
		guard->next = guard->try;
	guard->state = knows_set ? states_of_trial[guard->next.trials[0].state] :
				   GUARD_STATE_QUARANTINED;
	explain_answer(guard, answer);
	return take_last_known_good(set, guard) ? GUARD_LOADS_PART : GUARD_LOADS_NOTHING;
}

/* The record can be used. */
static enum guard_answer judge_set(const struct guard_set *set, struct guard *guard)
{
	uint32_t boot = boot_id_crc(guard->root);
	bool same_boot = boot && boot == guard->record.boot_id_crc;
	struct record *try = &guard->try;
	unsigned char id[SET_ID_BYTES];
	enum trial_answer answer;

	hash_part(set, guard->part, id);
	guard->state = GUARD_STATE_TRIAL;
	/* A second run at one boot is no other try. */
	if (same_boot && try->trials[0].state == TRIAL_TRYING && !trial_find(try, id))
		return GUARD_LOADS_ALL;
	answer = trial_ask(try, id, guard->settings->guard_tries);
	if (answer != TRIAL_ANSWER_LOAD)
		return stop_set(set, guard, answer);
	try->boot_id_crc = boot;
	if (!same_boot)
		try->crash_sysctls = 0;
	if (try->trials[0].state == TRIAL_PROVEN) {
		guard->state = GUARD_STATE_PROVEN;
		guard->next = *try;	/* it may be another one's turn */
		guard->loaded = 0;
	}
	return GUARD_LOADS_ALL;
}

enum guard_answer guard_begin(const struct guard_set *set,
			      const struct settings *settings, struct guard *ret)
{
	const struct guard_store_place place = {
		.root = set->root,
		.release = set->kernel->release,
		.settings = settings,
		.dry_run = set->dry_run,
	};

	ret->root = set->root;
	ret->settings = settings;
	ret->part = (struct guard_part){ set->count, set->count };
	ret->loaded = RECORD_TRIALS;
	ret->is_warning = true;
	ret->state = GUARD_STATE_OFF;
	if (settings->guard == GUARD_OFF || !set->count)
		return GUARD_LOADS_ALL;
	reach_store(&place, &ret->store, &ret->record);
	ret->next = ret->try = ret->record;
	if (ret->store.state == GUARD_STORE_NOT_MADE && was_set_up(ret)) {
		set_reason(ret, "the boot guard's record in %s is lost; it is made "
			   "again, and every set of patches is on trial anew",
			   ret->store.path);
	} else if (guard_store_is_doubtful(&ret->store)) {
		ret->state = GUARD_STATE_BLOCKED;
		explain_doubtful(ret);
		return GUARD_LOADS_NOTHING;
	} else if (ret->store.state != GUARD_STORE_OK) {
		return go_unguarded(ret);
	}
	if (record_is_off(&ret->record, settings->follow_kpatch_service)) {
		ret->state = GUARD_STATE_NOT_ASKED;
		explain_turned_off(ret);
		return GUARD_TURNED_OFF;
	}
	return judge_set(set, ret);
}

enum guard_answer guard_begin_without_store(const char *root,
					    const struct settings *settings,
					    struct guard *ret)
{
	ret->root = root;
	ret->settings = settings;
	ret->store.state = GUARD_STORE_SILENT;
	ret->loaded = RECORD_TRIALS;
	return go_unguarded(ret);
}

void guard_keep_record(struct guard *guard)
{
	guard->next = guard->record;
	guard->loaded = RECORD_TRIALS;
	guard->state = GUARD_STATE_UNGUARDED;
}

/*
 * The try can't be written. Where an earlier boot failed, and this one cannot be counted
 * either, a crash loop would have no end.
 */
static bool go_unmarked(struct guard *guard, enum guard_store_state state)
{
	bool denies = guard->settings->guard == GUARD_REQUIRED ||
		      guard->record.unblessed;

	guard_keep_record(guard);
	if (denies)
		guard->state = GUARD_STATE_BLOCKED;
	explain_unusable(guard, state);
	return !denies;
}

bool guard_mark(struct guard *guard)
{
	enum guard_store_state state;

	if (guard->state != GUARD_STATE_TRIAL)
		return true;
	guard->try.crash_sysctls |= (unsigned char)crash_sysctl_find_unset(guard->root);
	guard->next = guard->try;
	state = guard_write(guard);
	if (state != GUARD_STORE_OK)
		return go_unmarked(guard, state);
	guard->loaded = 0;
	crash_sysctl_set(guard->root, guard->next.crash_sysctls);
	return true;
}

/*
 * A watchdog's driver, and what keeps the words of a panic. No matter if they aren't
 * there. For a store the settings' modules are loaded already.
 */
void guard_load_helpers(const struct guard *guard, const char *release)
{
	if (guard->store.is_efivar) {
		modprobe_load_each(guard->root, release, guard->settings->guard_modules);
		if (!*guard->root)
			modprobe_load_helper(release, "efi-pstore");
	}
	modprobe_load_wanted(guard->root, release, "/drivers/watchdog/");
}

/* Of a set that is left out, the state stays the set's. */
static void step_loaded(struct guard *guard, enum trial_event event)
{
	bool is_all = guard->state == GUARD_STATE_TRIAL ||
		      guard->state == GUARD_STATE_PROVEN;

	trial_step(&guard->next, guard->loaded, event);
	if (is_all)
		guard->state = states_of_trial[guard->next.trials[guard->loaded].state];
}

bool guard_hung(struct guard *guard)
{
	if (guard->loaded == RECORD_TRIALS)
		return false;
	step_loaded(guard, EVENT_HUNG);
	return true;
}

void guard_stays(struct guard *guard)
{
	guard->next.boot_id_crc = 0;
}

void guard_stalled(struct guard *guard)
{
	if (guard->loaded < RECORD_TRIALS)
		step_loaded(guard, EVENT_STALLED);
}

void guard_refused(struct guard *guard)
{
	if (guard->loaded == RECORD_TRIALS)
		return;
	crash_sysctl_restore(guard->root, guard->next.crash_sysctls);
	guard->next.crash_sysctls = 0;
	/* Nothing of this boot is to be blessed, nor to be tried again uncounted. */
	guard->next.boot_id_crc = 0;
	step_loaded(guard, EVENT_REFUSED);
}

enum guard_store_state guard_write(struct guard *guard)
{
	enum guard_store_state state;

	if (trial_is_same(&guard->record, &guard->next))
		return GUARD_STORE_OK;
	state = guard_store_write(&guard->store, &guard->next);
	if (state == GUARD_STORE_OK)
		guard->record = guard->next;
	return state;
}

void guard_close(struct guard *guard)
{
	guard_store_close(&guard->store);
}
