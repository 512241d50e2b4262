// SPDX-License-Identifier: GPL-2.0-or-later
/* The early-boot job, from the kernel command line to the status file. */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "common/file.h"
#include "common/input/cmdline.h"
#include "common/input/manifest.h"
#include "common/input/settings.h"
#include "common/input/signed_manifest.h"
#include "common/module/livepatch.h"
#include "common/module/module_name.h"
#include "common/paths.h"
#include "common/status_file.h"
#include "common/text.h"
#include "common/verbs.h"
#include "early/boot/kmsg_write.h"
#include "early/boot/on_failure.h"
#include "early/boot/supervise.h"
#include "early/guard/judge.h"
#include "early/guard/watchdog.h"
#include "early/load/kmsg_read.h"
#include "early/load/load.h"

struct boot {
	const char *root;
	bool dry_run;
	struct utsname kernel;
	struct settings settings;
	struct cmdline cmdline;
	struct manifest_entry entries[PATCHES_MAX];	/* this kernel's lines */
	struct patch patches[PATCHES_MAX];	/* what became of them */
	size_t count;
	bool is_boot;			/* and no run by hand, see on_failure.h */
	struct load_context loading;
	size_t current;			/* the patch that is loaded now */
	enum boot_state state;
	char reason[REASON_MAX + PATH_MAX];
	struct guard guard;
	struct supervision watch;
} SUPERVISE_SHARED;

static struct boot boot;
static struct guard *const guard = &boot.guard;

