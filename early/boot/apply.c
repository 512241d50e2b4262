// SPDX-License-Identifier: GPL-2.0-or-later
/* The early-boot job, from the kernel command line to the status file. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/file.h"
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
#include "early/boot/plan.h"
#include "early/boot/replaced.h"
#include "early/guard/judge.h"
#include "early/guard/watchdog.h"
#include "early/load/busy_cpus.h"
#include "early/load/kmsg_read.h"
#include "early/load/modprobe.h"

static void report_notice(struct guard *guard)
{
	if (*guard->reason)
		kmsg_write(guard->is_warning ? KMSG_WARNING : KMSG_INFO, "%s",
			   guard->reason);
	guard->reason[0] = '\0';
}

static void end_open_patches(struct boot *boot, enum cause cause, unsigned int seconds)
{
	for (size_t i = 0; i < boot->count; i++)
		if (patch_is_open(&boot->patches[i])) {
			boot->patches[i].verdict.seconds = seconds;
			patch_end(&boot->patches[i], cause);
		}
}

/* The guard goes on without a module that it can't have, and says nothing of it. */
static void warn_of_install_line(const struct boot *boot)
{
	const struct modprobe_source source = {
		.root = boot->root, .release = boot->kernel.release, .dry_run = true,
	};
	struct modprobe_failure failure;

	if (boot->settings.guard != GUARD_OFF &&
	    modprobe_has_install_line(&source, boot->settings.guard_modules,
				      &failure))
		kmsg_write(KMSG_WARNING, "guard_modules=: %s is not loaded: modprobe.d "
			   "has an install line for it", failure.module);
}

static bool is_wanted(const struct patch *patch)
{
	return patch->verdict.cause != CAUSE_DISABLED &&
	       patch->verdict.cause != CAUSE_SKIP_WORD;
}

static enum guard_answer ask_guard(struct boot *boot)
{
	const struct manifest_entry *lines[PATCHES_MAX];
	struct guard_set set = {
		.root = boot->root,
		.kernel = &boot->kernel,
		.lines = lines,
		.dry_run = boot->run == BOOT_RUN_DRY,
	};
	enum guard_answer answer;

	if (boot->is_unreachable)
		return boot->guard.state != GUARD_STATE_BLOCKED ? GUARD_LOADS_ALL :
								  GUARD_LOADS_NOTHING;
	for (size_t i = 0; i < boot->count; i++)
		if (is_wanted(&boot->patches[i]))
			lines[set.count++] = &boot->entries[i];
	answer = guard_begin(&set, &boot->settings, &boot->guard);
	warn_of_install_line(boot);
	return answer;
}

/*
 * The record is about what the first run of a boot loads, so a later run changes nothing
 * in it, and loads nothing if that boot is quarantined.
 */
static enum guard_answer judge_later_run(struct boot *boot, enum guard_answer answer)
{
	struct guard *guard = &boot->guard;

	guard_keep_record(guard);
	if (boot->verdict != STATUS_VERDICT_QUARANTINED || answer == GUARD_LOADS_NOTHING)
		return answer;
	snprintf(guard->reason, sizeof(guard->reason),
		 "this boot is quarantined, see " STATUS_FILE);
	return GUARD_LOADS_NOTHING;
}

/*
 * Nothing may be loaded; what is in the kernel already is looked at all the same. The
 * reason is the boot's, and told once.
 */
static void quarantine(struct boot *boot)
{
	for (size_t i = 0; i < boot->count; i++)
		if (plan_must_load(boot, &boot->patches[i]))
			patch_end(&boot->patches[i], CAUSE_QUARANTINED);
	boot_set_state(boot, BOOT_QUARANTINED, "%s", boot->guard.reason);
}

/* As any boot that the administrator turned off, it has no line for a patch. */
static void obey_switch(struct boot *boot)
{
	boot->count = 0;
	boot_set_state(boot, BOOT_DISABLED, "%s", boot->guard.reason);
}

