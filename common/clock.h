/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The monotonic clock, and a sleep between two looks at something. Sets no timer. */
#ifndef CLOCK_H
#define CLOCK_H

/* Returns milliseconds since some moment. Deadlines are points on this clock. */
unsigned long long clock_now_ms(void);

/*
 * How long somebody may take who cannot be trusted to end. For memory that processes
 * share.
 */
struct clock_limit {
	volatile unsigned long long end_ms;
	volatile unsigned int seconds;	/* that it was set to, for messages */
};

/* Sets @limit to @seconds from now on. */
void clock_limit_set(struct clock_limit *limit, unsigned int seconds);

/*
 * Sleeps *@interval_ms and doubles it, up to 16. A loop that waits for something begins
 * with 1, and passes the same variable each time.
 */
void clock_sleep(unsigned int *interval_ms);

#endif