static void settle(enum boot_state state, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void settle(enum boot_state state, const char *format, ...)
{
	va_list args;

	boot.state = state;
	va_start(args, format);
	vsnprintf(boot.reason, sizeof(boot.reason), format, args);
	va_end(args);
}

static void settings_notice(unsigned int line, const char *reason)
{
	kmsg_write(KMSG_WARNING, CONF_FILE " line %u: %s", line, reason);
}

/* False if the administrator said no, or may have. */
static bool read_settings(void)
{
	int err = settings_read(boot.root, settings_notice, &boot.settings);

	if (err)
		settle(BOOT_DISABLED, CONF_FILE " cannot be read, and may say enabled=no: %s",
		       verdict_errno_text(err));
	else if (!boot.settings.enabled)
		settle(BOOT_DISABLED, "enabled=no in " CONF_FILE);
	return boot.settings.enabled;
}

/* False if the administrator said no, or may have. */
static bool read_cmdline(void)
{
	cmdline_read(boot.root, &boot.cmdline);
	if (boot.cmdline.warning)
		kmsg_write(KMSG_WARNING, "kernel command line: %s", boot.cmdline.warning);
	if (boot.cmdline.disabled_by)
		settle(BOOT_DISABLED, "%s", boot.cmdline.disabled_by);
	return !boot.cmdline.disabled_by;
}

static int choose(const struct manifest_entry *entry, void *unused)
{
	(void)unused;
	if (strcmp(entry->release, boot.kernel.release))
		return 0;
	/*
	 * An overlay's line for a module of the base's: its file has taken the place of the other, and its
	 * word is the newer one, but what the base requires stays required.
	 */
	for (size_t i = 0; i < boot.count; i++)
		if (manifest_same_module(boot.entries[i].file, entry->file)) {
			bool required = boot.entries[i].required | entry->required;

			boot.entries[i] = *entry;
			boot.entries[i].required = required;
			return 0;
		}
	if (boot.count == PATCHES_MAX)
		return -E2BIG;
	boot.entries[boot.count++] = *entry;
	return 0;
}

/* Nothing of what cannot be trusted is used. Returns an exit status. */
static int distrust(const struct signed_manifest_error *error)
{
	if (error->reason)
		settle(BOOT_FAILED, "%s: %s", error->path, error->reason);
	else
		settle(BOOT_FAILED, "%s cannot be read: %s", error->path, verdict_errno_text(error->err));
	return EXIT_BAD_INPUT;
}

/* Nothing is loaded before every line was understood. Returns an exit status. */
static int parse_manifest(struct signed_manifest *manifest, const char *file)
{
	struct manifest_error error = { 0 };
	int err = manifest_parse(manifest->text, manifest->len, &(struct manifest_reader){
		MANIFEST_BAKED, choose, NULL }, &error);

	if (err == -E2BIG)
		settle(BOOT_FAILED, "%s%s: more than %d patches for this kernel", boot.root, file,
		       PATCHES_MAX);
	else if (err)
		settle(BOOT_FAILED, "%s%s line %u: %s", boot.root, file, error.line, error.reason);
	if (err)
		boot.count = 0;
	return err ? EXIT_BAD_INPUT : EXIT_OK;
}

/* Returns an exit status. */
static int read_manifests(void)
{
	static const char *const files[] = { MANIFEST_FILE, ADDED_MANIFEST_FILE };
	static struct signed_manifest manifests[ARRAY_SIZE(files)];
	static struct signify_keys keys;
	struct signed_manifest_error error;
	int ret = EXIT_OK, err = signed_manifest_read_keys(boot.root, &keys, &error);

	if (err)
		return distrust(&error);
	settle(BOOT_NOTHING, "there is no manifest");
	for (size_t i = 0; i < ARRAY_SIZE(files) && ret == EXIT_OK; i++) {
		err = signed_manifest_read(&(struct signed_manifest_source){
			boot.root, files[i], &keys }, &manifests[i], &error);
		if (err == -ENOENT)
			continue;
		settle(BOOT_NOTHING, "the manifest has no line for this kernel");
		ret = err ? distrust(&error) : parse_manifest(&manifests[i], files[i]);
	}
	if (ret != EXIT_OK)
		boot.count = 0;
	return ret;
}

/* The last patch of the manifest that is in force before anything is loaded, or NULL. */
static const struct patch *last_in_force(void)
{
	if (livepatch_is_none(boot.root))
		return NULL;
	for (size_t i = boot.count; i-- > 0;)
		if (livepatch_state(boot.root, boot.patches[i].name) == LIVEPATCH_ENABLED)
			return &boot.patches[i];
	return NULL;
}

static void set_replaced(struct patch *patch, const struct patch *by)
{
	patch->verdict.cause = CAUSE_REPLACED;
	snprintf(patch->verdict.detail, sizeof(patch->verdict.detail), "%s", by->name);
}

/*
 * Loaded now, a patch would turn off a later one, @last, that is in force and replaced it: a second
 * run must not. Before 6.11 it cannot be seen that a patch replaces, and counts as if it did.
 */
static bool is_replaced(struct patch *patch, const struct patch *last)
{
	if (!last || patch >= last || livepatch_module_is_loaded(boot.root, patch->name) ||
	    !livepatch_may_replace(boot.root, last->name))
		return false;
	set_replaced(patch, last);
	return true;
}

/* What the guard says to the set, before anything of it is loaded. */
static bool ask_guard(void)
{
	const struct guard_set set = {
		.root = boot.root,
		.kernel = &boot.kernel,
		.entries = boot.entries,
		.count = boot.count,
		.cmdline = &boot.cmdline,
		.look = boot.dry_run,
	};

	for (size_t i = 0; i < boot.count; i++)
		module_name_of_file(boot.entries[i].file, boot.patches[i].name,
				    sizeof(boot.patches[i].name));
	return guard_begin(&set, &boot.settings, guard);
}

/* The reason is the boot's, and told once; what is left out anyway says so. Returns an exit status. */
static int quarantine(void)
{
	struct load_context context = { .root = boot.root, .cmdline = &boot.cmdline, .guard = guard };

	guard->denies = true;
	for (size_t i = 0; i < boot.count; i++)
		load_patch(&context, &boot.entries[i], &boot.patches[i]);
	settle(BOOT_QUARANTINED, "%s", guard->reason);
	return EXIT_NOT_APPLIED;
}

static bool is_good(const struct patch *patch)
{
	enum cause cause = patch->verdict.cause;

	return cause == CAUSE_APPLIED || cause == CAUSE_IN_FORCE_BEFORE;
}

/* The first patch of the manifest that is in force now, whatever was seen before; or NULL. */
static const struct patch *first_in_force(void)
{
	for (size_t i = 0; i < boot.count; i++)
		if (is_good(&boot.patches[i]) &&
		    livepatch_state(boot.root, boot.patches[i].name) == LIVEPATCH_ENABLED)
			return &boot.patches[i];
	return NULL;
}

/* The patches from the current one on. */
static void load_rest(void)
{
	const struct patch *last = last_in_force();

	for (; boot.current < boot.count; boot.current++)
		if (!is_replaced(&boot.patches[boot.current], last))
			load_patch(&boot.loading, &boot.entries[boot.current], &boot.patches[boot.current]);
}

/* In a child, unless it is a dry run. */
static void load_watched(void)
{
	boot.loading.log = kmsg_read_open(boot.root);
	load_rest();
	busy_cpus_stop(&boot.loading.busy);
	file_close(&boot.loading.log);
}

/* The current patch's load ended neither way. If the next boot will know of it, there is no sense in going on. */
static void give_up(enum supervise_end end)
{
	struct patch *patch = &boot.patches[boot.current];
	char reason[REASON_MAX + 1];

	if (boot.current++ >= boot.count) {	/* in the end of its helpers */
		watchdog_stop(&boot.watch.watchdog);
		return;
	}
	patch->verdict.cause = end == SUPERVISE_HUNG ? CAUSE_HUNG : CAUSE_WORKER_DIED;
	patch->verdict.seconds = supervise_seconds();
	verdict_sentence(&patch->verdict, reason, sizeof(reason));
	if (guard_hung(guard) && boot.is_boot) {
		kmsg_write(KMSG_EMERG, "%s: %s; the machine restarts", patch->name, reason);
		supervise_restart(boot.root);
		kmsg_write(KMSG_EMERG, "the machine does not restart; the boot goes on");
	}
	watchdog_stop(&boot.watch.watchdog);
	boot.loading.refused = -ETIMEDOUT;
	boot.loading.kernel_is_dead = boot.loading.stuck = true;
	load_rest();
}

static void load_patches(void)
{
	enum supervise_end end;

	boot.loading = (struct load_context){
		.root = boot.root,
		.release = boot.kernel.release,
		.cmdline = &boot.cmdline,
		.timeout_s = boot.settings.transition_timeout_s,
		.load_timeout_s = boot.settings.load_timeout_s,
		.dry_run = boot.dry_run,
		.log = -1,
		.keep_awake = boot.settings.keep_awake && !boot.cmdline.keep_awake_off,
		.guard = guard,
	};
	if (boot.dry_run) {
		load_rest();
		return;
	}
	end = supervise_run(boot.root, load_watched);
	if (end != SUPERVISE_DONE)
		give_up(end);
}

/*
 * A patch built with .replace, kpatch-build's default, turns off all that came before it. So
 * the first patch in force is the one that did, if any did. A second run finds the module of
 * a displaced patch loaded but inactive; that must read the same.
 */
static void find_displaced(void)
{
	const struct patch *by = first_in_force();

	if (!by || !livepatch_may_replace(boot.root, by->name))
		return;
	for (struct patch *patch = boot.patches; patch < by; patch++)
		if (is_good(patch) || patch->verdict.cause == CAUSE_BEFORE_INACTIVE)
			set_replaced(patch, by);
}

static void report_patch(const struct patch *patch)
{
	const struct verdict *verdict = &patch->verdict;
	char reason[REASON_MAX + 1];

	verdict_sentence(verdict, reason, sizeof(reason));
	switch (verdict_outcome(verdict->cause)) {
	case OUTCOME_APPLIED:
		kmsg_write(KMSG_INFO, "%s: applied in %u ms", patch->name, verdict->ms);
		break;
	case OUTCOME_ALREADY:
		kmsg_write(KMSG_INFO, "%s: already in force", patch->name);
		break;
	case OUTCOME_SKIPPED:
		kmsg_write(KMSG_INFO, "%s: skipped: %s", patch->name, reason);
		break;
	case OUTCOME_FAILED:
		kmsg_write(KMSG_ERR, "%s: failed at %s: %s; it is not in force, the boot goes on",
		       patch->name, verdict_step_word(verdict_step(verdict->cause)), reason);
		break;
	}
}

/* Draws the boot's state from the patches'. Returns an exit status. */
static int sum_up(void)
{
	size_t good = 0, failed = 0;
	bool required_failed = false;

	for (size_t i = 0; i < boot.count; i++) {
		const struct patch *patch = &boot.patches[i];
		bool has_failed = verdict_outcome(patch->verdict.cause) == OUTCOME_FAILED;

		report_patch(patch);
		good += is_good(patch);
		failed += has_failed;
		required_failed |= has_failed && boot.entries[i].required;
	}
	if (failed)
		settle(required_failed || !good ? BOOT_FAILED : BOOT_PARTIAL, "%zu of %zu patches failed%s",
		       failed, boot.count, required_failed ? ", a required one among them" : "");
	else if (good)
		settle(BOOT_APPLIED, "%s", "");
	else
		settle(BOOT_NOTHING, "all %zu patches are skipped", boot.count);
	return failed ? EXIT_NOT_APPLIED : EXIT_OK;
}

static void report_notice(void)
{
	if (*guard->reason)
		kmsg_write(guard->is_warning ? KMSG_WARNING : KMSG_INFO, "%s", guard->reason);
	guard->reason[0] = '\0';
}

static int try_patches(void)
{
	report_notice();	/* it may be the last word of this boot */
	load_patches();
	if (guard->denies)
		return quarantine();
	report_notice();
	find_displaced();
	return sum_up();
}

static int apply_patches(void)
{
	int ret, err;

	if (!read_cmdline() || !read_settings())
		return EXIT_OK;
	ret = read_manifests();
	if (ret != EXIT_OK || !boot.count)
		return ret;
	ret = ask_guard() ? try_patches() : quarantine();
	err = guard_end(guard, first_in_force() ? 0 : boot.loading.refused);
	if (err)
		kmsg_write(KMSG_WARNING, "the boot guard's record cannot be written: %s",
		       verdict_errno_text(err));
	return ret;
}

/* One line for the kernel log and for systemctl status. */
static void conclude(char *ret, size_t size)
{
	size_t good = 0;

	for (size_t i = 0; i < boot.count; i++)
		good += is_good(&boot.patches[i]);
	snprintf(ret, size, "%s: %zu of %zu patches for %s in force%s%s",
		 verdict_state_word(boot.state), good, boot.count, boot.kernel.release,
		 boot.reason[0] ? "; " : "", boot.reason);
}

static struct status describe(void)
{
	static struct status_patch lines[PATCHES_MAX];
	struct status status = {
		.release = boot.kernel.release,
		.state = boot.state,
		.reason = boot.reason,
		.guard = guard->word,
		.patches = lines,
		.count = boot.count,
	};
	char path[PATH_MAX];

	for (size_t i = 0; i < boot.count; i++) {
		struct status_patch *line = &lines[i];

		snprintf(line->name, sizeof(line->name), "%s", boot.patches[i].name);
		line->required = boot.entries[i].required &&
				 boot.settings.on_failure != ON_FAILURE_CONTINUE;
		status_patch_set(line, &boot.patches[i].verdict);
	}
	status.overlay = !file_path(path, boot.root, OVERLAY_FILE) && !access(path, F_OK);
	return status;
}

static void write_status(const struct status *status)
{
	int err = boot.dry_run ? status_print(STDOUT_FILENO, status) : status_write(boot.root, status);

	if (err)
		kmsg_write(KMSG_WARNING, STATUS_FILE " cannot be written: %s; the boot goes on",
		       verdict_errno_text(err));
}

int apply_verb(int argc, char **argv)
{
	static const struct option options[] = {
		{ "root", required_argument, NULL, 'r' },
		{ "dry-run", no_argument, NULL, 'n' },
		{ 0 },
	};
	char summary[sizeof(boot.reason) + 256];
	struct status status;
	int option, ret;

	supervise_share(&boot, sizeof(boot), &boot.watch);
	boot.root = "";
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'r')
			boot.root = optarg;
		else if (option == 'n')
			boot.dry_run = true;
		else
			return verbs_bad_usage();
	}
	if (optind < argc)
		return verbs_bad_usage();
	uname(&boot.kernel);
	kmsg_write_open(boot.root, boot.dry_run);
	boot.is_boot = !boot.dry_run && on_failure_is_boot(boot.root);
	ret = apply_patches();
	status = describe();
	write_status(&status);
	conclude(summary, sizeof(summary));
	kmsg_write_close(ret == EXIT_OK ? KMSG_INFO : KMSG_ERR, summary);
	if (!boot.dry_run)
		dprintf(STDOUT_FILENO, "%s\n", summary);
	kmsg_write_open(boot.root, boot.dry_run);
	on_failure_act(boot.settings.on_failure, boot.is_boot && !*boot.root, &status);
	return ret;
}
