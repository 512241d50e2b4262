// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Runs a loader until COUNT patches are in force.
 * usage: measure all COUNT COMMAND...     one run of the command loads them all
 *        measure each COUNT COMMAND...    a run a patch, with its number for each {} in the command, and
 *                                         the next when that patch is in force
 * Prints microseconds, from before the first fork to when the last patch is in force and the command has
 * ended; its exit status; the most memory that one process of it had, in KiB. The wait is in this
 * process, since the loaders that need one should not pay for a program that does it.
 */
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "bench.h"

#define ARGUMENTS_MAX	64

static long peak_kib;

/* The argument with NUMBER for a {}. */
static char *fill(const char *argument, int number)
{
	static char filled[ARGUMENTS_MAX][256];
	static int next;
	const char *place = strstr(argument, "{}");
	char *out = filled[next++ % ARGUMENTS_MAX];

	if (!place)
		return (char *)argument;
	snprintf(out, sizeof(filled[0]), "%.*s%02d%s", (int)(place - argument), argument, number, place + 2);
	return out;
}

/* What the command prints is not wanted. Returns its exit status. */
static int run(char **command, int number)
{
	char *arguments[ARGUMENTS_MAX + 1] = { 0 };
	struct rusage usage;
	int status, null;
	pid_t child;

	for (int i = 0; command[i] && i < ARGUMENTS_MAX; i++)
		arguments[i] = fill(command[i], number);
	child = fork();
	if (child == 0) {
		null = open("/dev/null", O_RDWR);
		for (int fd = 0; fd < 3; fd++)
			dup2(null, fd);
		execvp(arguments[0], arguments);
		_exit(127);
	}
	if (child < 0 || wait4(child, &status, 0, &usage) != child)
		return 126;
	peak_kib = usage.ru_maxrss > peak_kib ? usage.ru_maxrss : peak_kib;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 125;
}

static int await(int number)
{
	char name[32];

	snprintf(name, sizeof(name), "bench_%02d", number);
	return bench_await(name) ? 0 : 124;
}

int main(int argc, char **argv)
{
	long long start = bench_now_ns();
	int count, ret = 0;

	if (argc < 4)
		return 2;
	count = atoi(argv[2]);
	if (!strcmp(argv[1], "all"))
		ret = run(argv + 3, 0);
	for (int i = 1; i <= count && !ret; i++) {
		if (!strcmp(argv[1], "each"))
			ret = run(argv + 3, i);
		ret = ret ? ret : await(i);
	}
	printf("%lld %d %ld\n", (bench_now_ns() - start) / 1000, ret, peak_kib);
	return 0;
}
