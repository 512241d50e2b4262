// SPDX-License-Identifier: GPL-2.0-or-later
#include "early/load/load.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/file.h"
#include "common/module/buildid.h"
#include "common/module/livepatch.h"
#include "common/module/modinfo.h"
#include "common/module/module_name.h"
#include "common/paths.h"
#include "common/sha256.h"
#include "common/text.h"
#include "early/boot/supervise.h"
#include "early/load/busy_cpus.h"
#include "early/load/kmsg_read.h"
#include "early/load/modprobe.h"

struct job {
	struct patch_context *context;
	const struct manifest_entry *entry;
	char *name;
	struct verdict *result;
	struct modinfo info;
	int fd;
	unsigned long long stop_ms;	/* when load and transition must be through */
};

/* Each step below returns true to go on; else the result is set. */
#define fail(job, step, ...) verdict_set((job)->result, OUTCOME_FAILED, step, __VA_ARGS__)
#define skip(job, step, ...) verdict_set((job)->result, OUTCOME_SKIPPED, step, __VA_ARGS__)

static bool is_wanted(struct job *job)
{
	if (job->entry->disabled)
		return skip(job, STEP_SELECT, "the manifest says disabled");
	if (cmdline_skips(job->context->cmdline, job->name))
		return skip(job, STEP_SELECT, "kpatch.skip= on the kernel command line");
	return true;
}

static bool is_for_this_build(struct job *job)
{
	const struct manifest_entry *entry = job->entry;
	struct build_id kernel;
	int err;

	if (!entry->build_id_len)
		return true;
	err = build_id_of_kernel(job->context->root, &kernel);
	if (err)
		return fail(job, STEP_BUILDID,
			    "buildid= is given, but the kernel's build id cannot be read: %s",
			    verdict_errno_text(err));
	if (kernel.len != entry->build_id_len ||
	    memcmp(kernel.bytes, entry->build_id, kernel.len))
		return skip(job, STEP_BUILDID, "it is for another build of this kernel release");
	return true;
}

/* One open: what is checked below is what the kernel is given. */
static bool open_file(struct job *job)
{
	const struct patch_context *context = job->context;
	char path[PATH_MAX];
	struct stat st;

	if (file_path(path, context->root, PATCHES_DIR "/%s/%s", context->release,
		      job->entry->file))
		return fail(job, STEP_OPEN, "its path is too long");
	job->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	if (job->fd < 0 || fstat(job->fd, &st))
		return fail(job, STEP_OPEN, "%s cannot be opened: %s", path,
			    verdict_errno_text(errno));
	if (!S_ISREG(st.st_mode))
		return fail(job, STEP_OPEN, "%s is not a regular file", path);
	if (st.st_uid != 0 || st.st_mode & (S_IWGRP | S_IWOTH))
		return fail(job, STEP_OPEN, "%s can be written by others than root", path);
	if (st.st_size > MODULE_BYTES_MAX)
		return fail(job, STEP_OPEN, "%s is larger than %d bytes", path, MODULE_BYTES_MAX);
	return true;
}

static bool check_digest(struct job *job)
{
	char hex[2 * SHA256_BYTES + 1];
	unsigned char digest[SHA256_BYTES];
	int err = sha256_file(job->fd, digest);

	if (err)
		return fail(job, STEP_DIGEST, "the file cannot be read: %s", verdict_errno_text(err));
	text_to_hex(digest, SHA256_BYTES, hex);
	if (memcmp(digest, job->entry->sha256, SHA256_BYTES))
		return fail(job, STEP_DIGEST, "its SHA-256 is %s, not the one in the manifest", hex);
	return true;
}

/* A kernel with CONFIG_MODVERSIONS ignores the release in vermagic, so it is checked here. */
static bool check_modinfo(struct job *job)
{
	const char *release = job->context->release;
	struct modinfo *info = &job->info;
	int err = modinfo_read(job->fd, info);

	if (err)
		return fail(job, STEP_MODINFO, "it cannot be read as a module: %s",
			    verdict_errno_text(err));
	if (info->name[0])
		module_name_of_file(info->name, job->name, sizeof(info->name));
	if (!info->livepatch)
		return fail(job, STEP_MODINFO, "it is not a live patch (no livepatch=Y)");
	if (strcmp(info->release, release))
		return fail(job, STEP_MODINFO, "it is for kernel %s, not %s",
			    info->release[0] ? info->release : "(none)", release);
	return true;
}

