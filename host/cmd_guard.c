// SPDX-License-Identifier: GPL-2.0-or-later
/* The bless and reset verbs: tell the boot guard that a boot is good, or to forget. */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "common/guard/boot_id.h"
#include "common/guard/crash_sysctl.h"
#include "common/guard/explain.h"
#include "common/guard/store.h"
#include "common/guard/trial.h"
#include "common/input/settings.h"
#include "common/status_file.h"
#include "common/verbs.h"
#include "host/commands.h"
#include "host/late_load.h"

struct guard_context {
	const char *verb, *root;
	bool init;
	struct utsname kernel;
	struct settings settings;
	struct guard_store_place place;
	struct guard_store store;
	struct record record;
};

/* What bless makes of the set of patches. */
enum blessing {
	BLESSING_NO_SET,
	BLESSING_PROVEN_BEFORE,
	BLESSING_STOPPED,	/* the set is quarantined or failed */
	BLESSING_OTHER_BOOT,
	BLESSING_FAILED,	/* at this boot, which the record may not say */
	BLESSING_LOADING,	/* the load of a patch has not returned */
	BLESSING_GIVEN,
};

/* apply and bake report a wrong setting, so nothing is said here. */
static void skip_wrong_setting(unsigned int line, const char *reason)
{
	(void)line, (void)reason;
}

static bool parse_guard_options(int argc, char **argv, struct guard_context *ret)
{
	static const struct option options[] = {
		{ "root", required_argument, NULL, 'r' },
		{ "init", no_argument, NULL, 'i' },
		{ 0 },
	};
	int option;

	*ret = (struct guard_context){ .verb = argv[0], .root = "" };
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'r')
			ret->root = optarg;
		else if (option == 'i')
			ret->init = true;
		else
			return false;
	}
	uname(&ret->kernel);
	settings_read(ret->root, skip_wrong_setting, &ret->settings);
	ret->place = (struct guard_store_place){
		.root = ret->root,
		.release = ret->kernel.release,
		.settings = &ret->settings,
	};
	return optind == argc;
}

static int report_no_change(const struct guard_context *guard, const char *what,
			    const char *reason)
{
	fprintf(stderr, "kpatch-early: %s: %s: %s; nothing is changed\n", guard->verb,
		what, reason);
	return EXIT_NOT_APPLIED;
}

static int report_done(const char *text)
{
	puts(text);
	return EXIT_OK;
}

static const char *store_name(const struct guard_context *guard)
{
	if (*guard->store.path)
		return guard->store.path;
	return *guard->settings.guard_store ? guard->settings.guard_store :
					      "the EFI variable";
}

/* Why the store cannot be used. */
static const char *store_problem_text(const struct guard_store *store)
{
	if (store->state == GUARD_STORE_FOREIGN)
		return "it holds something else than a record; guard_store= has to name "
		       "another, or it has to be zeroed first";
	return explain_store(store->state, store->err);
}

static int create_store(struct guard_context *guard)
{
	struct guard_store *store = &guard->store;

	store->state = guard_store_create(&guard->place, store);
	guard_store_close(&guard->store);
	if (store->state == GUARD_STORE_NONE)
		return report_no_change(guard, "the boot guard", "there is no EFI that "
					"keeps variables, and no guard_store=");
	if (store->state != GUARD_STORE_OK)
		return report_no_change(guard, store_name(guard),
					store_problem_text(store));
	printf("the boot guard keeps its record in %s; each new set of patches has to be "
	       "blessed: enable kpatch-early-bless.timer\n", store->path);
	return EXIT_OK;
}

static int step_and_write(struct guard_context *guard, enum trial_event event,
			  const char *done)
{
	struct guard_store *store = &guard->store;

	trial_step(&guard->record, event, 0);
	store->state = guard_store_write(store, &guard->record);
	if (store->state != GUARD_STORE_OK)
		return report_no_change(guard, store_name(guard),
					store_problem_text(store));
	return report_done(done);
}

/*
 * Of a set on trial at this boot. The status file has a failure too that could not be
 * written to the record.
 */
static enum blessing decide_by_status(const struct guard_context *guard)
{
	static char text[STATUS_BYTES_MAX];
	struct status_patch patches[PATCHES_MAX];
	struct status status;

	if (status_read(guard->root, text, &status, patches))
		return BLESSING_GIVEN;
	if (late_load_goes_on(guard->root, &status))
		return BLESSING_LOADING;
	return strcmp(status.guard, trial_state_word(TRIAL_TRYING)) ? BLESSING_FAILED :
									BLESSING_GIVEN;
}

