// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The rollback verb: turns off what apply put in force, since the root did not come, perhaps because the kernel
 * refuses a driver that a patch does not fit. In an initramfs only: a running system is never reverted.
 */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

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
#include "early/boot/kmsg_write.h"
#include "early/boot/on_failure.h"
#include "early/guard/reach.h"
#include "early/load/kmsg_read.h"
#include "early/load/load.h"

static struct {
	const char *root;
	struct utsname kernel;
	struct settings settings;
	struct status status;		/* what apply left; then what is left of it */
	struct status_patch patches[PATCHES_MAX];
	char text[STATUS_BYTES_MAX];
	char evidence[REASON_MAX / 2];	/* the kernel's words about the driver that it refused; may be empty */
	char reason[REASON_MAX];
	size_t off;			/* patches turned off */
	const char *left;		/* one that could not be, or NULL */
} rollback;

static void no_notice(unsigned int line, const char *reason)
{
	(void)line, (void)reason;	/* apply reported it */
}

static bool is_in_force(const struct status_patch *patch)
{
	enum livepatch_state state = livepatch_state(rollback.root, patch->name);

	return (patch->outcome == OUTCOME_APPLIED || patch->outcome == OUTCOME_ALREADY) &&
	       (state == LIVEPATCH_ENABLED || state == LIVEPATCH_ENABLING);
}

static void turn_off(struct status_patch *patch)
{
	unsigned long long stop = clock_now_ms() + rollback.settings.transition_timeout_s * 1000ULL;
	int err = load_turn_off(rollback.root, patch->name, stop);

	if (err < 0) {
		kmsg_write(KMSG_ERR, "%s: it cannot be turned off: %s", patch->name, verdict_errno_text(err));
		rollback.left = patch->name;
		return;
	}
	status_patch_set(patch, &(struct verdict){
		.cause = err ? CAUSE_TURNED_OFF_STAYS : CAUSE_TURNED_OFF, .ms = patch->ms,
	});
	rollback.off++;
}

/* The newest first: the kernel keeps what another patch is stacked on. */
static void turn_all_off(void)
{
	for (size_t i = rollback.status.count; i-- > 0;)
		if (is_in_force(&rollback.patches[i]))
			turn_off(&rollback.patches[i]);
}

static void find_evidence(void)
{
	CLOSE_FD log = kmsg_read_open(rollback.root);

	kmsg_read_reason(log, NULL, rollback.evidence, sizeof(rollback.evidence));
}

/* A disk that is missing is no fault of a proven set, unless the kernel says so. */
static bool is_guilty(const struct record *record)
{
	if (strcmp(rollback.status.guard, verdict_trial_word(record->state)))
		return false;
	return record->state == TRIAL_PROVEN ? *rollback.evidence : boot_id_is_of_record(rollback.root, record);
}

static void tell_guard(void)
{
	const struct guard_store_place place = {
		.root = rollback.root, .release = rollback.kernel.release, .settings = &rollback.settings,
	};
	static const char *const on_trial[] = { "trying", "proven", NULL };
	struct guard_store store = { 0 };
	struct record record;
	int err = 0;

	if (!text_is_one_of(rollback.status.guard, on_trial))
		return;
	if (reach_store(&place, &store, &record) != GUARD_STORE_OK)
		err = store.err ? store.err : -EBADMSG;
	if (!err && boot_id_is_of_record(rollback.root, &record))
		crash_sysctl_restore(rollback.root, record.crash_sysctls);
	if (!err && is_guilty(&record)) {
		trial_step(&record, EVENT_ROLLED_BACK, TRIAL_CAUSE_ROLLED_BACK);
		err = guard_store_write(&store, &record);
		rollback.status.guard = verdict_trial_word(record.state);
	}
	guard_store_close(&store);
	if (!err)
		return;
	rollback.status.guard = verdict_trial_word(TRIAL_FAILED);	/* so that bless hears of it all the same */
	kmsg_write(KMSG_WARNING, "the boot guard's record cannot be written: %s", verdict_errno_text(err));
}

static int conclude(void)
{
	bool says = *rollback.evidence;
	int err;

	rollback.status.state = BOOT_QUARANTINED;
	rollback.status.reason = rollback.reason;
	snprintf(rollback.reason, sizeof(rollback.reason), "the root did not come, so %zu %s turned off%s%s%s%s",
		 rollback.off, rollback.off == 1 ? "patch was" : "patches were",
		 rollback.left ? ", but not " : "", rollback.left ? rollback.left : "",
		 says ? "; the kernel says: " : "", rollback.evidence);
	err = status_write(rollback.root, &rollback.status);
	if (err)
		kmsg_write(KMSG_WARNING, STATUS_FILE " cannot be written: %s; the boot goes on",
		       verdict_errno_text(err));
	kmsg_write_close(KMSG_WARNING, rollback.reason);
	dprintf(STDOUT_FILENO, "%s\n", rollback.reason);
	kmsg_write_open(rollback.root, false);
	on_failure_act(rollback.settings.on_failure, !*rollback.root, &rollback.status);
	return rollback.left ? EXIT_NOT_APPLIED : EXIT_OK;
}

static int run(void)
{
	int err = status_read(rollback.root, rollback.text, &rollback.status, rollback.patches);

	settings_read(rollback.root, no_notice, &rollback.settings);
	kmsg_write_open(rollback.root, false);
	if (!err)
		turn_all_off();
	if (!rollback.off) {	/* the hook hears of it by standard output alone, and tries nothing again */
		fputs("kpatch-early: rollback: no patch that apply loaded was turned off; nothing is changed\n", stderr);
		return rollback.left ? EXIT_NOT_APPLIED : EXIT_OK;
	}
	find_evidence();
	tell_guard();
	return conclude();
}

int rollback_verb(int argc, char **argv)
{
	static const struct option options[] = {
		{ "root", required_argument, NULL, 'r' },
		{ 0 },
	};
	int option;

	rollback.root = "";
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option != 'r')
			return verbs_bad_usage();
		rollback.root = optarg;
	}
	if (optind < argc)
		return verbs_bad_usage();
	if (!mount_is_initramfs(rollback.root)) {
		fputs("kpatch-early: rollback: this is no initramfs, and a running system is never reverted; nothing was done\n", stderr);
		return EXIT_BAD_INPUT;
	}
	uname(&rollback.kernel);
	return run();
}