static bool same_build(const struct job *job)
{
	struct build_id file, live;

	return !build_id_of_file(job->fd, &file) &&
	       !build_id_of_module(job->context->root, job->name, &live) &&
	       file.len == live.len && !memcmp(file.bytes, live.bytes, file.len);
}

static unsigned long long deadline(const struct job *job)
{
	return clock_now_ms() + (job->context->stuck ? 0 : job->context->timeout_s * 1000ULL);
}

/* What is live under this name already decides; a file never takes the place of another build. */
static bool is_new_to_kernel(struct job *job)
{
	const char *root = job->context->root;

	if (!livepatch_module_is_loaded(root, job->name))
		return true;
	if (!same_build(job))
		return fail(job, STEP_LIVE,
			    "a module of this name is loaded, but it is another build, or cannot be compared");
	switch (livepatch_wait(root, job->name, deadline(job))) {
	case LIVEPATCH_ENABLED:
		return verdict_set(job->result, OUTCOME_ALREADY, STEP_DONE, "it was in force before");
	case LIVEPATCH_ENABLING:
		return fail(job, STEP_TRANSITION,
			    "it was loaded before, and its transition does not end");
	case LIVEPATCH_UNKNOWN:
		return fail(job, STEP_LIVE, "it was loaded before, but its state cannot be read");
	case LIVEPATCH_ABSENT:
	case LIVEPATCH_DISABLED:
	case LIVEPATCH_DISABLING:
		break;
	}
	return fail(job, STEP_INACTIVE,
		    "its module was loaded before, but is not enabled; only a reboot or rmmod helps");
}

static bool load_dependencies(struct job *job, bool dry_run)
{
	const struct patch_context *context = job->context;
	char module[MODULE_NAME_MAX + 1], words[REASON_MAX / 2];
	int err;

	kmsg_read_skip(context->log);
	err = modprobe_load_dependencies(context->root, context->release, job->info.depends, dry_run, module);

	if (!err)
		return true;
	if (err == -ENOENT)
		return fail(job, STEP_DEPENDS,
			    "it needs module %s, which is neither loaded nor in lib/modules", module);
	job->context->refused = err;
	kmsg_read_reason(context->log, module, words, sizeof(words));
	return fail(job, STEP_DEPENDS, "it needs module %s, which cannot be loaded: %s%s%s", module,
		    strerror(-err), words[0] ? "; the kernel says: " : "", words);
}

/* The longest that a patch takes whose loads end: for what was loaded before, its load and transition, its reversal; one to spare. */
static void allow_all(const struct patch_context *context)
{
	supervise_until(4 * context->timeout_s + context->load_timeout_s);
}

static int load_once(const struct job *job)
{
	unsigned long long start = clock_now_ms();
	int err;

	supervise_until(job->context->load_timeout_s);
	err = modprobe_load_fd(job->fd);
	allow_all(job->context);
	busy_cpus_learn(clock_now_ms() - start);
	return err;
}

/*
 * The kernel answers EBUSY as long as another patch is in transition, and to some things that
 * never end. Only what can be seen to end is waited for, and asked once more after it ended.
 */
static int load_when_free(struct job *job)
{
	unsigned int interval_ms = 1;
	bool busy = true;
	int err;

	while ((err = load_once(job)) == -EBUSY && busy) {
		if (clock_now_ms() >= job->stop_ms) {
			job->context->stuck = true;
			break;
		}
		busy = livepatch_is_busy(job->context->root, job->name);
		if (busy)
			clock_sleep(&interval_ms);
	}
	return err;
}

/* The patch's own init may return ENODEV too; then the next patch is none the worse for it. */
static bool core_is_dead(int err, const char *root, const char *words)
{
	char path[PATH_MAX];

	return err == -ENODEV && (strstr(words, "ftrace") ||
				  file_path(path, root, "/sys/kernel/livepatch") ||
				  access(path, F_OK));
}

static bool load(struct job *job)
{
	struct patch_context *context = job->context;
	char words[REASON_MAX / 2];
	const char *meaning;
	int err;

	if (context->keep_awake)
		busy_cpus_start(context->root, context->release);
	kmsg_read_skip(context->log);
	job->stop_ms = deadline(job);
	err = load_when_free(job);
	if (!err && context->stuck) {	/* it is not any more, or there had been no load */
		context->stuck = false;
		job->stop_ms = deadline(job);
	}
	if (!err)
		return true;
	context->refused = err;
	kmsg_read_reason(context->log, job->name, words, sizeof(words));
	context->kernel_is_dead = core_is_dead(err, context->root, words);
	meaning = verdict_load_text(err == -ENODEV && !context->kernel_is_dead ? 0 : err);
	if (!words[0])
		return fail(job, STEP_LOAD, "%s (%s)", meaning, strerror(-err));
	return fail(job, STEP_LOAD, "%s; the kernel says: %s", meaning, words);
}