static enum blessing decide_blessing(const struct guard_context *guard)
{
	switch (guard->record.state) {
	case TRIAL_NONE:
		return BLESSING_NO_SET;
	case TRIAL_PROVEN:
		return BLESSING_PROVEN_BEFORE;
	case TRIAL_QUARANTINED:
	case TRIAL_FAILED:
		return BLESSING_STOPPED;
	case TRIAL_TRYING:
		break;
	}
	/* After a crash, a boot that comes up may be one with kpatch.disable=1. */
	if (!boot_id_is_of_record(guard->root, &guard->record))
		return BLESSING_OTHER_BOOT;
	return decide_by_status(guard);
}

static int bless_set(struct guard_context *guard)
{
	char reason[REASON_MAX];

	switch (decide_blessing(guard)) {
	case BLESSING_NO_SET:
		return report_done("no set of patches is on trial");
	case BLESSING_PROVEN_BEFORE:
		return report_done("the set of patches is proven already");
	case BLESSING_STOPPED:
		explain_record(&guard->record, reason, sizeof(reason));
		printf("not blessed: %s\n", reason);
		return EXIT_OK;
	case BLESSING_OTHER_BOOT:
		return report_done("not blessed: the set of patches on trial was not "
				   "loaded at this boot");
	case BLESSING_FAILED:
		return report_done("not blessed: the set of patches on trial failed at "
				   "this boot");
	case BLESSING_LOADING:
		fputs("kpatch-early: bless: not blessed: a patch's load has not "
		      "returned, see kpatch-early status; bless again when it has\n",
		      stderr);
		return EXIT_NOT_APPLIED;
	case BLESSING_GIVEN:
		break;
	}
	return step_and_write(guard, EVENT_BLESSED, "the set of patches is proven");
}

static int reset_set(struct guard_context *guard)
{
	if (guard->record.state == TRIAL_NONE)
		return report_done("there is nothing to forget");
	return step_and_write(guard, EVENT_RESET,
			      "forgotten: the next boot tries the set of patches anew");
}

static int replace_damaged_record(struct guard_context *guard)
{
	if (!guard->store.is_efivar)
		return create_store(guard);
	guard->record = (struct record){ 0 };
	return step_and_write(guard, EVENT_RESET, "the damaged record is replaced: the "
			      "next boot tries the set of patches anew");
}

/* Opens the store and has @change change its record. Returns an exit status. */
static int change_record(struct guard_context *guard,
			 int (*change)(struct guard_context *guard))
{
	struct record *record = &guard->record;
	unsigned int sysctls = 0;	/* that apply has set at this boot */
	int ret = EXIT_NOT_APPLIED;

	switch (guard_store_open(&guard->place, &guard->store, record)) {
	case GUARD_STORE_OK:
		if (boot_id_is_of_record(guard->root, record))
			sysctls = record->crash_sysctls;	/* before the change */
		ret = change(guard);
		break;
	case GUARD_STORE_DAMAGED:
		ret = replace_damaged_record(guard);
		break;
	case GUARD_STORE_NONE:
	case GUARD_STORE_NOT_MADE:
		ret = report_done("the boot guard has no memory; kpatch-early bless "
				  "--init makes one");
		break;
	case GUARD_STORE_HIDDEN:
	case GUARD_STORE_FOREIGN:
	case GUARD_STORE_SHORT:
	case GUARD_STORE_MISSING:
	case GUARD_STORE_AMBIGUOUS:
	case GUARD_STORE_NO_FILE:
	case GUARD_STORE_WRITABLE:
	case GUARD_STORE_LOST:
	case GUARD_STORE_SILENT:
	case GUARD_STORE_UNREADABLE:
		ret = report_no_change(guard, store_name(guard),
				       store_problem_text(&guard->store));
		break;
	}
	guard_store_close(&guard->store);
	if (ret == EXIT_OK)
		crash_sysctl_restore(guard->root, sysctls);
	return ret;
}

int bless_verb(int argc, char **argv)
{
	struct guard_context guard;

	if (!parse_guard_options(argc, argv, &guard))
		return verbs_bad_usage();
	if (guard.init)
		return create_store(&guard);
	return change_record(&guard, bless_set);
}

int reset_verb(int argc, char **argv)
{
	struct guard_context guard;

	if (!parse_guard_options(argc, argv, &guard) || guard.init)
		return verbs_bad_usage();
	return change_record(&guard, reset_set);
}