/* The set may not be loaded, but what of it was good before. */
static void leave_out_unproven(struct boot *boot)
{
	size_t line = 0;

	for (size_t i = 0; i < boot->count; i++) {
		struct patch *patch = &boot->patches[i];

		if (is_wanted(patch) && !guard_has_line(&boot->guard, line++) &&
		    patch_is_open(patch))
			patch_end(patch, CAUSE_LEFT_OUT);
	}
	boot_set_state(boot, BOOT_PARTIAL, "%s; what was proven before is loaded",
		       boot->guard.reason);
	boot->guard.reason[0] = '\0';
}

/* Ends the patches that may not be loaded, as far as earlier boots tell. */
static void judge(struct boot *boot)
{
	enum guard_answer answer = ask_guard(boot);

	if (boot_has_verdict(boot) && boot->run != BOOT_RUN_DRY)
		answer = judge_later_run(boot, answer);
	switch (answer) {
	case GUARD_LOADS_ALL:
		break;
	case GUARD_LOADS_PART:
		leave_out_unproven(boot);
		break;
	case GUARD_LOADS_NOTHING:
		quarantine(boot);
		break;
	case GUARD_TURNED_OFF:
		obey_switch(boot);
		break;
	}
}

/* False if nothing may be loaded, since the next boot would not know of it. */
static bool mark(struct boot *boot)
{
	struct guard *guard = &boot->guard;

	/* A refusal is no try: what is known before needs no write. */
	if (guard->state == GUARD_STATE_TRIAL && plan_is_hopeless(boot))
		return true;
	if (!guard_mark(guard))
		return false;
	if (guard->state == GUARD_STATE_TRIAL) {
		guard_load_helpers(guard, boot->kernel.release);
		supervise_with_watchdog(&boot->supervision,
					boot->settings.load_timeout_s);
	}
	return true;
}

/*
 * The first patch of the manifest that is in force now, whatever was seen before; or
 * NULL.
 */
static const struct patch *first_in_force(const struct boot *boot)
{
	for (size_t i = 0; i < boot->count; i++)
		if (patch_is_in_force(&boot->patches[i]) &&
		    livepatch_state(boot->root, boot->patches[i].name) ==
			    LIVEPATCH_ENABLED)
			return &boot->patches[i];
	return NULL;
}

/*
 * A patch built with .replace, kpatch-build's default, turns off all that came before
 * it. So the first patch in force is the one that did, if any did. A second run finds
 * the module of a replaced patch loaded but inactive; that must read the same.
 */
static void find_replaced(struct boot *boot)
{
	const struct patch *by = first_in_force(boot);

	if (!by || !livepatch_may_replace(boot->root, by->name))
		return;
	for (struct patch *patch = boot->patches; patch < by; patch++) {
		if (patch_is_in_force(patch) ||
		    patch->verdict.cause == CAUSE_BEFORE_INACTIVE)
			patch_end_with(patch, CAUSE_REPLACED, by->name);
		if (patch->required && patch->verdict.cause == CAUSE_REPLACED)
			replaced_check_functions(boot, by, patch);
	}
}

/* Ends the current patch if it is live already, or there is no time. True if neither. */
static bool admit_current(struct boot *boot)
{
	struct patch *patch = &boot->patches[boot->current];

	if (patch_is_open(patch))
		load_check_live(&boot->loading, patch);
	if (patch_is_open(patch) && !load_has_time(&boot->loading))
		end_open_patches(boot, CAUSE_BUDGET, boot->settings.boot_budget_s);
	return patch_is_open(patch);
}

static bool has_stalled(const struct patch *patch)
{
	return verdict_outcome(patch->verdict.cause) == OUTCOME_FAILED &&
	       verdict_step(patch->verdict.cause) == STEP_TRANSITION;
}

/* Says to the guard how the loads went. */
static void conclude_trial(struct boot *boot)
{
	bool is_stalled = false;

	for (size_t i = 0; i < boot->count; i++)
		is_stalled |= has_stalled(&boot->patches[i]);
	if (is_stalled)
		guard_stalled(&boot->guard);
	else if ((boot->loading.refused || !boot->loading.loads) && !first_in_force(boot))
		guard_refused(&boot->guard);
}

