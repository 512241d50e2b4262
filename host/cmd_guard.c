// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The verbs that change the boot guard's record: bless, reset, disable, enable. They say
 * that a boot is good, forget, and turn patching off and on.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "common/file.h"
#include "common/guard/boot_id.h"
#include "common/guard/crash_sysctl.h"
#include "common/guard/explain.h"
#include "common/guard/store.h"
#include "common/guard/trial.h"
#include "common/input/cmdline.h"
#include "common/input/settings.h"
#include "common/module/livepatch.h"
#include "common/paths.h"
#include "common/status_file.h"
#include "common/text.h"
#include "common/verbs.h"
#include "host/commands.h"
#include "host/kpatch_service.h"
#include "host/late_load.h"
#include "host/root_path.h"
#include "host/usage.h"

struct guard_context {
	const char *verb, *root;
	bool init, withdraw, remove, follow;	/* the options */
	struct utsname kernel;
	struct settings settings;
	struct guard_store_place place;
	struct guard_store store;
	struct record record;
	struct status status;			/* of this boot, below root */
	struct status_patch patches[PATCHES_MAX];	/* that it points to */
	bool has_status;
};

/* What bless makes of the set of patches. */
enum blessing {
	BLESSING_NO_SET,
	BLESSING_PROVEN_BEFORE,
	BLESSING_STOPPED,	/* the set is quarantined or failed */
	BLESSING_OTHER_BOOT,
	BLESSING_FAILED,	/* at this boot, which the record may not say */
	BLESSING_LOADING,	/* the load of a patch has not returned */
	BLESSING_STALLED,	/* a transition did not end at this boot */
	BLESSING_INCOMPLETE,	/* a patch of the set is not in force */
	BLESSING_GIVEN,
};

/* apply and bake report a wrong setting, so nothing is said here. */
static void skip_wrong_setting(unsigned int line, const char *reason)
{
	(void)line, (void)reason;
}

static void skip_wrong_word(const char *name, const char *reason)
{
	(void)name, (void)reason;
}

static int report_no_change(const struct guard_context *guard, const char *what,
			    const char *reason)
{
	fprintf(stderr, "kpatch-early: %s: %s: %s; nothing is changed\n", guard->verb,
		what, reason);
	return EXIT_NOT_APPLIED;
}

/*
 * Makes guard_store= the path that links below the root lead to, which may be missing
 * yet. Returns an exit status.
 */
static int resolve_store_name(struct guard_context *guard)
{
	char path[PATH_MAX], *name = guard->settings.guard_store;
	const char *below;
	int err;

	if (!*guard->root || *name != '/')
		return EXIT_OK;
	err = root_path(path, guard->root, "%s", name);
	if (err && err != -ENOENT)
		return report_no_change(guard, name, verdict_errno_text(err));
	below = path + strlen(guard->root);
	if (strlen(below) > GUARD_STORE_MAX)
		return report_no_change(guard, name, "its links lead to a path over the "
					"limit");
	strcpy(name, *below ? below : "/");
	return EXIT_OK;
}

/* Returns an exit status. */
static int prepare_guard(struct guard_context *guard)
{
	static char text[STATUS_BYTES_MAX];
	char path[PATH_MAX];
	int err = root_path(path, guard->root, CONF_FILE);

	uname(&guard->kernel);
	settings_read_file(path, err, skip_wrong_setting, &guard->settings);
	guard->place = (struct guard_store_place){
		.root = guard->root,
		.release = guard->kernel.release,
		.settings = &guard->settings,
	};
	guard->has_status = !status_read(guard->root, text, &guard->status,
					 guard->patches);
	return resolve_store_name(guard);
}

/* Returns an exit status. */
static int parse_guard_options(int argc, char **argv, const struct option *options,
				struct guard_context *ret)
{
	int option;

	*ret = (struct guard_context){ .verb = argv[0], .root = "" };
	while ((option = usage_next_option(argc, argv, "", options)) != -1) {
		if (option == 'r')
			ret->root = optarg;
		else if (option == 'i')
			ret->init = true;
		else if (option == 'w')
			ret->withdraw = true;
		else if (option == 'm')
			ret->remove = true;
		else if (option == 'f')
			ret->follow = true;
		else
			return verbs_bad_usage();
	}
	if (optind != argc || ret->init + ret->withdraw + ret->remove > 1)
		return verbs_bad_usage();
	if (!verbs_has_root(argv[0], ret->root))
		return verbs_bad_usage();
	return prepare_guard(ret);
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
	/* A store in a file or partition is opened by the name that /proc has for it. */
	if (store->state == GUARD_STORE_UNREADABLE && store->err == -ENOENT &&
	    access("/proc/self/fd", F_OK))
		return "it cannot be opened, since /proc is missing";
	return explain_store(store->state, store->err);
}