/* Whatever can be told of a patch without loading it was told before this. */
static bool can_load(struct job *job)
{
	char path[PATH_MAX];

	if (job->context->kernel_is_dead)
		return fail(job, STEP_LOAD, "not tried: the kernel can load no live patch any more");
	if (file_path(path, job->context->root, "/sys/kernel") || access(path, F_OK))
		return fail(job, STEP_LOAD,
			    "not tried: /sys is not mounted, so nothing would tell whether it is in force");
	return true;
}

int patch_turn_off(const char *root, const char *name, unsigned long long deadline_ms)
{
	unsigned int interval_ms = 1;
	int err = livepatch_reverse(root, name, deadline_ms);

	if (err)
		return err;
	/* The kernel lets go of a disabled patch's module a moment after it says so. */
	while ((err = modprobe_unload(name)) == -EAGAIN && clock_now_ms() < deadline_ms)
		clock_sleep(&interval_ms);
	return err != 0;
}

/*
 * Some task sleeps in a function that is patched, perhaps for ever, and as long as it does no
 * other patch can be loaded. So the kernel is asked to go back, which it can do at any time.
 */
static void reverse(struct job *job)
{
	unsigned int timeout_s = job->context->timeout_s;
	int err = patch_turn_off(job->context->root, job->name, deadline(job));

	job->context->stuck |= err < 0;
	job->context->refused = -ETIMEDOUT;
	if (err < 0)
		fail(job, STEP_TRANSITION,
		     "its transition did not end in %u s, and could not be reversed: %s", timeout_s,
		     verdict_errno_text(err));
	else if (err)
		fail(job, STEP_TRANSITION,
		     "its transition did not end in %u s, so it was reversed; its module stays loaded",
		     timeout_s);
	else
		fail(job, STEP_TRANSITION,
		     "its transition did not end in %u s, so it was reversed and unloaded", timeout_s);
}

/* A finit_module that returned 0 only says that the module's init did not refuse. */
static bool wait_until_in_force(struct job *job)
{
	switch (livepatch_wait(job->context->root, job->name, job->stop_ms)) {
	case LIVEPATCH_ENABLED:
		return true;
	case LIVEPATCH_ENABLING:
		reverse(job);
		return false;
	case LIVEPATCH_UNKNOWN:
		return fail(job, STEP_ENABLE,
			    "it is loaded, but its state in /sys/kernel/livepatch cannot be read");
	case LIVEPATCH_ABSENT:
	case LIVEPATCH_DISABLED:
	case LIVEPATCH_DISABLING:
		break;
	}
	job->context->refused = -ECANCELED;
	return fail(job, STEP_ENABLE, "its init returned without enabling it; its module stays loaded");
}

/* Whatever can be told without loading anything; behind it, what happens is a trial of the set. */
static bool check(struct job *job)
{
	return open_file(job) && check_digest(job) && check_modinfo(job) && is_wanted(job) &&
	       is_new_to_kernel(job) && (job->context->dry_run || can_load(job)) &&
	       load_dependencies(job, true);
}

static bool is_let(struct job *job)
{
	return guard_mark(job->context->guard) ||
	       skip(job, STEP_GUARD, "%s", job->context->guard->reason);
}

/* Nor is anything of it checked then. */
static bool is_denied(struct job *job)
{
	return job->context->guard->denies &&
	       !skip(job, STEP_GUARD, "the boot guard lets nothing of this set be loaded");
}

static bool check_and_load(struct job *job)
{
	return check(job) && (job->context->dry_run || (is_let(job) && load_dependencies(job, false) &&
							load(job) && wait_until_in_force(job)));
}

void patch_apply(struct patch_context *context, const struct manifest_entry *entry,
		 struct status_patch *ret)
{
	struct job job = {
		.context = context, .entry = entry,
		.name = ret->name, .result = &ret->result, .fd = -1,
	};
	unsigned long long start;

	ret->result = (struct verdict){ 0 };
	module_name_of_file(entry->file, ret->name, sizeof(ret->name));
	if (!is_wanted(&job) || !is_for_this_build(&job) || is_denied(&job))
		return;
	start = clock_now_ms();
	allow_all(context);
	if (check_and_load(&job))
		verdict_set(&ret->result, OUTCOME_APPLIED, STEP_DONE, "%s", "");
	ret->result.ms = (unsigned int)(clock_now_ms() - start);
	file_close(&job.fd);
}
