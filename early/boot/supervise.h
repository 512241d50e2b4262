/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The loads run in a child, since a load may never return, and its process may die in it. Watches that child, and restarts
 * the machine if told to; decides nothing.
 */
#ifndef SUPERVISE_H
#define SUPERVISE_H

#include <stddef.h>

/* For what supervise_share takes: whole pages, whatever their size. */
#define SUPERVISE_SHARED __attribute__((aligned(65536)))

enum supervise_end {
	SUPERVISE_DONE,
	SUPERVISE_HUNG,	/* past its time. It is left behind, and dies if it ever returns */
	SUPERVISE_DIED,	/* in the middle, of an oops as a rule */
};

/* What the child and its parent tell each other. */
struct supervision {
	volatile unsigned long long end_ms;
	volatile unsigned int seconds;
	volatile unsigned int watchdog_s;	/* what is asked for; 0: nothing, or it runs */
	int watchdog;	/* the parent's, from watchdog_start */
};

/*
 * Makes the @size bytes at @start, a SUPERVISE_SHARED object in which nothing is yet, one for this process and its children.
 * If that can't be, supervise_run uses no child. Comes before all else here; @inside is in that object.
 */
void supervise_share(void *start, size_t size, struct supervision *inside);

/*
 * Runs @job in a child and waits for its end, as long as supervise_until allows. If there can be no child, @job is run
 * here, unwatched.
 */
enum supervise_end supervise_run(const char *root, void (*job)(void));

/*
 * In @job: until its end the machine's watchdog runs too, see watchdog.h, for @seconds from each second on. Goes on until
 * watchdog_stop if the job doesn't end well. Returns when it runs, or there is none.
 */
void supervise_with_watchdog(unsigned int seconds);

/* In @job: it has @seconds from now on. Outside, nothing. */
void supervise_until(unsigned int seconds);

/* What supervise_until was told last. */
unsigned int supervise_seconds(void);

/*
 * Restarts the machine at once and by sysrq, since reboot(2) hangs while a module's init holds a CPU. Returns only if
 * that can't be.
 */
void supervise_restart(const char *root);

#endif
