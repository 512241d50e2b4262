/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keeps idle tasks from holding up live patches. The kernel cannot switch a task that is on a CPU,
 * and looks again only 0.75 to 1.75 s later; a CPU with nothing to do has its idle task on it. So
 * a helper process on each CPU gives it something to do while patches are loaded. The kernel still
 * decides when a patch is in force; nothing about its consistency is changed.
 */
#ifndef BUSY_CPUS_H
#define BUSY_CPUS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Starts the helpers, one on each CPU that is online below @root and that the kernel lets us use,
 * and returns when they are where they belong, or after 0.1 s. Does nothing on one CPU, or if they
 * were started before. A helper that cannot be made is left out. @release is the kernel's.
 */
void busy_cpus_start(const char *root, const char *release);

/* Says that a load took @ms: if that is too long, the helpers end. */
void busy_cpus_learn(unsigned long long ms);

/* Ends the helpers and waits for them, for a second at most. */
void busy_cpus_stop(void);

/* True on kernels where helpers do harm when another system has their CPU. @release is the kernel's. */
bool busy_cpus_may_harm(const char *release);

/* What a helper sees when it looks at itself. */
struct busy_cpus_sample {
	unsigned long long ms;		/* of the monotonic clock */
	unsigned long long cpu_ms;	/* that it was billed for */
	long switches;			/* how often somebody else was given its CPU */
};

/*
 * True if another system had the CPU for some milliseconds between the last two of three @looks: they were
 * billed at once, or passed without anybody here having run. It depends on the hypervisor which.
 */
bool busy_cpus_was_stolen(const struct busy_cpus_sample looks[3]);

/*
 * Numbers of the CPUs in @list, of the form 0-3,8 (the kernel's Documentation/admin-guide/cputopology.rst),
 * into @ret. Returns how many, -E2BIG if there are more than @max, -EINVAL if it is of another form.
 */
int busy_cpus_parse(const char *list, unsigned short *ret, size_t max);

#endif
