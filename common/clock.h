/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The monotonic clock, and sleeping between two looks at something. */
#ifndef CLOCK_H
#define CLOCK_H

/* Milliseconds since some moment in the past. Deadlines are points on this clock. */
unsigned long long clock_now_ms(void);

/* Sleeps *@interval_ms and doubles it, up to 16. For loops that look again; begin with 1. */
void clock_sleep(unsigned int *interval_ms);

#endif
