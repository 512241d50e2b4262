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
#include "early/load/kmsg_read.h"
#include "early/load/modprobe.h"

struct job {
	struct load_context *context;
	const struct manifest_entry *entry;
	char *name;
	struct verdict *verdict;
	struct modinfo info;
	int fd;
	unsigned long long stop_ms;	/* when load and transition must be through */
};

/* Each step below returns true to go on, or ends the patch's way with what one of these returns. */
static bool end(struct job *job, enum cause cause)
{
	job->verdict->cause = cause;
	return false;
}

static bool end_with(struct job *job, enum cause cause, const char *detail)
{
	snprintf(job->verdict->detail, sizeof(job->verdict->detail), "%s", detail);
	return end(job, cause);
}

static bool end_with_errno(struct job *job, enum cause cause, int err)
{
	job->verdict->err = err;
	return end(job, cause);
}

static bool is_wanted(struct job *job)
{
	if (job->entry->disabled)
		return end(job, CAUSE_DISABLED);
	if (cmdline_skips(job->context->cmdline, job->name))
		return end(job, CAUSE_SKIP_WORD);
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
		return end_with_errno(job, CAUSE_BUILD_ID_UNREADABLE, err);
	if (kernel.len != entry->build_id_len ||
	    memcmp(kernel.bytes, entry->build_id, kernel.len))
		return end(job, CAUSE_OTHER_BUILD);
	return true;
}

/* One open: what is checked below is what the kernel is given. */
static bool open_file(struct job *job)
{
	const struct load_context *context = job->context;
	char path[PATH_MAX];
	struct stat st;

	if (file_path(path, context->root, PATCHES_DIR "/%s/%s", context->release,
		      job->entry->file))
		return end(job, CAUSE_PATH_TOO_LONG);
	job->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	if (job->fd < 0 || fstat(job->fd, &st)) {
		job->verdict->err = -errno;
		return end_with(job, CAUSE_NOT_OPENED, path);
	}
	if (!S_ISREG(st.st_mode))
		return end_with(job, CAUSE_NOT_REGULAR, path);
	if (st.st_uid != 0 || st.st_mode & (S_IWGRP | S_IWOTH))
		return end_with(job, CAUSE_WRITABLE, path);
	if (st.st_size > MODULE_BYTES_MAX)
		return end_with(job, CAUSE_TOO_LARGE, path);
	return true;
}

static bool check_digest(struct job *job)
{
	char hex[2 * SHA256_BYTES + 1];
	unsigned char digest[SHA256_BYTES];
	int err = sha256_file(job->fd, digest);

	if (err)
		return end_with_errno(job, CAUSE_UNREADABLE, err);
	text_to_hex(digest, SHA256_BYTES, hex);
	if (memcmp(digest, job->entry->sha256, SHA256_BYTES))
		return end_with(job, CAUSE_DIGEST, hex);
	return true;
}

/* A kernel with CONFIG_MODVERSIONS ignores the release in vermagic, so it is checked here. */
static bool check_modinfo(struct job *job)
{
	const char *release = job->context->release;
	struct modinfo *info = &job->info;
	char releases[2 * RELEASE_MAX + 16];
	int err = modinfo_read(job->fd, info);

	if (err)
		return end_with_errno(job, CAUSE_NO_MODULE, err);
	if (info->name[0])
		module_name_of_file(info->name, job->name, sizeof(info->name));
	if (!info->livepatch)
		return end(job, CAUSE_NO_LIVE_PATCH);
	if (!strcmp(info->release, release))
		return true;
	snprintf(releases, sizeof(releases), "%s, not %s", *info->release ? info->release : "(none)", release);
	return end_with(job, CAUSE_OTHER_RELEASE, releases);
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
		return end(job, CAUSE_NAME_TAKEN);
	switch (livepatch_wait(root, job->name, deadline(job))) {
	case LIVEPATCH_ENABLED:
		return end(job, CAUSE_IN_FORCE_BEFORE);
	case LIVEPATCH_ENABLING:
		return end(job, CAUSE_BEFORE_STALLED);
	case LIVEPATCH_UNKNOWN:
		return end(job, CAUSE_BEFORE_UNREADABLE);
	case LIVEPATCH_ABSENT:
	case LIVEPATCH_DISABLED:
	case LIVEPATCH_DISABLING:
		break;
	}
	return end(job, CAUSE_BEFORE_INACTIVE);
}