static void confirm(struct boot *boot)
{
	busy_cpus_stop(&boot->loading.busy);
	file_close(&boot->loading.log);
	find_replaced(boot);
	conclude_trial(boot);
	boot->written = GUARD_STORE_SILENT;	/* until it returns */
	boot->written = guard_write(&boot->guard);
	guard_close(&boot->guard);
}

/* Without a load there is nothing that the next boot has to know of. */
static void begin_loads(struct boot *boot)
{
	if (!plan_has_load(boot))
		return;
	supervise_enter(&boot->supervision, PHASE_MARK, 0);
	report_notice(&boot->guard);	/* it may be the last word of this boot */
	if (!mark(boot)) {
		quarantine(boot);
		return;
	}
	boot->loading.log = kmsg_read_open(boot->root);
	supervise_enter(&boot->supervision, PHASE_LOAD, boot->settings.load_timeout_s);
}

/* The worker's road. */
static void work(void *data)
{
	struct boot *boot = data;
	struct supervision *supervision = &boot->supervision;

	supervise_enter(supervision, PHASE_PLAN, 0);
	plan_verify(boot);
	supervise_enter(supervision, PHASE_JUDGE, boot->settings.guard_wait_s);
	judge(boot);
	begin_loads(boot);
	for (boot->current = 0; boot->current < boot->count; boot->current++) {
		if (admit_current(boot))
			load_patch(&boot->loading, &boot->patches[boot->current]);
		replaced_remember(boot);
	}
	supervise_enter(supervision, PHASE_CONFIRM, 0);
	confirm(boot);
	supervise_enter(supervision, PHASE_THROUGH, 0);
}

/* The same without a load, a write or a child. */
static void dry_run(struct boot *boot)
{
	plan_verify(boot);
	judge(boot);
	for (size_t i = 0; i < boot->count; i++)
		if (patch_is_open(&boot->patches[i]))
			load_check_live(&boot->loading, &boot->patches[i]);
	end_open_patches(boot, CAUSE_APPLIED, 0);
	find_replaced(boot);
	guard_close(&boot->guard);
}

/* As far as the verdicts say: the supervisor does not look into a kernel that hangs. */
static size_t count_in_force(const struct boot *boot)
{
	size_t count = 0;

	for (size_t i = 0; i < boot->count; i++)
		count += patch_is_in_force(&boot->patches[i]);
	return count;
}

static void write_guard(void *data)
{
	struct boot *boot = data;

	boot->written = guard_write(&boot->guard);
}

static void write_guard_and_close(void *data)
{
	struct boot *boot = data;

	write_guard(boot);
	guard_close(&boot->guard);
}

/* Runs one of these two in time. True if the record is as it has to be. */
static bool tell_guard_in_time(struct boot *boot, void (*job)(void *data),
			       unsigned int limit_s)
{
	boot->written = GUARD_STORE_SILENT;	/* until the job says otherwise */
	supervise_help(job, boot, limit_s);
	return boot->written == GUARD_STORE_OK;
}

/*
 * The current patch's load ended neither way. If the next boot will know of it, there
 * is no sense in going on.
 */
static void end_hung_load(struct boot *boot, enum phase_event event)
{
	struct patch *patch = &boot->patches[boot->current];
	char reason[REASON_MAX + 1];

	if (boot->current >= boot->count || !patch_is_open(patch))
		return;
	patch->verdict.cause =
		event == PHASE_EVENT_LIMIT ? CAUSE_HUNG : CAUSE_WORKER_DIED;
	patch->verdict.seconds = boot->supervision.limit.seconds;
	verdict_sentence(&patch->verdict, reason, sizeof(reason));
	if (guard_hung(&boot->guard) &&
	    tell_guard_in_time(boot, write_guard, MARK_LIMIT_S) &&
	    boot->run == BOOT_RUN_EARLY) {
		kmsg_write(KMSG_EMERG, "%s: %s; the machine restarts", patch->name,
			   reason);
		supervise_restart(boot->root);
		kmsg_write(KMSG_EMERG, "the machine does not restart; the boot goes on");
	}
	end_open_patches(boot, CAUSE_KERNEL_DEAD, 0);
	guard_stays(&boot->guard);
	tell_guard_in_time(boot, write_guard_and_close, CONFIRM_LIMIT_S);
}

