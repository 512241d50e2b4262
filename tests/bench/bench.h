/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For the bench's own programs: the patches bench_01, bench_02, ... as the kernel's sysfs shows them.
 * All that wait look again after 1 ms, then after twice as long each time, up to 32 ms.
 */
#ifndef BENCH_H
#define BENCH_H

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define PAUSE_FIRST_MS	1
#define PAUSE_LAST_MS	32
#define GIVE_UP_S	60

/* The first byte of a file of the patch, or 0 if there is no such file. */
static inline char bench_flag(const char *name, const char *file)
{
	char path[128], value = 0;
	int fd;

	snprintf(path, sizeof(path), "/sys/kernel/livepatch/%s/%s", name, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	if (read(fd, &value, 1) != 1)
		value = 0;
	close(fd);
	return value;
}

static inline bool bench_in_force(const char *name)
{
	return bench_flag(name, "transition") == '0' && bench_flag(name, "enabled") == '1';
}

static inline void bench_pause(unsigned int *ms)
{
	struct timespec pause = { 0, *ms * 1000000L };

	nanosleep(&pause, NULL);
	*ms = *ms * 2 < PAUSE_LAST_MS ? *ms * 2 : PAUSE_LAST_MS;
}

static inline long long bench_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

/* Until it is in force; false if it is not in time. */
static inline bool bench_await(const char *name)
{
	long long end = bench_now_ns() + GIVE_UP_S * 1000000000LL;
	unsigned int ms = PAUSE_FIRST_MS;

	while (!bench_in_force(name)) {
		if (bench_now_ns() > end)
			return false;
		bench_pause(&ms);
	}
	return true;
}

#endif
