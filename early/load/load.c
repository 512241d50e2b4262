// SPDX-License-Identifier: GPL-2.0-or-later
#include "early/load/load.h"

#include <errno.h>
#include <string.h>

#include "common/bounds.h"
#include "common/clock.h"
#include "common/file.h"
#include "common/module/buildid.h"
#include "common/module/livepatch.h"
#include "early/load/kmsg_read.h"
#include "early/load/modprobe.h"

#define REVERSAL_MS 5000	/* 1 to 2 s as a rule, since tasks are asked to go back */
#define CORE_RETRY_MS 500	/* each try stops all CPUs, and is logged if it fails */

struct job {
	struct load_context *context;
	struct patch *patch;
	unsigned long long stop_ms;	/* when load and transition must be through */
};

/* Each step below returns true to go on, or ends the patch's way. */

static unsigned long long min(unsigned long long a, unsigned long long b)
{
	return a < b ? a : b;
}

/*
 * When the last transition has to be through, so that it can be reversed within the
 * budget.
 */
static unsigned long long last_moment_ms(const struct load_context *context)
{
	const struct clock_limit *budget = context->budget;

	return budget->end_ms - min(REVERSAL_MS, budget->seconds * 1000ULL / 4);
}

bool load_has_time(const struct load_context *context)
{
	unsigned long long needed_ms =
		min(context->timeout_s, context->budget->seconds) * 1000ULL / 2;

	return clock_now_ms() + needed_ms <= last_moment_ms(context);
}

static unsigned long long deadline(const struct load_context *context)
{
	unsigned long long now = clock_now_ms();

	return context->stuck ?
		       now :
		       min(now + context->timeout_s * 1000ULL, last_moment_ms(context));
}

static bool is_same_build(const char *root, const struct patch *patch)
{
	struct build_id file, live;

	return build_id_of_file(patch->fd, &file) &&
	       build_id_of_module(root, patch->name, &live) && file.len == live.len &&
	       !memcmp(file.bytes, live.bytes, file.len);
}

static enum cause cause_of_live(enum livepatch_state state)
{
	switch (state) {
	case LIVEPATCH_ENABLED:
		return CAUSE_IN_FORCE_BEFORE;
	case LIVEPATCH_ENABLING:
		return CAUSE_BEFORE_STALLED;
	case LIVEPATCH_UNKNOWN:
		return CAUSE_BEFORE_UNREADABLE;
	case LIVEPATCH_ABSENT:
	case LIVEPATCH_DISABLED:
	case LIVEPATCH_DISABLING:
		break;
	}
	return CAUSE_BEFORE_INACTIVE;
}

/*
 * Upper bound for one patch: waiting for an earlier load, its own load and transition,
 * its reversal, and one timeout of margin.
 */
static void limit_all(const struct load_context *context)
{
	clock_limit_set(context->limit, 4 * context->timeout_s + context->load_timeout_s);
}

void load_check_live(struct load_context *context, struct patch *patch)
{
	const char *root = context->root;

	if (!livepatch_module_is_loaded(root, patch->name))
		return;
	limit_all(context);
	patch_end(patch, !is_same_build(root, patch) ?
				 CAUSE_NAME_TAKEN :
				 cause_of_live(livepatch_wait(root, patch->name,
							      deadline(context))));
}

static bool load_dependencies(struct job *job)
{
	struct load_context *context = job->context;
	const struct modprobe_source source = {
		.root = context->root, .release = context->release,
	};
	struct verdict *verdict = &job->patch->verdict;

	kmsg_read_skip(context->log);
	if (patch_load_dependencies(job->patch, &source))
		return true;
	if (verdict->cause == CAUSE_DEPENDENCY_MISSING)
		return false;
	context->refused = job->patch;
	kmsg_read_reason(context->log, verdict->detail, verdict->words,
			 sizeof(verdict->words));
	return false;
}

/*
 * 6.1 walks all symbols of the kernel for each livepatch relocation
 * (klp_resolve_symbols()).
 */
static unsigned int load_limit_s(const struct job *job)
{
	return job->context->load_timeout_s + job->patch->relocations / RELOCATIONS_PER_S;
}

/*
 * The kernel answers EBUSY as long as another patch is in transition, and to some
 * things that never end. Only what can be seen to end is waited for, and asked once
 * more after it ended. What the core module refuses for cannot be seen.
 */
static bool waits_for_end(struct job *job, unsigned int *interval_ms, bool *ended)
{
	if (*ended)
		return false;
	if (clock_now_ms() >= job->stop_ms) {
		job->context->stuck = true;
		return false;
	}
	*ended = !livepatch_is_busy(job->context->root, job->patch->name);
	if (!*ended)
		clock_sleep(interval_ms);
	return true;
}

/* True, after a while, if the core module answered EBUSY, and there is time. */
static bool waits_for_core(const char *root, unsigned long long deadline_ms)
{
	unsigned int interval_ms = CORE_RETRY_MS;

	if (!livepatch_is_by_core(root) || clock_now_ms() >= deadline_ms)
		return false;
	clock_sleep(&interval_ms);
	return true;
}