/* No phase before the loads came to its end, so nothing is loaded. */
static void end_before_loads(struct boot *boot, enum phase_event event)
{
	enum cause cause =
		event == PHASE_EVENT_LIMIT ? CAUSE_PHASE_HUNG : CAUSE_PHASE_DIED;

	if (event == PHASE_EVENT_BUDGET) {
		end_open_patches(boot, CAUSE_BUDGET, boot->settings.boot_budget_s);
		return;
	}
	for (size_t i = 0; i < boot->count; i++) {
		struct patch *patch = &boot->patches[i];

		patch->verdict.seconds = boot->supervision.limit.seconds;
		if (patch_is_open(patch))
			patch_end_with(patch, cause,
				       phase_text(boot->supervision.phase));
	}
}

/* A load may yet come through. It leaves the try open. */
static void leave_load(struct boot *boot)
{
	unsigned int seconds = boot->settings.boot_budget_s;

	if (boot->current < boot->count && patch_is_open(&boot->patches[boot->current])) {
		boot->patches[boot->current].verdict.seconds = seconds;
		patch_end(&boot->patches[boot->current], CAUSE_BUDGET_LOADING);
	}
	end_open_patches(boot, CAUSE_BUDGET, seconds);
}

/*
 * Decides what the worker's end means, @event. Returns the boot to conclude, with a
 * verdict for each patch.
 */
static struct boot *settle(struct boot *boot, enum phase_event event)
{
	/* a worker that was left behind may come back, and write into the other */
	static struct boot left;
	enum phase_action action = phase_action(boot->supervision.phase, event);

	if (action == PHASE_ACTION_UNGUARDED) {
		boot->is_unreachable = true;
		guard_begin_without_store(boot->root, &boot->settings, &boot->guard);
		event = supervise_run(&boot->supervision, boot->root, work, boot);
		action = phase_action(boot->supervision.phase, event);
	}
	if (event == PHASE_EVENT_ENDED)
		return boot;
	supervise_share(&left, sizeof(left), &left.supervision);
	memcpy(&left, boot, sizeof(left));
	switch (action) {
	case PHASE_ACTION_CONCLUDE:
		break;
	case PHASE_ACTION_NOTHING:
	case PHASE_ACTION_UNGUARDED:
		end_before_loads(&left, event);
		break;
	case PHASE_ACTION_HUNG:
		end_hung_load(&left, event);
		break;
	case PHASE_ACTION_LEAVE:
		leave_load(&left);
		break;
	}
	watchdog_stop(&left.supervision.watchdog);
	return &left;
}

/* What a dry run says may not be read as what happened. */
static const char *in_force_text(const struct boot *boot)
{
	return boot->run == BOOT_RUN_DRY ? "would be in force" : "in force";
}

static void report_patch(const struct boot *boot, const struct patch *patch)
{
	const struct verdict *verdict = &patch->verdict;
	char reason[REASON_MAX + 1];

	verdict_sentence(verdict, reason, sizeof(reason));
	switch (verdict_outcome(verdict->cause)) {
	case OUTCOME_APPLIED:
		if (boot->run == BOOT_RUN_DRY)
			kmsg_write(KMSG_INFO, "%s: would be loaded", patch->name);
		else
			kmsg_write(KMSG_INFO, "%s: applied in %u ms", patch->name,
				   verdict->ms);
		break;
	case OUTCOME_ALREADY:
		kmsg_write(KMSG_INFO, "%s: already in force", patch->name);
		break;
	case OUTCOME_SKIPPED:
		kmsg_write(KMSG_INFO, "%s: skipped: %s", patch->name, reason);
		break;
	case OUTCOME_FAILED:
		kmsg_write(KMSG_ERR,
			   "%s: failed at %s: %s; it is not in force, the boot goes on",
			   patch->name, verdict_step_word(verdict_step(verdict->cause)),
			   reason);
		break;
	}
}

