/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The supervisor and its worker. The worker is a child that does all that may block,
 * crash or hang; the supervisor looks at the clock, and feeds the machine's watchdog.
 * Decides nothing: see phase.h.
 */
#ifndef SUPERVISE_H
#define SUPERVISE_H

#include <stdbool.h>
#include <stddef.h>

#include "common/clock.h"
#include "early/boot/phase.h"

/* For what supervise_share takes: whole pages, whatever their size. */
#define SUPERVISE_SHARED __attribute__((aligned(65536)))

/* What the worker and the supervisor tell each other. In memory that they share. */
struct supervision {
	bool is_shared;				/* false: there can be no worker */
	/* a byte when the worker wants something, or is through */
	int to_supervisor;
	volatile enum phase phase;
	struct clock_limit limit;		/* of the phase, or of what is loaded */
	struct clock_limit budget;		/* of all phases */
	/* what is asked for; 0: nothing, or it runs */
	volatile unsigned int watchdog_s;
	int watchdog;				/* the supervisor's descriptor, or -1 */
};

/*
 * Makes the @size bytes at @start, a SUPERVISE_SHARED object, one for this process and
 * its children. There is nothing in them yet. If that can't be, supervise_run uses no
 * child. @supervision is in that object.
 */
void supervise_share(void *start, size_t size, struct supervision *supervision);

/*
 * Runs @job with @data in a child, the worker, and waits for its end, or until a limit
 * is over. If there can be no child, @job is run here, unsupervised. A worker that is
 * not through is left behind: it dies if it ever returns. @root has the devices.
 * Returns how the waiting ended; the phase tells where.
 */
enum phase_event supervise_run(struct supervision *supervision, const char *root,
			       void (*job)(void *data), void *data);

/* In the worker: @phase begins, with its limit and @more_s. */
void supervise_enter(struct supervision *supervision, enum phase phase,
		     unsigned int more_s);

/*
 * In the worker: from now on the machine's watchdog runs too, see watchdog.h, for
 * @seconds from each second on. Goes on until watchdog_stop if the worker doesn't end
 * well. Returns when it runs, or there is none.
 */
void supervise_with_watchdog(struct supervision *supervision, unsigned int seconds);

/*
 * Runs @job with @data in another child, for at most @limit_s: what the supervisor
 * itself must not wait for. What came of the job is in @data, if that is shared.
 */
void supervise_help(void (*job)(void *data), void *data, unsigned int limit_s);

/*
 * Restarts the machine at once and by sysrq, since reboot(2) hangs while a module's
 * init holds a CPU. Returns only if that can't be.
 */
void supervise_restart(const char *root);

#endif
