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
#include "common/verdict.h"
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
	return guard->denies ?
		       "a boot with it was not blessed before, so nothing is loaded" :
		       "the patches are loaded unguarded";
}

static void explain_unusable(struct guard *guard, int err)
{
	const struct guard_store *store = &guard->store;

	set_reason(guard, "the boot guard cannot use %s: %s; %s",
		   *store->path ? store->path : guard->settings->guard_store,
		   verdict_errno_text(err), consequence(guard));
}

/* Nothing is remembered. Returns whether the set is loaded all the same. */
static bool go_unguarded(struct guard *guard)
{
	const struct guard_store *store = &guard->store;
	bool required = guard->settings->guard == GUARD_REQUIRED;

	guard->is_warning = true;
	switch (store->state) {
	case GUARD_STORE_NONE:
		if (required)
			set_reason(guard, "there is neither EFI nor guard_store= "
				   "for the boot guard: %s", consequence(guard));
		break;
	case GUARD_STORE_NOT_MADE:
		guard->is_warning = !store->is_efivar;
		if (store->is_efivar)
			set_reason(guard,
				   "the boot guard has no EFI variable "
				   "(kpatch-early bless --init makes it): %s",
				   consequence(guard));
		else
			set_reason(guard,
				   "the boot guard has no record in %s yet "
				   "(kpatch-early bless --init makes it): %s",
				   store->path, consequence(guard));
		break;
	case GUARD_STORE_HIDDEN:
		explain_unusable(guard, ENOTSUP);
		break;
	case GUARD_STORE_UNREADABLE:
	case GUARD_STORE_OK:
	case GUARD_STORE_DAMAGED:
	case GUARD_STORE_FOREIGN:
	case GUARD_STORE_SHORT:
		explain_unusable(guard, store->err);
		break;
	}
	return !required;
}

/*
 * How often the set was tried can't be told: it may be the one that damages the record.
 */
static void explain_doubtful(struct guard *guard)
{
	const char *path = guard->store.path;

	switch (guard->store.state) {
	case GUARD_STORE_DAMAGED:
		set_reason(guard, "the boot guard's record in %s is damaged; "
			   "kpatch-early bless writes a new one", path);
		break;
	case GUARD_STORE_FOREIGN:
		set_reason(guard, "%s holds something else than the boot guard's record; "
			   "name another in guard_store=, or zero it if it is the "
			   "guard's, and kpatch-early bless --init", path);
		break;
	case GUARD_STORE_SHORT:
		set_reason(guard, "%s is too short for the boot guard's record; "
			   "nothing is loaded", path);
		break;
	case GUARD_STORE_UNREADABLE:
	case GUARD_STORE_OK:
	case GUARD_STORE_NONE:
	case GUARD_STORE_NOT_MADE:
	case GUARD_STORE_HIDDEN:
		set_reason(guard,
			   "the boot guard's record in %s cannot be read: I/O error; "
			   "nothing is loaded",
			   path);
		break;
	}
}

static bool judge_set(struct guard *guard, const unsigned char set[SHA256_BYTES],
		  uint32_t boot)
{
	struct record *next = &guard->next;
	bool load, same_boot = boot && boot == guard->record.boot_id_crc;

	*next = guard->record;
	/* A second run at one boot is no other attempt. */
	if (same_boot && next->state == TRIAL_TRYING &&
	    !memcmp(next->set_digest, set, SHA256_BYTES))
		return true;
	load = trial_step(next, trial_boot_event(next, set, guard->settings->guard_tries),
			  TRIAL_CAUSE_TRIES);
	memcpy(next->set_digest, set, SHA256_BYTES);
	next->boot_id_crc = boot;
	if (!same_boot)
		next->crash_sysctls = 0;
	return load;
}

/* Returns 0, also if there is nothing new to write, or -errno. */
static int remember(struct guard *guard)
{
	int err;

	if (trial_is_same(&guard->record, &guard->next))
		return 0;
	err = guard_store_write(&guard->store, &guard->next);
	if (!err)
		guard->record = guard->next;
	return err;
}

bool guard_is_trial(const struct guard *guard)
{
	return guard->remembers && guard->next.state == TRIAL_TRYING;
}