static int report_store(const struct guard_context *guard)
{
	return report_no_change(guard, store_name(guard),
				store_problem_text(&guard->store));
}

/* So that a record that is lost one day is missed. */
static int write_flag_file(struct guard_context *guard)
{
	char path[PATH_MAX];
	int err = root_path_of_name(path, guard->root, GUARDED_FILE);

	if (!err)
		err = file_make_parents(path);
	if (!err)
		err = file_put(path, O_CREAT, GUARDED_TEXT);
	if (!err)
		return EXIT_OK;
	fprintf(stderr, "kpatch-early: %s: " GUARDED_FILE " cannot be written: %s; a "
		"record that is lost would not be made again\n", guard->verb,
		verdict_errno_text(err));
	return EXIT_NOT_APPLIED;
}

/*
 * Whether the patches of a boot are loaded in an initramfs. Before the first such boot
 * its folder in /run tells that there is one, dracut's or of initramfs-tools.
 */
static bool boots_by_initramfs(const struct guard_context *guard)
{
	return guard->has_status ? guard->status.before_root :
				   file_is_there(guard->root, "/run/initramfs");
}

/*
 * Why no boot reaches guard_store=, or NULL. An initramfs has no file of the root's, and
 * udev has not made its links there yet. Below another root nothing is known.
 */
static const char *find_problem_of_store(const struct guard_context *guard)
{
	const char *name = guard->settings.guard_store;
	struct stat st;

	if (*guard->root || *name != '/')
		return NULL;
	if (strncmp(name, "/dev/", 5))
		return boots_by_initramfs(guard) ?
		       "it is a file of the root's, which the initramfs does not have; "
		       "name a partition" : NULL;
	if (!strncmp(name, "/dev/mapper/", 12) || (!lstat(name, &st) &&
						   S_ISLNK(st.st_mode)))
		return "it is udev's name, and udev has not run when the initramfs "
		       "needs it; write PARTLABEL=NAME, or the partition's own name";
	return NULL;
}

static int create_store(struct guard_context *guard)
{
	struct guard_store *store = &guard->store;
	const char *problem = find_problem_of_store(guard);

	if (problem)
		return report_no_change(guard, guard->settings.guard_store, problem);
	store->state = guard_store_create(&guard->place, store);
	guard_store_close(&guard->store);
	if (store->state == GUARD_STORE_NONE)
		return report_no_change(guard, "the boot guard", "there is no EFI that "
					"keeps variables, and no guard_store=");
	if (store->state != GUARD_STORE_OK)
		return report_store(guard);
	printf("the boot guard keeps its record in %s; each new set of patches has to be "
	       "blessed: enable kpatch-early-bless.timer\n", store->path);
	return write_flag_file(guard);
}

static int write_changed_record(struct guard_context *guard)
{
	struct guard_store *store = &guard->store;
	enum guard_store_state state = guard_store_write(store, &guard->record);

	if (state == GUARD_STORE_OK)
		return EXIT_OK;
	store->state = state;
	return report_store(guard);
}

static int step_and_write(struct guard_context *guard, enum trial_event event,
			  const char *done)
{
	int ret;

	trial_step(&guard->record, 0, event);
	ret = write_changed_record(guard);
	return ret == EXIT_OK ? report_done(done) : ret;
}

/* The first patch that is neither in force nor skipped, or NULL. */
static const struct status_patch *find_missing_patch(const struct guard_context *guard)
{
	for (size_t i = 0; i < guard->status.count; i++) {
		const struct status_patch *patch = &guard->status.patches[i];

		if (patch->outcome == OUTCOME_FAILED &&
		    livepatch_state(guard->root, patch->name) != LIVEPATCH_ENABLED)
			return patch;
	}
	return NULL;
}

static bool has_stalled_patch(const struct guard_context *guard)
{
	for (size_t i = 0; i < guard->status.count; i++) {
		const struct status_patch *patch = &guard->status.patches[i];

		if (patch->outcome == OUTCOME_FAILED && patch->step == STEP_TRANSITION)
			return true;
	}
	return false;
}

/*
 * Of a set on trial at this boot. The status file has a failure too that could not be
 * written to the record.
 */
static enum blessing decide_by_status(const struct guard_context *guard)
{
	/* "none": the try was written, but could not be read back */
	static const char *const good[] = { "trying", "none", NULL };
	const struct status *status = &guard->status;

