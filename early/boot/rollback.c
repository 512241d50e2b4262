// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The rollback verb: turns off what apply put in force, since the root did not come,
 * perhaps because the kernel refuses a driver that a patch does not fit. In an
 * initramfs only: a running system is never reverted.
 */
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "common/bounds.h"
#include "common/clock.h"
#include "common/file.h"
#include "common/guard/boot_id.h"
#include "common/guard/crash_sysctl.h"
#include "common/guard/store.h"
#include "common/guard/trial.h"
#include "common/input/settings.h"
#include "common/module/livepatch.h"
#include "common/mount.h"
#include "common/paths.h"
#include "common/status_file.h"
#include "common/text.h"
#include "common/verbs.h"
#include "early/boot/boot.h"
#include "early/boot/kmsg_write.h"
#include "early/boot/on_failure.h"
#include "early/boot/supervise.h"
#include "early/guard/reach.h"
#include "early/load/kmsg_read.h"
#include "early/load/load.h"

/* In memory that the supervisor shares with the worker. */
struct rollback {
	const char *root;
	struct utsname kernel;
	struct settings settings;
	struct status status;	/* what apply left; then what is left of it */
	struct status_patch patches[PATCHES_MAX];
	char text[STATUS_BYTES_MAX];
	/* the kernel's words about a refused driver, if any */
	char evidence[REASON_MAX / 2];
	char reason[REASON_MAX];
	size_t off;		/* patches turned off */
	const char *left;	/* one that could not be, or NULL */
	struct guard_store store;	/* its state: what came of the record's write */
	struct supervision supervision;
} SUPERVISE_SHARED;

static bool is_in_force(const struct rollback *rollback, const struct status_patch *patch)
{
	enum livepatch_state state = livepatch_state(rollback->root, patch->name);

	return (patch->outcome == OUTCOME_APPLIED || patch->outcome == OUTCOME_ALREADY) &&
	       (state == LIVEPATCH_ENABLED || state == LIVEPATCH_ENABLING);
}

static void turn_off(struct rollback *rollback, struct status_patch *patch)
{
	unsigned int timeout_s = rollback->settings.transition_timeout_s;
	enum cause cause = CAUSE_TURNED_OFF;
	int err;

	rollback->left = patch->name;	/* in case that this never ends */
	clock_limit_set(&rollback->supervision.limit, 2 * timeout_s + CONFIRM_LIMIT_S);
	switch (load_turn_off(rollback->root, patch->name,
			      clock_now_ms() + timeout_s * 1000ULL, &err)) {
	case LOAD_OFF_REFUSED:
		kmsg_write(KMSG_ERR, "%s: it cannot be turned off: %s", patch->name,
			   verdict_errno_text(err));
		return;
	case LOAD_OFF_STALLED:
		kmsg_write(KMSG_ERR, "%s: it cannot be turned off: its transition "
			   "did not end in %u s", patch->name, timeout_s);
		return;
	case LOAD_OFF_STAYS:
		cause = CAUSE_TURNED_OFF_STAYS;
		break;
	case LOAD_OFF_DONE:
		break;
	}
	status_patch_set(patch, &(struct verdict){ .cause = cause, .ms = patch->ms });
	rollback->off++;
}

/* The newest first: the kernel keeps what another patch is stacked on. */
static void turn_all_off(struct rollback *rollback)
{
	const char *left = NULL;

	for (size_t i = rollback->status.count; i-- > 0;) {
		struct status_patch *patch = &rollback->patches[i];

		if (!is_in_force(rollback, patch))
			continue;
		turn_off(rollback, patch);
		if (patch->outcome != OUTCOME_SKIPPED)
			left = patch->name;
	}
	rollback->left = left;
}

static void find_evidence(struct rollback *rollback)
{
	CLOSE_FD log = kmsg_read_open(rollback->root);

	kmsg_read_reason(log, NULL, rollback->evidence, sizeof(rollback->evidence));
}

/* The trial of what this boot loaded, or RECORD_TRIALS. */
static size_t find_loaded(const struct rollback *rollback, const struct record *record)
{
	unsigned char id[SET_ID_BYTES];

	return text_from_hex(rollback->status.set, id, sizeof(id)) == sizeof(id) ?
		       trial_find(record, id) :
		       RECORD_TRIALS;
}

/* A disk that is missing is no fault of a proven set, unless the kernel says so. */
static bool is_guilty(const struct rollback *rollback, const struct record *record,
		      size_t loaded)
{
	if (loaded == RECORD_TRIALS)
		return false;
	if (record->trials[loaded].state == TRIAL_PROVEN)
		return *rollback->evidence;
	return boot_id_is_of_record(rollback->root, record);
}

static void mark_failed(struct rollback *rollback, struct record *record)
{
	size_t loaded = find_loaded(rollback, record);

	if (boot_id_is_of_record(rollback->root, record))
		crash_sysctl_restore(rollback->root, record->crash_sysctls);
	if (!is_guilty(rollback, record, loaded))
		return;
	trial_step(record, loaded, EVENT_ROLLED_BACK);
	rollback->status.guard = trial_state_word(record->trials[loaded].state);
	rollback->store.state = guard_store_write(&rollback->store, record);
}

