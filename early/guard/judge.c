// SPDX-License-Identifier: GPL-2.0-or-later
#include "early/guard/judge.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/guard/boot_id.h"
#include "common/guard/crash_sysctl.h"
#include "common/guard/explain.h"
#include "common/guard/trial.h"
#include "common/input/settings.h"
#include "common/module/module_name.h"
#include "early/guard/reach.h"
#include "early/load/modprobe.h"

/* With its NUL, so that no two texts read as one. */
static void add_text(struct sha256 *sha, const char *text)
{
	sha256_add(sha, text, strlen(text) + 1);
}

static bool is_wanted(const struct guard_set *set, const struct manifest_entry *entry)
{
	char name[FILE_NAME_MAX + 1];

	return !entry->disabled &&
	       !module_name_of_file(entry->file, name, sizeof(name)) &&
	       !cmdline_skips(set->cmdline, name);
}

/*
 * The set's identity: a hash over kernel release and version, our version, kpatch.skip=
 * and each line (file, digest, required) that is neither disabled nor skipped, in
 * order. Returns how many these are.
 */
static size_t set_id(const struct guard_set *set, unsigned char ret[SHA256_BYTES])
{
	struct sha256 sha;
	size_t wanted = 0;

	sha256_begin(&sha);
	add_text(&sha, set->kernel->release);
	add_text(&sha, set->kernel->version);
	add_text(&sha, VERSION);
	/* It may name what only the module itself does. */
	add_text(&sha, set->cmdline->skip ? set->cmdline->skip : "");
	for (size_t i = 0; i < set->count; i++) {
		const struct manifest_entry *entry = &set->entries[i];

		if (!is_wanted(set, entry))
			continue;
		add_text(&sha, entry->file);
		sha256_add(&sha, entry->sha256, SHA256_BYTES);
		add_text(&sha, entry->required ? "required" : "");
		wanted++;
	}
	sha256_end(&sha, ret);
	return wanted;
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
	return guard->try.attempts > 1 ?
		       "a boot with it was not blessed before, so nothing is loaded" :
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

/* Nothing is remembered. Returns whether the set is loaded all the same. */
static bool go_unguarded(struct guard *guard)
{
	const struct guard_store *store = &guard->store;
	bool required = guard->settings->guard == GUARD_REQUIRED;

	guard->state = required ? GUARD_STATE_BLOCKED : GUARD_STATE_UNGUARDED;
	if (store->state != GUARD_STORE_NONE && store->state != GUARD_STORE_NOT_MADE)
		explain_unusable(guard, store->state);
	else if (store->state == GUARD_STORE_NONE && required)
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
	return !required;
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
			   "nothing is loaded", path);
	else
		set_reason(guard, "the boot guard's record in %s cannot be read: "
			   "I/O error; nothing is loaded", path);
}

/* From the record to what has to be there before the first load. */
static bool judge_set(struct guard *guard, const unsigned char set[SHA256_BYTES],
		      uint32_t boot)
{
	struct record *try = &guard->try;
	bool load, same_boot = boot && boot == guard->record.boot_id_crc;

	*try = guard->record;
	/* A second run at one boot is no other attempt. */
	if (same_boot && try->state == TRIAL_TRYING &&
	    !memcmp(try->set_digest, set, SHA256_BYTES))
		return true;
	load = trial_step(try, trial_boot_event(try, set, guard->settings->guard_tries),
			  TRIAL_CAUSE_TRIES);
	memcpy(try->set_digest, set, SHA256_BYTES);
	try->boot_id_crc = boot;
	if (!same_boot)
		try->crash_sysctls = 0;
	return load;
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

bool guard_is_warning(const struct guard *guard)
{
	return guard->store.state != GUARD_STORE_NOT_MADE || !guard->store.is_efivar;
}

bool guard_begin(const struct guard_set *set, const struct settings *settings,
		 struct guard *ret)
{
	const struct guard_store_place place = {
		.root = set->root,
		.release = set->kernel->release,
		.settings = settings,
		.dry_run = set->dry_run,
	};
	unsigned char id[SHA256_BYTES];

	ret->root = set->root;
	ret->settings = settings;
	ret->state = GUARD_STATE_OFF;
	if (settings->guard == GUARD_OFF || !set_id(set, id))
		return true;
	ret->state = GUARD_STATE_UNGUARDED;
	if (reach_store(&place, &ret->store, &ret->record) != GUARD_STORE_OK) {
		if (!guard_store_is_doubtful(&ret->store))
			return go_unguarded(ret);
		ret->state = GUARD_STATE_BLOCKED;
		explain_doubtful(ret);
		return false;
	}
	ret->next = ret->record;
	if (judge_set(ret, id, boot_id_crc(set->root))) {
		ret->state = states_of_trial[ret->try.state];
		return true;
	}
	ret->next = ret->try;
	ret->state = states_of_trial[ret->next.state];
	explain_record(&ret->next, ret->reason, sizeof(ret->reason));
	return false;
}

bool guard_begin_without_store(struct guard *guard)
{
	guard->store.state = GUARD_STORE_SILENT;
	return go_unguarded(guard);
}

/* Whether this boot has a record that it may write. */
static bool has_record(const struct guard *guard)
{
	return guard->state == GUARD_STATE_TRIAL || guard->state == GUARD_STATE_PROVEN;
}

/*
 * The try can't be written. Where an earlier boot failed, and this one cannot be counted
 * either, a crash loop would have no end.
 */
static bool go_unmarked(struct guard *guard, enum guard_store_state state)
{
	bool denies = guard->settings->guard == GUARD_REQUIRED || guard->try.attempts > 1;

	guard->state = denies ? GUARD_STATE_BLOCKED : GUARD_STATE_UNGUARDED;
	guard->next = guard->record;
	explain_unusable(guard, state);
	return !denies;
}

bool guard_mark(struct guard *guard)
{
	enum guard_store_state state;

	if (!has_record(guard))
		return true;
	if (guard->state == GUARD_STATE_TRIAL)
		guard->try.crash_sysctls |=
			(unsigned char)crash_sysctl_find_unset(guard->root);
	guard->next = guard->try;
	state = guard_write(guard);
	if (state != GUARD_STORE_OK)
		return go_unmarked(guard, state);
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

bool guard_hung(struct guard *guard)
{
	if (!has_record(guard))
		return false;
	trial_step(&guard->next, EVENT_HUNG, 0);
	guard->state = states_of_trial[guard->next.state];
	return true;
}

void guard_stays(struct guard *guard)
{
	guard->next.boot_id_crc = 0;
}

/* What may be otherwise at the next boot is no reason to leave a set out for good. */
static bool is_passing(uint32_t cause)
{
	return cause == EBUSY || cause == EAGAIN || cause == EINTR || cause == ENOMEM;
}

void guard_end(struct guard *guard, uint32_t cause)
{
	if (!has_record(guard) || !cause)
		return;
	crash_sysctl_restore(guard->root, guard->next.crash_sysctls);
	guard->next.crash_sysctls = 0;
	/* Nothing of this boot is to be blessed, nor to be tried again uncounted. */
	guard->next.boot_id_crc = 0;
	trial_step(&guard->next, is_passing(cause) ? EVENT_PASSING : EVENT_REFUSED,
		   cause);
	guard->state = states_of_trial[guard->next.state];
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
