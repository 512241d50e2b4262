/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The monotonic clock, and a sleep between two looks at something. Sets no timer. */
#ifndef CLOCK_H
#define CLOCK_H

/*
 * Returns milliseconds since some moment in the past. Deadlines are points on this clock.
 */
unsigned long long clock_now_ms(void);

/*
 * Sleeps *@interval_ms and doubles it, up to 16. A loop that waits for something begins
 * with 1, and passes the same variable each time.
 */
void clock_sleep(unsigned int *interval_ms);

#endif
