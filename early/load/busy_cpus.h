/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keeps idle tasks from holding up a transition. Does not change when the kernel takes a
 * patch for consistent. The kernel cannot switch a task that is on a CPU, and looks again
 * only 0.75 to 1.75 s later. A CPU with nothing to do has its idle task on it. So a
 * helper process on each CPU gives it something to do while patches are loaded.
 */
#ifndef BUSY_CPUS_H
#define BUSY_CPUS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "common/bounds.h"

/* The helpers of one process. Begins as zero. */
struct busy_cpus {
	bool started;			/* or tried to: it is done once */
	volatile bool *harmful;		/* shared with the helpers: they end; or NULL */
	size_t count;
	pid_t pids[CPUS_MAX];
};

/*
 * Starts the helpers, one on each CPU that is online below @root and that the kernel lets
 * us use. Returns when they are on their CPUs, or after 0.1 s. Does nothing on one CPU,
 * or if they were started before. A helper that cannot be made is left out. @release is
 * the kernel's.
 */
void busy_cpus_start(struct busy_cpus *busy, const char *root, const char *release);

/* Tells that a load took @ms. If that is too long, the helpers end. */
void busy_cpus_learn(const struct busy_cpus *busy, unsigned long long ms);

/* Ends the helpers and waits for them, for a second at most. */
void busy_cpus_stop(struct busy_cpus *busy);

/*
 * True on kernels where helpers do harm while a hypervisor gives their CPU to another
 * system. @release is the kernel's.
 */
bool busy_cpus_may_harm(const char *release);

/* What a helper measures of itself. */
struct busy_cpus_sample {
	unsigned long long ms;		/* of the monotonic clock */
	unsigned long long cpu_ms;	/* of CPU time that it was billed for */
	long switches;			/* how often another process was given its CPU */
};

/*
 * True if another system had the CPU for some milliseconds between the last two of three
 * @samples. Depending on the hypervisor, they were billed at once, or they passed without
 * a process of ours having run.
 */
bool busy_cpus_was_stolen(const struct busy_cpus_sample samples[3]);

/*
 * Parses @list, numbers of CPUs in the form 0-3,8
 * (Documentation/admin-guide/cputopology.rst), into @ret. Returns how many CPUs; 0 if
 * they are more than @max, or if @list has another form.
 */
size_t busy_cpus_parse(const char *list, unsigned short *ret, size_t max);

#endif