bool guard_begin(const struct guard_set *set, const struct settings *settings,
		 struct guard *ret)
{
	const struct guard_store_place place = {
		.root = set->root,
		.release = set->kernel->release,
		.settings = settings,
		.dry_run = set->look,
	};
	unsigned char id[SHA256_BYTES];
	bool load;

	ret->root = set->root;
	ret->settings = settings;
	ret->word = "off";
	if (settings->guard == GUARD_OFF || !set_id(set, id))
		return true;
	ret->word = verdict_trial_word(TRIAL_NONE);
	if (reach_store(&place, &ret->store, &ret->record) != GUARD_STORE_OK) {
		if (!guard_store_is_doubtful(&ret->store))
			return go_unguarded(ret);
		explain_doubtful(ret);
		return false;
	}
	ret->remembers = true;
	load = judge_set(ret, id, boot_id_crc(set->root));
	ret->word = verdict_trial_word(ret->next.state);
	if (!load)
		explain_record(&ret->next, ret->reason, sizeof(ret->reason));
	return load;
}

bool guard_is_unreachable(struct guard *guard)
{
	guard->remembers = false;
	guard->store.state = GUARD_STORE_UNREADABLE;
	guard->store.err = -ETIMEDOUT;
	return !go_unguarded(guard);
}

bool guard_mark(struct guard *guard)
{
	int err;

	if (!guard->remembers || guard->marked)
		return !guard->denies;
	if (guard_is_trial(guard))
		guard->next.crash_sysctls |=
			(unsigned char)crash_sysctl_find_unset(guard->root);
	err = remember(guard);
	if (!err) {
		crash_sysctl_set(guard->root, guard->next.crash_sysctls);
		guard->marked = true;
		return true;
	}
	guard->remembers = false;
	guard->word = verdict_trial_word(TRIAL_NONE);
	/*
	 * An earlier boot failed and this one cannot be counted, so a crash loop would
	 * have no end: refuse.
	 */
	guard->denies =
		guard->settings->guard == GUARD_REQUIRED || guard->next.attempts > 1;
	guard->is_warning = true;
	explain_unusable(guard, err);
	return !guard->denies;
}

/*
 * A watchdog's driver, and what keeps the words of a panic. No matter if they aren't
 * there. For a store the settings' modules are loaded already.
 */
void guard_load_helpers(const struct guard *guard, const char *release)
{
	if (!guard_is_trial(guard))
		return;
	if (guard->store.is_efivar) {
		modprobe_load_each(guard->root, release, guard->settings->guard_modules);
		if (!*guard->root)
			modprobe_load_helper(release, "efi-pstore");
	}
	modprobe_load_wanted(guard->root, release, "/drivers/watchdog/");
}

bool guard_hung(struct guard *guard)
{
	if (!guard->remembers || !guard->marked)
		return false;
	trial_step(&guard->next, EVENT_HUNG, 0);
	guard->word = verdict_trial_word(guard->next.state);
	guard->hung = true;
	return true;
}

/* What may be otherwise at the next boot is no reason to leave a set out for good. */
static bool is_passing(int err)
{
	return err == EBUSY || err == EAGAIN || err == EINTR || err == ENOMEM;
}

void guard_end(struct guard *guard, int refused)
{
	refused = refused < 0 ? -refused : refused;
	if (guard->marked && refused) {
		crash_sysctl_restore(guard->root, guard->next.crash_sysctls);
		guard->next.crash_sysctls = 0;
		/*
		 * Nothing of this boot is to be blessed, nor to be tried again without
		 * a count.
		 */
		guard->next.boot_id_crc = 0;
		trial_step(&guard->next,
			   is_passing(refused) ? EVENT_PASSING : EVENT_REFUSED,
			   (uint32_t)refused);
		guard->word = verdict_trial_word(guard->next.state);
	} else if (guard->hung) {
		/* the machine did not restart: as above */
		guard->next.boot_id_crc = 0;
	}
}

int guard_write(struct guard *guard)
{
	bool is_decided = guard->marked || guard->denies;
	int err = guard->remembers && is_decided ? remember(guard) : 0;

	/* Where a quarantine can't be written, the next boot comes to the same. */
	return guard->denies ? 0 : err;
}

void guard_close(struct guard *guard)
{
	guard_store_close(&guard->store);
}