static bool load_dependencies(struct job *job, bool dry_run)
{
	const struct load_context *context = job->context;
	struct verdict *verdict = job->verdict;
	char module[MODULE_NAME_MAX + 1];
	int err;

	kmsg_read_skip(context->log);
	err = modprobe_load_dependencies(&(struct modprobe_source){
		context->root, context->release, dry_run }, job->info.depends, module);

	if (!err)
		return true;
	if (err == -ENOENT)
		return end_with(job, CAUSE_DEPENDENCY_MISSING, module);
	job->context->refused = err;
	verdict->err = err;
	kmsg_read_reason(context->log, module, verdict->words, sizeof(verdict->words));
	return end_with(job, CAUSE_DEPENDENCY_REFUSED, module);
}

/* The longest that a patch takes whose loads end: for what was loaded before, its load and transition, its reversal; one to spare. */
static void allow_all(const struct load_context *context)
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
	busy_cpus_learn(&job->context->busy, clock_now_ms() - start);
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
	struct load_context *context = job->context;
	struct verdict *verdict = job->verdict;
	int err;

	if (context->keep_awake)
		busy_cpus_start(&context->busy, context->root, context->release);
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
	verdict->err = err;
	kmsg_read_reason(context->log, job->name, verdict->words, sizeof(verdict->words));
	context->kernel_is_dead = core_is_dead(err, context->root, verdict->words);
	return end(job, err == -ENODEV && !context->kernel_is_dead ? CAUSE_INIT_REFUSED : CAUSE_LOAD_REFUSED);
}

/* Whatever can be told of a patch without loading it was told before this. */
static bool can_load(struct job *job)
{
	char path[PATH_MAX];

	if (job->context->kernel_is_dead)
		return end(job, CAUSE_KERNEL_DEAD);
	if (file_path(path, job->context->root, "/sys/kernel") || access(path, F_OK))
		return end(job, CAUSE_NO_SYSFS);
	return true;
}

int load_turn_off(const char *root, const char *name, unsigned long long deadline_ms)
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
static bool reverse(struct job *job)
{
	int err = load_turn_off(job->context->root, job->name, deadline(job));

	job->context->stuck |= err < 0;
	job->context->refused = -ETIMEDOUT;
	job->verdict->seconds = job->context->timeout_s;
	if (err < 0)
		return end_with_errno(job, CAUSE_STALLED_FOR_GOOD, err);
	return end(job, err ? CAUSE_STALLED_STAYS : CAUSE_STALLED);
}

/* A finit_module that returned 0 only says that the module's init did not refuse. */
static bool wait_until_in_force(struct job *job)
{
	switch (livepatch_wait(job->context->root, job->name, job->stop_ms)) {
	case LIVEPATCH_ENABLED:
		return true;
	case LIVEPATCH_ENABLING:
		return reverse(job);
	case LIVEPATCH_UNKNOWN:
		return end(job, CAUSE_STATE_UNREADABLE);
	case LIVEPATCH_ABSENT:
	case LIVEPATCH_DISABLED:
	case LIVEPATCH_DISABLING:
		break;
	}
	job->context->refused = -ECANCELED;
	return end(job, CAUSE_NOT_ENABLED);
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
	       end_with(job, CAUSE_NOT_MARKED, job->context->guard->reason);
}

/* Nor is anything of it checked then. */
static bool is_denied(struct job *job)
{
	return job->context->guard->denies && !end(job, CAUSE_QUARANTINED);
}

static bool check_and_load(struct job *job)
{
	return check(job) && (job->context->dry_run || (is_let(job) && load_dependencies(job, false) &&
							load(job) && wait_until_in_force(job)));
}

void load_patch(struct load_context *context, const struct manifest_entry *entry,
		 struct patch *ret)
{
	struct job job = {
		.context = context, .entry = entry,
		.name = ret->name, .verdict = &ret->verdict, .fd = -1,
	};
	unsigned long long start;

	ret->verdict = (struct verdict){ 0 };
	module_name_of_file(entry->file, ret->name, sizeof(ret->name));
	if (!is_wanted(&job) || !is_for_this_build(&job) || is_denied(&job))
		return;
	start = clock_now_ms();
	allow_all(context);
	if (check_and_load(&job))
		end(&job, CAUSE_APPLIED);
	ret->verdict.ms = (unsigned int)(clock_now_ms() - start);
	file_close(&job.fd);
}
