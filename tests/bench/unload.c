// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Turns the patches bench_COUNT to bench_01 off and removes them, outside of any measurement.
 * usage: unload COUNT
 */
#include <errno.h>
#include <sys/syscall.h>

#include "bench.h"

/* A patch that is off goes when its module is told to; EAGAIN and EBUSY pass. */
static int unload(const char *name)
{
	long long end = bench_now_ns() + GIVE_UP_S * 1000000000LL;
	unsigned int ms = PAUSE_FIRST_MS;
	char path[128];
	int fd, err;

	snprintf(path, sizeof(path), "/sys/kernel/livepatch/%s/enabled", name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd >= 0) {
		while (write(fd, "0", 1) < 0 && errno == EBUSY && bench_now_ns() < end)
			bench_pause(&ms);
		close(fd);
	}
	while ((err = syscall(SYS_delete_module, name, O_NONBLOCK) ? errno : 0) && err != ENOENT &&
	       bench_now_ns() < end)
		bench_pause(&ms);
	return err && err != ENOENT;
}

int main(int argc, char **argv)
{
	char name[32];
	int ret = 0;

	if (argc != 2)
		return 2;
	for (int i = atoi(argv[1]); i > 0; i--) {
		snprintf(name, sizeof(name), "bench_%02d", i);
		ret |= unload(name);
	}
	return ret;
}