/* Sets the state by how many patches are in force, and how many failed. */
static void set_state_by_counts(struct boot *boot, size_t good, size_t failed,
				bool required_is_missing)
{
	if (failed)
		boot_set_state(boot, BOOT_PARTIAL, "%zu of %zu patches failed%s", failed,
			       boot->count, required_is_missing ?
			       ", a required one among them" : "");
	else if (good)
		boot_set_state(boot, BOOT_APPLIED, "%s", "");
	else
		boot_set_state(boot, BOOT_NOTHING, "all %zu patches are skipped",
			       boot->count);
}

/* Draws the boot's state from the patches'. Returns an exit status. */
static int sum_up(struct boot *boot)
{
	size_t good = count_in_force(boot), failed = 0;
	bool is_partial = boot->state == BOOT_PARTIAL, required_is_missing = false;

	for (size_t i = 0; i < boot->count; i++) {
		const struct patch *patch = &boot->patches[i];
		bool has_failed = verdict_outcome(patch->verdict.cause) == OUTCOME_FAILED;

		report_patch(boot, patch);
		failed += has_failed;
		if (has_failed || patch->verdict.cause == CAUSE_LEFT_OUT)
			required_is_missing |= patch->required;
	}
	/* Why a part is left out says more. */
	if (!is_partial)
		set_state_by_counts(boot, good, failed, required_is_missing);
	if (boot->state == BOOT_PARTIAL && (required_is_missing || !good))
		boot->state = BOOT_FAILED;
	return failed || is_partial ? EXIT_NOT_APPLIED : EXIT_OK;
}

/* From the patches' verdicts to the boot's. Returns an exit status. */
static int judge_boot(struct boot *boot)
{
	if (boot->state == BOOT_DISABLED)
		return EXIT_OK;
	plan_report_skips(boot);
	/* A quarantine that can't be written is one at the next boot, too. */
	if (boot->state == BOOT_QUARANTINED)
		return EXIT_NOT_APPLIED;
	boot_report_guard(boot->written, boot->guard.store.err);
	report_notice(&boot->guard);
	return sum_up(boot);
}

/* The clock of the budget begins. */
static void prepare(struct boot *boot)
{
	const struct settings *settings = &boot->settings;

	clock_limit_set(&boot->supervision.budget, settings->boot_budget_s);
	boot->loading = (struct load_context){
		.root = boot->root,
		.release = boot->kernel.release,
		.timeout_s = settings->transition_timeout_s,
		.load_timeout_s = settings->load_timeout_s,
		.limit = &boot->supervision.limit,
		.budget = &boot->supervision.budget,
		.log = -1,
		.keep_awake = settings->keep_awake && !boot->cmdline.keep_awake_off,
	};
}

/* One line for the kernel log, systemctl status and who looks into the status file. */
static void write_summary(const struct boot *boot, char *ret, size_t size)
{
	snprintf(ret, size, "%s: %zu of %zu patches for %s %s%s%s",
		 verdict_state_word(boot->state), count_in_force(boot), boot->count,
		 boot->kernel.release, in_force_text(boot),
		 boot->reason[0] ? "; " : "", boot->reason);
}

/* @lines has room for each patch. */
static struct status describe(const struct boot *boot, struct status_patch *lines)
{
	struct status status = {
		.release = boot->kernel.release,
		.state = boot->state,
		.reason = boot->reason,
		.guard = guard_word(boot->guard.state),
		.patches = lines,
		.count = boot->count,
	};

