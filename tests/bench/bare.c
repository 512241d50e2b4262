// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The least that loads live patches and knows that they are in force: the bare system calls.
 * usage: bare FOLDER FIRST LAST      loads FOLDER/bench_01.ko and so on, in this order
 */
#include <errno.h>
#include <sys/syscall.h>

#include "bench.h"

/* EBUSY: the transition before is not over. */
static int load(const char *file)
{
	unsigned int ms = PAUSE_FIRST_MS;
	int fd = open(file, O_RDONLY | O_CLOEXEC), err;

	if (fd < 0)
		return -errno;
	while ((err = syscall(SYS_finit_module, fd, "", 0) ? -errno : 0) == -EBUSY)
		bench_pause(&ms);
	close(fd);
	return err;
}

int main(int argc, char **argv)
{
	char file[256], name[32];

	if (argc != 4)
		return 2;
	for (int i = atoi(argv[2]); i <= atoi(argv[3]); i++) {
		snprintf(name, sizeof(name), "bench_%02d", i);
		snprintf(file, sizeof(file), "%s/%s.ko", argv[1], name);
		if (load(file) || !bench_await(name))
			return 1;
	}
	return 0;
}