	if (!guard->has_status)
		return BLESSING_GIVEN;
	if (late_load_goes_on(guard->root, status))
		return BLESSING_LOADING;
	if (!text_is_one_of(status->guard, good))
		return BLESSING_FAILED;
	if (has_stalled_patch(guard))
		return BLESSING_STALLED;
	return find_missing_patch(guard) ? BLESSING_INCOMPLETE : BLESSING_GIVEN;
}

static enum blessing decide_blessing(const struct guard_context *guard)
{
	const struct trial *trial = &guard->record.trials[0];

	switch (trial->state) {
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
	return trial->cause == TRIAL_CAUSE_STALLED ? BLESSING_STALLED :
						     decide_by_status(guard);
}

/*
 * False if patching was off at this boot, so that it says nothing about the guard. A
 * status that is lost, as with initramfs-tools, is no evidence of that.
 */
static bool was_guard_asked(const struct guard_context *guard)
{
	static const char *const asked[] = { "proven", "quarantined", "failed", NULL };
	struct cmdline cmdline;

	if (guard->has_status)
		return text_is_one_of(guard->status.guard, asked);
	cmdline_read(guard->root, skip_wrong_word, &cmdline);
	return !cmdline.disabled_by && !guard->record.off;
}

/* A boot without a try is good, too: what earlier boots loaded did not end this one. */
static int count_boot_as_good(struct guard_context *guard)
{
	if (!guard->record.unblessed || !was_guard_asked(guard))
		return EXIT_OK;
	guard->record.unblessed = 0;
	return write_changed_record(guard);
}

static int report_incomplete(struct guard_context *guard)
{
	trial_step(&guard->record, 0, EVENT_GOOD);
	printf("not proven: %s is not in force, see kpatch-early status; this boot is "
	       "good, and the next one tries the set again\n",
	       find_missing_patch(guard)->name);
	return write_changed_record(guard);
}

static int bless_set(struct guard_context *guard)
{
	char reason[REASON_MAX];

	switch (decide_blessing(guard)) {
	case BLESSING_NO_SET:
		puts("no set of patches is on trial");
		return count_boot_as_good(guard);
	case BLESSING_PROVEN_BEFORE:
		puts("the set of patches is proven already");
		return count_boot_as_good(guard);
	case BLESSING_STOPPED:
		explain_trial(&guard->record.trials[0], reason, sizeof(reason));
		printf("not blessed: %s\n", reason);
		return count_boot_as_good(guard);
	case BLESSING_OTHER_BOOT:
		puts("not blessed: the set of patches on trial was not loaded at this "
		     "boot");
		return count_boot_as_good(guard);
	case BLESSING_FAILED:
		return report_done("not blessed: the set of patches on trial failed at "
				   "this boot");
	case BLESSING_STALLED:
		return report_done("not blessed: a transition did not end at this boot, "
				   "see kpatch-early status; the set keeps its try");
	case BLESSING_LOADING:
		fputs("kpatch-early: bless: not blessed: a patch's load has not "
		      "returned, see kpatch-early status; bless again when it has\n",
		      stderr);
		return EXIT_NOT_APPLIED;
	case BLESSING_INCOMPLETE:
		return report_incomplete(guard);
	case BLESSING_GIVEN:
		break;
	}
	return step_and_write(guard, EVENT_BLESSED, "the set of patches is proven");
}

/* What stalled, hangs or was rolled back was no good boot, however it ends. */
static bool has_good_try(const struct guard_context *guard)
{
	const struct trial *trial = &guard->record.trials[0];

	if (trial->state != TRIAL_TRYING || !trial->tries ||
	    !boot_id_is_of_record(guard->root, &guard->record))
		return false;
	switch (decide_blessing(guard)) {
	case BLESSING_INCOMPLETE:
	case BLESSING_GIVEN:
		return true;
	case BLESSING_NO_SET:
	case BLESSING_PROVEN_BEFORE:
	case BLESSING_STOPPED:
	case BLESSING_OTHER_BOOT:
	case BLESSING_FAILED:
	case BLESSING_LOADING:
	case BLESSING_STALLED:
		break;
	}
	return false;
}

static int withdraw_try(struct guard_context *guard)
{
	if (!has_good_try(guard))
		return report_done("no try is to be taken back");
	guard->record.boot_id_crc = 0;
	return step_and_write(guard, EVENT_WITHDRAWN, "this boot ends in order before it "
			      "was blessed: its try is taken back");
}

static int reset_sets(struct guard_context *guard)
{
	struct record *record = &guard->record;
	struct record before = *record;
	int ret;

	trial_reset(record);
	if (trial_is_same(&before, record))
		return report_done("there is nothing to forget");
	ret = write_changed_record(guard);
	return ret == EXIT_OK ? report_done("forgotten: the next boot tries the set of "
					    "patches anew") : ret;
}

/*
 * Replaces a record that is damaged, or a file of zeros that a crash left too short.
 * Whoever runs unasked, at a shutdown or a rebuild,
 * leaves that to bless.
 */
static enum guard_store_state open_store(struct guard_context *guard)
{
	struct guard_store *store = &guard->store;
	enum guard_store_state state =
		guard_store_open(&guard->place, store, &guard->record);

