// SPDX-License-Identifier: GPL-2.0-or-later
#include "watch.h"

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

#include "file.h"
#include "livepatch.h"
#include "watchdog.h"

#define START_S 60
#define LOOK_MS 1000		/* how often the child's time is looked at */
#define SYNC_S 2		/* for what sysrq's sync has begun */

static struct {
	volatile unsigned long long end_ms;
	volatile unsigned int seconds;
} WATCH_SHARED time_left;
static bool alone;

void watch_share(void *start, size_t size)
{
	alone |= mmap(start, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED;
}

void watch_until(unsigned int seconds)
{
	time_left.seconds = seconds;
	time_left.end_ms = livepatch_now_ms() + seconds * 1000ULL;
}

unsigned int watch_seconds(void)
{
	return time_left.seconds;
}

/* A process group of its own: what it has started itself must not outlive it. */
static _Noreturn void be_the_child(int done, pid_t parent, void (*job)(void))
{
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() == parent) {
		job();
		file_write_all(done, "", 1);
	}
	_exit(0);
}

/* @done has a byte if the child is through, and ends without one if it is dead. */
static enum watch_end wait_for(int done)
{
	struct pollfd fd = { .fd = done, .events = POLLIN };
	char byte;

	do {
		watchdog_ping();
		if (poll(&fd, 1, LOOK_MS) > 0)
			return read(done, &byte, 1) == 1 ? WATCH_DONE : WATCH_DIED;
	} while (livepatch_now_ms() < time_left.end_ms);
	return WATCH_HUNG;
}

enum watch_end watch_run(const char *root, unsigned int watchdog_s, void (*job)(void))
{
	pid_t child, parent = getpid();
	enum watch_end end;
	int fds[2];

	watch_share(&time_left, sizeof(time_left));
	watch_until(START_S);	/* each part of the job sets its own */
	if (alone || pipe2(fds, O_CLOEXEC) || (child = fork()) < 0) {
		job();
		return WATCH_DONE;
	}
	if (!child)
		be_the_child(fds[1], parent, job);
	close(fds[1]);
	if (watchdog_s)
		watchdog_start(root, watchdog_s);
	end = wait_for(fds[0]);
	close(fds[0]);
	watchdog_stop();
	if (end == WATCH_HUNG)
		kill(-child, SIGKILL);	/* at its return, if there is one, and its helpers now */
	else
		waitpid(child, NULL, 0);
	return end;
}

/* Nothing here takes a lock that a load may hold. */
void watch_restart(const char *root)
{
	char path[PATH_MAX];

	if (file_path(path, root, "/proc/sysrq-trigger") || file_put(path, 0, "s"))
		return;
	sleep(SYNC_S);	/* it only asks for it: another CPU may still do it */
	file_put(path, 0, "b");
}
