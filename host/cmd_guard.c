// SPDX-License-Identifier: GPL-2.0-or-later
/* The bless and reset verbs: what the system tells the boot guard, once it is up. */
#include <errno.h>
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
#include "common/verdict.h"
#include "host/commands.h"

struct request {
	const char *verb, *root;
	bool init;
	struct utsname kernel;
	struct settings settings;
	struct guard_store_place place;
	struct guard_store store;
	struct record record;
};

static void no_notice(unsigned int line, const char *reason)
{
	(void)line, (void)reason;	/* apply and bake report it */
}

static bool parse(int argc, char **argv, struct request *ret)
{
	static const struct option options[] = {
		{ "root", required_argument, NULL, 'r' },
		{ "init", no_argument, NULL, 'i' },
		{ 0 },
	};
	int option;

	*ret = (struct request){ .verb = argv[0], .root = "" };
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'r')
			ret->root = optarg;
		else if (option == 'i')
			ret->init = true;
		else
			return false;
	}
	uname(&ret->kernel);
	settings_read(ret->root, no_notice, &ret->settings);
	ret->place = (struct guard_store_place){
		.root = ret->root, .release = ret->kernel.release, .settings = &ret->settings,
	};
	return optind == argc;
}

static int fail(const struct request *request, const char *what, const char *reason)
{
	fprintf(stderr, "kpatch-early: %s: %s: %s; nothing is changed\n", request->verb, what, reason);
	return EXIT_NOT_APPLIED;
}

static int say(const char *text)
{
	puts(text);
	return EXIT_OK;
}

static const char *where(const struct request *request)
{
	if (*request->store.path)
		return request->store.path;
	return *request->settings.guard_store ? request->settings.guard_store : "the EFI variable";
}

/* Why the store cannot be used. */
static const char *why_not(const struct guard_store *store)
{
	switch (store->state) {
	case GUARD_STORE_FOREIGN:
		return "it holds something else than a record; guard_store= has to name another, "
		       "or it has to be zeroed first";
	case GUARD_STORE_SHORT:
		return "it is too short";
	case GUARD_STORE_DAMAGED:
		return verdict_errno_text(EBADMSG);
	case GUARD_STORE_HIDDEN:
		return verdict_errno_text(ENOTSUP);
	case GUARD_STORE_UNREADABLE:
	case GUARD_STORE_OK:
	case GUARD_STORE_NONE:
	case GUARD_STORE_NOT_MADE:
		break;
	}
	return verdict_errno_text(store->err);
}

static int create(struct request *request)
{
	struct guard_store *store = &request->store;

	store->state = guard_store_create(&request->place, store);
	guard_store_close(store);
	if (store->state == GUARD_STORE_NONE)
		return fail(request, "there is no EFI that keeps variables, and no guard_store=",
			    verdict_errno_text(ENODEV));
	if (store->state != GUARD_STORE_OK)
		return fail(request, where(request), why_not(store));
	printf("the boot guard keeps its record in %s; each new set of patches has to be blessed: enable "
	       "kpatch-early-bless.timer\n", request->store.path);
	return EXIT_OK;
}

static int write_state(struct request *request, enum trial_event event, const char *done)
{
	int err;

	trial_step(&request->record, event, 0);
	err = guard_store_write(&request->store, &request->record);
	return err ? fail(request, where(request), verdict_errno_text(err)) : say(done);
}

/* A failure that could not be written to the memory stands in the status file. */
static bool has_failed(const struct request *request)
{
	static char text[STATUS_BYTES_MAX];
	static struct status_patch patches[PATCHES_MAX];
	struct status status;

	return !status_read(request->root, text, &status, patches) && status.guard &&
	       strcmp(status.guard, verdict_trial_word(TRIAL_TRYING));
}

static int bless(struct request *request)
{
	char reason[REASON_MAX];

	switch (request->record.state) {
	case TRIAL_NONE:
		return say("no set of patches is on trial");
	case TRIAL_PROVEN:
		return say("the set of patches is proven already");
	case TRIAL_QUARANTINED:
	case TRIAL_FAILED:
		explain_record(&request->record, reason, sizeof(reason));
		printf("not blessed: %s\n", reason);
		return EXIT_OK;
	case TRIAL_TRYING:
		break;
	}
	/* After a crash it may be a boot with kpatch.disable=1 that comes up so well. */
	if (!boot_id_is_of_record(request->root, &request->record))
		return say("not blessed: the set of patches on trial was not loaded at this boot");
	if (has_failed(request))
		return say("not blessed: the set of patches on trial failed at this boot");
	return write_state(request, EVENT_BLESSED, "the set of patches is proven");
}

static int reset(struct request *request)
{
	if (request->record.state == TRIAL_NONE)
		return say("there is nothing to forget");
	return write_state(request, EVENT_RESET, "forgotten: the next boot tries the set of patches anew");
}

/* A new record takes the place of a damaged one. */
static int mend(struct request *request)
{
	if (!request->store.is_efivar)
		return create(request);
	request->record = (struct record){ 0 };
	return write_state(request, EVENT_RESET, "the damaged record is replaced: the next boot tries the set of patches anew");
}

static int change(struct request *request, int (*job)(struct request *request))
{
	struct record *record = &request->record;
	unsigned int crash_sysctls = 0;
	int ret = EXIT_NOT_APPLIED;

	switch (guard_store_open(&request->place, &request->store, record)) {
	case GUARD_STORE_OK:
		if (boot_id_is_of_record(request->root, record))
			crash_sysctls = record->crash_sysctls;	/* as it was before the job */
		ret = job(request);
		break;
	case GUARD_STORE_DAMAGED:
		ret = mend(request);
		break;
	case GUARD_STORE_NONE:
	case GUARD_STORE_NOT_MADE:
		ret = say("the boot guard has no memory; kpatch-early bless --init makes one");
		break;
	case GUARD_STORE_HIDDEN:
	case GUARD_STORE_FOREIGN:
	case GUARD_STORE_SHORT:
	case GUARD_STORE_UNREADABLE:
		ret = fail(request, where(request), why_not(&request->store));
		break;
	}
	guard_store_close(&request->store);
	if (ret == EXIT_OK)
		crash_sysctl_restore(request->root, crash_sysctls);
	return ret;
}

int bless_verb(int argc, char **argv)
{
	static struct request request;

	if (!parse(argc, argv, &request))
		return verbs_bad_usage();
	if (request.init)
		return create(&request);
	return change(&request, bless);
}

int reset_verb(int argc, char **argv)
{
	static struct request request;

	if (!parse(argc, argv, &request) || request.init)
		return verbs_bad_usage();
	return change(&request, reset);
}