	if (guard->withdraw || guard->follow ||
	    (state != GUARD_STORE_DAMAGED && state != GUARD_STORE_SHORT))
		return state;
	guard_store_close(store);
	*store = (struct guard_store){ 0 };
	store->state = guard_store_create(&guard->place, store);
	if (store->state != GUARD_STORE_OK)
		return store->state;
	puts("the damaged record is replaced: the next boot tries the set of patches "
	     "anew, and what disable said is forgotten");
	guard_store_close(store);
	*store = (struct guard_store){ 0 };
	return guard_store_open(&guard->place, store, &guard->record);
}

static int report_no_record(const struct guard_context *guard)
{
	if (guard->follow)
		return EXIT_OK;
	if (!strcmp(guard->verb, "disable") || !strcmp(guard->verb, "enable"))
		return report_no_change(guard, "nothing remembers it",
					"kpatch-early bless --init makes a record; or "
					"write enabled=no to " CONF_FILE);
	return report_done("the boot guard has no memory; kpatch-early bless "
			   "--init makes one");
}

/*
 * Units may run bless, withdraw and follow side by side. Returns a descriptor to be
 * closed; where none can be had, one goes on without.
 */
static int lock_record(const char *root)
{
	char path[PATH_MAX];

	return root_path(path, root, STATUS_FILE) || file_make_parents(path) ?
		       -1 :
		       file_lock_directory(path);
}

/* Opens the store and has @change change its record. Returns an exit status. */
static int change_record(struct guard_context *guard,
			 int (*change)(struct guard_context *guard))
{
	struct record *record = &guard->record;
	unsigned int sysctls = 0;	/* that apply has set at this boot */
	int ret = EXIT_NOT_APPLIED;

	CLOSE_FD lock = lock_record(guard->root);
	switch (open_store(guard)) {
	case GUARD_STORE_OK:
		if (boot_id_is_of_record(guard->root, record))
			sysctls = record->crash_sysctls;	/* before the change */
		ret = change(guard);
		break;
	case GUARD_STORE_NONE:
	case GUARD_STORE_NOT_MADE:
		ret = report_no_record(guard);
		break;
	case GUARD_STORE_DAMAGED:
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
		ret = guard->follow && !root_has(guard->root, GUARDED_FILE) ?
			      EXIT_OK :	/* nobody has set it up */
			      report_store(guard);
		break;
	}
	guard_store_close(&guard->store);
	if (ret == EXIT_OK)
		crash_sysctl_restore(guard->root, sysctls & ~record->crash_sysctls);
	return ret;
}

static int remove_flag_file(const struct guard_context *guard)
{
	char path[PATH_MAX];
	int err = root_path_of_name(path, guard->root, GUARDED_FILE);

	if (!err && unlink(path))
		err = -errno;
	if (!err || err == -ENOENT)
		return EXIT_OK;
	fprintf(stderr, "kpatch-early: bless: " GUARDED_FILE " cannot be removed: %s; "
		"the next rebuilt initramfs makes the record again\n",
		verdict_errno_text(err));
	return EXIT_NOT_APPLIED;
}

/* The flag file first: a boot that finds it alone makes the record again. */
static int remove_record(struct guard_context *guard)
{
	int ret = remove_flag_file(guard);

	if (ret != EXIT_OK || !*guard->store.path ||
	    guard->store.state == GUARD_STORE_NOT_MADE ||
	    guard->store.state == GUARD_STORE_MISSING)
		return ret;
	guard->store.state = guard_store_remove(&guard->store);
	return guard->store.state == GUARD_STORE_OK ? EXIT_OK : report_store(guard);
}

/* What never was a record stays. */
static int remove_next_record(struct guard_context *guard)
{
	int ret = EXIT_NOT_APPLIED;

	guard->store = (struct guard_store){ 0 };
	guard_store_open(&guard->place, &guard->store, &guard->record);
	switch (guard->store.state) {
	case GUARD_STORE_OK:
	case GUARD_STORE_DAMAGED:
	case GUARD_STORE_NONE:
	case GUARD_STORE_NOT_MADE:
	case GUARD_STORE_MISSING:
		ret = remove_record(guard);
		break;
	case GUARD_STORE_HIDDEN:
	case GUARD_STORE_FOREIGN:
	case GUARD_STORE_SHORT:
	case GUARD_STORE_AMBIGUOUS:
	case GUARD_STORE_NO_FILE:
	case GUARD_STORE_WRITABLE:
	case GUARD_STORE_LOST:
	case GUARD_STORE_SILENT:
	case GUARD_STORE_UNREADABLE:
		ret = report_store(guard);
		break;
	}
	guard_store_close(&guard->store);
	return ret;
}

/* Behind a variable, guard_store= may have a record too. */
static int end_guarding(struct guard_context *guard)
{
	int ret;

	CLOSE_FD lock = lock_record(guard->root);
	ret = remove_next_record(guard);
	if (ret == EXIT_OK && *guard->settings.guard_store)
		ret = remove_next_record(guard);
	if (ret == EXIT_OK)
		puts("the boot guard has no record any more; rebuild each initramfs, "
		     "which may hold " GUARDED_FILE);
	return ret;
}

int bless_verb(int argc, char **argv)
{
	static const struct option options[] = {
		{ "root", required_argument, NULL, 'r' },
		{ "init", no_argument, NULL, 'i' },
		{ "withdraw", no_argument, NULL, 'w' },
		{ "remove", no_argument, NULL, 'm' },
		{ 0 },
	};
	struct guard_context guard;
	int ret = parse_guard_options(argc, argv, options, &guard);

	if (ret != EXIT_OK)
		return ret;
	if (guard.remove)
		return end_guarding(&guard);
	if (guard.init)
		return create_store(&guard);
	return change_record(&guard, guard.withdraw ? withdraw_try : bless_set);
}

static const struct option root_option[] = {
	{ "root", required_argument, NULL, 'r' },
	{ 0 },
};

int reset_verb(int argc, char **argv)
{
	struct guard_context guard;
	int ret = parse_guard_options(argc, argv, root_option, &guard);

	if (ret != EXIT_OK)
		return ret;
	return change_record(&guard, reset_sets);
}

/* Changes who turned patching off to @off. */
static int write_switch(struct guard_context *guard, unsigned int off)
{
	if (off == guard->record.off)
		return EXIT_OK;
	guard->record.off = (unsigned char)off;
	return write_changed_record(guard);
}

static int follow_kpatch_service(struct guard_context *guard)
{
	enum kpatch_service_state state = kpatch_service_state(guard->root);
	bool is_off = state == KPATCH_SERVICE_DISABLED || state == KPATCH_SERVICE_MASKED;
	unsigned int others = guard->record.off & ~RECORD_OFF_KPATCH_SERVICE;

	return write_switch(guard, is_off && guard->settings.follow_kpatch_service ?
					   others | RECORD_OFF_KPATCH_SERVICE :
					   others);
}

static int turn_patching_off(struct guard_context *guard)
{
	int ret = write_switch(guard, guard->record.off | RECORD_OFF_ADMINISTRATOR);

	return ret == EXIT_OK ? report_done("from the next boot on no live patch is "
					    "loaded; kpatch-early enable takes it back") :
				ret;
}

static int turn_patching_on(struct guard_context *guard)
{
	int ret = write_switch(guard, guard->record.off & ~RECORD_OFF_ADMINISTRATOR);

	if (ret != EXIT_OK)
		return ret;
	return report_done(record_is_off(&guard->record,
					 guard->settings.follow_kpatch_service) ?
			   "kpatch.service is disabled, so no live patch is loaded all "
			   "the same; systemctl enable kpatch.service" :
			   "from the next boot on live patches are loaded");
}

static int change_switch(struct guard_context *guard,
			 int (*change)(struct guard_context *guard))
{
	return guard->settings.guard == GUARD_OFF ? report_no_record(guard) :
						    change_record(guard, change);
}

int disable_verb(int argc, char **argv)
{
	static const struct option options[] = {
		{ "root", required_argument, NULL, 'r' },
		{ "follow", no_argument, NULL, 'f' },
		{ 0 },
	};
	struct guard_context guard;
	int ret = parse_guard_options(argc, argv, options, &guard);

	if (ret != EXIT_OK)
		return ret;
	return change_switch(&guard,
			     guard.follow ? follow_kpatch_service : turn_patching_off);
}

int enable_verb(int argc, char **argv)
{
	struct guard_context guard;
	int ret = parse_guard_options(argc, argv, root_option, &guard);

	if (ret != EXIT_OK)
		return ret;
	return change_switch(&guard, turn_patching_on);
}
