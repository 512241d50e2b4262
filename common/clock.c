// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/clock.h"

#include <time.h>

#define INTERVAL_MS_MAX 16

unsigned long long clock_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (unsigned long long)now.tv_sec * 1000 +
	       (unsigned long long)now.tv_nsec / 1000000;
}

void clock_sleep(unsigned int *interval_ms)
{
	struct timespec interval = { .tv_nsec = *interval_ms * 1000000L };

	nanosleep(&interval, NULL);
	*interval_ms *= 2;
	if (*interval_ms > INTERVAL_MS_MAX)
		*interval_ms = INTERVAL_MS_MAX;
}

void clock_limit_set(struct clock_limit *limit, unsigned int seconds)
{
	limit->seconds = seconds;
	limit->end_ms = clock_now_ms() + seconds * 1000ULL;
}
