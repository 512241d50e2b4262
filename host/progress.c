// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/progress.h"

#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/clock.h"

#define QUIET_S 2
#define LINE_WIDTH 40

/* The cursor stays at the begin of the line, so that a message goes over it. */
static void print_until_killed(const char *doing)
{
	for (unsigned int seconds = QUIET_S;; seconds++) {
		sleep(seconds == QUIET_S ? QUIET_S : 1);
		dprintf(STDERR_FILENO, "%s, %u s\r", doing, seconds);
	}
}

struct progress progress_begin(const char *doing)
{
	struct progress ret = { .begin_ms = clock_now_ms() };
	pid_t parent = getpid();

	if (!isatty(STDERR_FILENO))
		return ret;
	ret.child = fork();
	if (!ret.child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() == parent)
			print_until_killed(doing);
		_exit(0);
	}
	return ret;
}

void progress_end(struct progress *progress)
{
	if (progress->child <= 0)
		return;
	kill(progress->child, SIGKILL);
	waitpid(progress->child, NULL, 0);
	if (clock_now_ms() - progress->begin_ms >= QUIET_S * 1000)
		dprintf(STDERR_FILENO, "%*s\r", LINE_WIDTH, "");
}
