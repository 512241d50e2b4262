// SPDX-License-Identifier: GPL-2.0-or-later
#include "early/boot/supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/file.h"
#include "early/guard/watchdog.h"

#define START_S 60
#define LOOK_MS 1000		/* how often the child's time is looked at */
#define SYNC_S 2		/* for what sysrq's sync has begun */

static struct supervision *shared;
static bool alone;
static int to_parent = -1;	/* in the child: a byte when it wants something, see watchdog_s, or is through */

void supervise_share(void *start, size_t size, struct supervision *inside)
{
	void *pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	alone = pages == MAP_FAILED || mremap(pages, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, start) == MAP_FAILED;
	shared = inside;
	shared->watchdog = -1;
}

void supervise_until(unsigned int seconds)
{
	shared->seconds = seconds;
	shared->end_ms = clock_now_ms() + seconds * 1000ULL;
}

unsigned int supervise_seconds(void)
{
	return shared->seconds;
}

/* Before the load: on a CPU that it takes for itself nobody could start a watchdog any more. */
void supervise_with_watchdog(unsigned int seconds)
{
	unsigned long long stop = clock_now_ms() + LOOK_MS;
	unsigned int interval_ms = 1;

	if (to_parent < 0)
		return;
	shared->watchdog_s = seconds;
	file_write_all(to_parent, "", 1);
	while (shared->watchdog_s && clock_now_ms() < stop)
		clock_sleep(&interval_ms);
}

/* A process group of its own: what it has started itself must not outlive it. */
static _Noreturn void be_the_child(pid_t parent, void (*job)(void))
{
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() == parent) {
		job();
		file_write_all(to_parent, "", 1);
	}
	_exit(0);
}

/* The pipe ends without another byte if the child is dead. */
static enum supervise_end wait_for(const char *root, int from_child)
{
	struct pollfd fd = { .fd = from_child, .events = POLLIN };
	char byte;

	do {
		watchdog_ping(shared->watchdog);
		if (poll(&fd, 1, LOOK_MS) <= 0)
			continue;
		if (read(from_child, &byte, 1) != 1)
			return SUPERVISE_DIED;
		if (!shared->watchdog_s)
			return SUPERVISE_DONE;
		if (shared->watchdog < 0)
			shared->watchdog = watchdog_start(root, shared->watchdog_s);
		shared->watchdog_s = 0;
	} while (clock_now_ms() < shared->end_ms);
	return SUPERVISE_HUNG;
}

enum supervise_end supervise_run(const char *root, void (*job)(void))
{
	pid_t child, parent = getpid();
	enum supervise_end end;
	int fds[2];

	supervise_until(START_S);	/* each part of the job sets its own */
	if (alone || pipe2(fds, O_CLOEXEC) || (child = fork()) < 0) {
		job();
		return SUPERVISE_DONE;
	}
	if (!child) {
		to_parent = fds[1];
		be_the_child(parent, job);
	}
	close(fds[1]);
	end = wait_for(root, fds[0]);
	close(fds[0]);
	if (end == SUPERVISE_HUNG)
		kill(-child, SIGKILL);	/* at its return, if there is one, and its helpers now */
	else
		waitpid(child, NULL, 0);
	if (end == SUPERVISE_DONE)
		watchdog_stop(&shared->watchdog);
	return end;
}

/* Nothing here takes a lock that a load may hold. */
void supervise_restart(const char *root)
{
	char path[PATH_MAX];

	if (file_path(path, root, "/proc/sysrq-trigger") || file_put(path, 0, "s"))
		return;
	sleep(SYNC_S);	/* it only asks for it: another CPU may still do it */
	file_put(path, 0, "b");
}