static int load_when_free(struct job *job)
{
	struct load_context *context = job->context;
	unsigned int interval_ms = 1;
	bool ended = false;
	int err;

	do {
		unsigned long long start = clock_now_ms();

		clock_limit_set(context->limit, load_limit_s(job));
		context->loads++;
		err = modprobe_load_fd(job->patch->fd);
		limit_all(context);
		busy_cpus_learn(&context->busy, clock_now_ms() - start);
	} while (err == -EBUSY && (waits_for_core(context->root, job->stop_ms) ||
				   waits_for_end(job, &interval_ms, &ended)));
	return err;
}

/*
 * The patch's own init may return ENODEV too; then the next patch is none the worse for
 * it.
 */
static bool core_is_dead(int err, const char *root, const char *words)
{
	return err == -ENODEV &&
	       (strstr(words, "ftrace") ||
		!file_is_there(root, "%s", livepatch_directory(root, "")));
}

static void prepare_load(struct job *job)
{
	struct load_context *context = job->context;

	if (context->keep_awake && !livepatch_is_by_core(context->root))
		busy_cpus_start(&context->busy, context->root, context->release);
	kmsg_read_skip(context->log);
	job->stop_ms = deadline(context);
}

static bool check_answer(struct job *job, int err)
{
	struct load_context *context = job->context;
	struct verdict *verdict = &job->patch->verdict;

	/* it is not any more, or there had been no load */
	if (!err && context->stuck) {
		context->stuck = false;
		job->stop_ms = deadline(context);
	}
	if (!err)
		return true;
	context->refused = job->patch;
	verdict->err = err;
	kmsg_read_reason(context->log, job->patch->name, verdict->words,
			 sizeof(verdict->words));
	context->kernel_is_dead = core_is_dead(err, context->root, verdict->words);
	return patch_end(job->patch, err == -ENODEV && !context->kernel_is_dead ?
					     CAUSE_INIT_REFUSED :
					     CAUSE_LOAD_REFUSED);
}

static bool check_kernel(struct job *job)
{
	if (job->context->kernel_is_dead)
		return patch_end(job->patch, CAUSE_KERNEL_DEAD);
	return file_is_there(job->context->root, "/sys/kernel") ||
	       patch_end(job->patch, CAUSE_NO_SYSFS);
}

enum load_off load_turn_off(const char *root, const char *name,
			    unsigned long long deadline_ms, int *ret_err)
{
	unsigned int interval_ms = 1;
	enum livepatch_state state;
	int err;

	do
		*ret_err = livepatch_reverse(root, name);
	while (*ret_err == -EBUSY && waits_for_core(root, deadline_ms));
	if (*ret_err)
		return LOAD_OFF_REFUSED;
	state = livepatch_wait(root, name, deadline_ms);
	if (state != LIVEPATCH_DISABLED && state != LIVEPATCH_ABSENT)
		return LOAD_OFF_STALLED;
	/* The kernel lets go of a disabled patch's module a moment after it says so. */
	while ((err = modprobe_unload(name)) == -EAGAIN && clock_now_ms() < deadline_ms)
		clock_sleep(&interval_ms);
	return err ? LOAD_OFF_STAYS : LOAD_OFF_DONE;
}

/*
 * Some task sleeps in a function that is patched, perhaps for ever, and as long as it
 * does no other patch can be loaded. So the kernel is asked to go back, which it can do
 * at any time.
 */
static bool reverse(struct job *job)
{
	struct load_context *context = job->context;
	unsigned long long stop = min(clock_now_ms() + context->timeout_s * 1000ULL,
				      context->budget->end_ms);
	struct verdict *verdict = &job->patch->verdict;

	context->refused = job->patch;
	verdict->seconds = context->timeout_s;
	switch (load_turn_off(context->root, job->patch->name, stop, &verdict->err)) {
	case LOAD_OFF_DONE:
		return patch_end(job->patch, CAUSE_STALLED);
	case LOAD_OFF_STAYS:
		return patch_end(job->patch, CAUSE_STALLED_STAYS);
	case LOAD_OFF_STALLED:
		context->stuck = true;
		return patch_end(job->patch, CAUSE_STALLED_TWICE);
	case LOAD_OFF_REFUSED:
		break;
	}
	context->stuck = true;
	return patch_end(job->patch, CAUSE_STALLED_FOR_GOOD);
}

/* A finit_module that returned 0 only says that the module's init did not refuse. */
static bool wait_until_in_force(struct job *job)
{
	switch (livepatch_wait(job->context->root, job->patch->name, job->stop_ms)) {
	case LIVEPATCH_ENABLED:
		return patch_end(job->patch, CAUSE_APPLIED);
	case LIVEPATCH_ENABLING:
		return reverse(job);
	case LIVEPATCH_UNKNOWN:
		return patch_end(job->patch, CAUSE_STATE_UNREADABLE);
	case LIVEPATCH_ABSENT:
	case LIVEPATCH_DISABLED:
	case LIVEPATCH_DISABLING:
		break;
	}
	job->context->refused = job->patch;
	return patch_end(job->patch, CAUSE_NOT_ENABLED);
}

void load_patch(struct load_context *context, struct patch *patch)
{
	struct job job = { .context = context, .patch = patch };
	unsigned long long start = clock_now_ms();

	limit_all(context);
	if (check_kernel(&job) && load_dependencies(&job)) {
		prepare_load(&job);
		if (check_answer(&job, load_when_free(&job)))
			wait_until_in_force(&job);
	}
	patch->verdict.ms += (unsigned int)(clock_now_ms() - start);
}