	for (size_t i = 0; i < boot->count; i++) {
		const struct patch *patch = &boot->patches[i];

		snprintf(lines[i].name, sizeof(lines[i].name), "%s", patch->name);
		lines[i].required = patch->required &&
				    boot->settings.on_failure != ON_FAILURE_CONTINUE;
		lines[i].fixes = boot->entries[i].fixes;
		status_patch_set(&lines[i], &patch->verdict);
	}
	status.overlay = boot->has_overlay;
	if (*boot->overlay_manifest)
		status.overlay_manifest = boot->overlay_manifest;
	status.before_root =
		boot->run == BOOT_RUN_EARLY && mount_is_initramfs(boot->root);
	return status;
}

/*
 * The boot's verdict is that of the first run that had a line for this kernel. Another
 * may follow by hand, or as PID 1 of the root behind an initramfs. False if there is no
 * status then, which is said.
 */
static bool write_status(const struct boot *boot, const struct status *status)
{
	const char *file = boot_has_verdict(boot) ? LAST_STATUS_FILE : STATUS_FILE;
	int err;

	if (boot->run != BOOT_RUN_DRY)
		return boot_write_status(boot->root, file, status);
	err = status_print(STDOUT_FILENO, status);
	if (err)
		kmsg_write(KMSG_WARNING, "standard output cannot be written: %s",
			   verdict_errno_text(err));
	return !err;
}

static bool parse_options(char **argv, struct boot *ret)
{
	bool is_dry = false;
	const struct verb_option options[] = {
		{ "root", &ret->root, NULL },
		{ "dry-run", NULL, &is_dry },
		{ NULL, NULL, NULL },
	};

	ret->root = "";
	if (!verbs_parse(argv, options))
		return false;
	ret->run = is_dry ? BOOT_RUN_DRY : BOOT_RUN_BY_HAND;
	return verbs_has_root(argv[0], ret->root);
}

/*
 * The status file, the last record of the kernel log, standard output, and what
 * on_failure= asks for.
 */
static void conclude(struct boot *boot)
{
	static struct status_patch lines[PATCHES_MAX];
	const unsigned char *id = guard_loaded_id(&boot->guard);
	char summary[sizeof(boot->reason) + 256], set[2 * SET_ID_BYTES + 1];
	struct status status = describe(boot, lines);
	bool is_dry = boot->run == BOOT_RUN_DRY;

	if (id) {
		text_to_hex(id, SET_ID_BYTES, set);
		status.set = set;
	}
	write_summary(boot, summary, sizeof(summary));
	status.verdict = summary;
	if (!write_status(boot, &status) && boot->exit_status == EXIT_OK)
		boot->exit_status = EXIT_NOT_APPLIED;
	kmsg_write_close(boot->exit_status == EXIT_OK ? KMSG_INFO : KMSG_ERR, summary);
	if (!is_dry)
		dprintf(STDOUT_FILENO, "%s\n", summary);
	if (boot->settings.on_failure == ON_FAILURE_CONTINUE)
		return;
	kmsg_write_open(boot->root, is_dry);
	on_failure_act(boot->settings.on_failure,
		       boot->run == BOOT_RUN_EARLY && !*boot->root, &status);
}

int apply_verb(int argc, char **argv)
{
	static struct boot shared;
	struct boot *boot = &shared;

	(void)argc;
	supervise_share(boot, sizeof(*boot), &boot->supervision);
	if (!parse_options(argv, boot))
		return verbs_bad_usage();
	uname(&boot->kernel);
	boot->verdict = status_verdict(boot->root);
	kmsg_write_open(boot->root, boot->run == BOOT_RUN_DRY);
	kmsg_write_count_in(&boot->records);
	if (boot->run == BOOT_RUN_BY_HAND &&
	    on_failure_is_boot(boot->root, boot->verdict))
		boot->run = BOOT_RUN_EARLY;
	if (plan_read(boot)) {
		prepare(boot);
		if (boot->run == BOOT_RUN_DRY)
			dry_run(boot);
		else
			boot = settle(boot, supervise_run(&boot->supervision, boot->root,
							  work, boot));
		boot->exit_status = judge_boot(boot);
	}
	conclude(boot);
	return boot->exit_status;
}