static void tell_guard(struct rollback *rollback)
{
	const struct guard_store_place place = {
		.root = rollback->root, .release = rollback->kernel.release,
		.settings = &rollback->settings,
	};
	struct record record;

	if (!rollback->status.set)
		return;
	if (reach_store(&place, &rollback->store, &record) == GUARD_STORE_OK)
		mark_failed(rollback, &record);
	guard_store_close(&rollback->store);
}

/* The worker's road. */
static void roll_back(void *data)
{
	struct rollback *rollback = data;

	supervise_enter(&rollback->supervision, PHASE_LOAD, CONFIRM_LIMIT_S);
	rollback->left = livepatch_find_coming(rollback->root, &rollback->status);
	if (rollback->left) {
		kmsg_write(KMSG_ERR, "%s: its load hangs, so no patch can be turned off",
			   rollback->left);
		return;
	}
	turn_all_off(rollback);
	if (!rollback->off)
		return;
	supervise_enter(&rollback->supervision, PHASE_CONFIRM,
			rollback->settings.guard_wait_s);
	find_evidence(rollback);
	tell_guard(rollback);
}

/*
 * A worker that never ends is left behind, and what it has done by then counts. Returns
 * that.
 */
static struct rollback *supervise_roll_back(struct rollback *rollback)
{
	static struct rollback left;
	struct supervision *supervision = &rollback->supervision;

	clock_limit_set(&supervision->budget, rollback->settings.boot_budget_s);
	if (supervise_run(supervision, rollback->root, roll_back, rollback) ==
	    PHASE_EVENT_ENDED)
		return rollback;
	memcpy(&left, rollback, sizeof(left));
	left.status.patches = left.patches;
	if (supervision->phase == PHASE_LOAD && left.left)
		kmsg_write(KMSG_ERR, "%s: turning it off has not ended; the boot goes on",
			   left.left);
	else
		left.store.state = GUARD_STORE_SILENT;
	return &left;
}

static void report_guard(struct rollback *rollback)
{
	if (rollback->store.state == GUARD_STORE_OK)
		return;
	/* So that bless hears of it all the same. */
	rollback->status.guard = trial_state_word(TRIAL_FAILED);
	boot_report_guard(rollback->store.state, rollback->store.err);
}

static void describe_rollback(struct rollback *rollback)
{
	bool says = *rollback->evidence;

	rollback->status.state = BOOT_QUARANTINED;
	rollback->status.verdict = rollback->status.reason = rollback->reason;
	snprintf(rollback->reason, sizeof(rollback->reason),
		 "the root did not come, so %zu %s turned off%s%s%s%s", rollback->off,
		 rollback->off == 1 ? "patch was" : "patches were",
		 rollback->left ? ", but not " : "", rollback->left ? rollback->left : "",
		 says ? "; the kernel says: " : "", rollback->evidence);
}

static int conclude_rollback(struct rollback *rollback)
{
	report_guard(rollback);
	describe_rollback(rollback);
	boot_write_status(rollback->root, STATUS_FILE, &rollback->status);
	kmsg_write_close(KMSG_WARNING, rollback->reason);
	dprintf(STDOUT_FILENO, "%s\n", rollback->reason);
	kmsg_write_open(rollback->root, false);
	on_failure_act(rollback->settings.on_failure, !*rollback->root,
		       &rollback->status);
	return rollback->left ? EXIT_NOT_APPLIED : EXIT_OK;
}

static int run(struct rollback *rollback)
{
	int err = status_read(rollback->root, rollback->text, &rollback->status,
			      rollback->patches);

	settings_read(rollback->root, NULL, &rollback->settings);
	kmsg_write_open(rollback->root, false);
	if (!err)
		rollback = supervise_roll_back(rollback);
	if (rollback->off)
		return conclude_rollback(rollback);
	/* The hook hears of it by standard output alone, and tries nothing again. */
	fputs("kpatch-early: rollback: no patch that apply loaded was turned off; "
	      "nothing is changed\n", stderr);
	return rollback->left ? EXIT_NOT_APPLIED : EXIT_OK;
}

int rollback_verb(int argc, char **argv)
{
	static struct rollback rollback;
	const struct verb_option options[] = {
		{ "root", &rollback.root, NULL },
		{ NULL, NULL, NULL },
	};

	(void)argc;
	supervise_share(&rollback, sizeof(rollback), &rollback.supervision);
	rollback.root = "";
	if (!verbs_parse(argv, options) || !verbs_has_root(argv[0], rollback.root))
		return verbs_bad_usage();
	if (!mount_is_initramfs(rollback.root)) {
		fputs("kpatch-early: rollback: this is no initramfs, and a running "
		      "system is never reverted; nothing was done\n", stderr);
		return EXIT_BAD_INPUT;
	}
	uname(&rollback.kernel);
	return run(&rollback);
}
