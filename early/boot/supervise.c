// SPDX-License-Identifier: GPL-2.0-or-later
#include "early/boot/supervise.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/file.h"
#include "early/guard/watchdog.h"

#define LOOK_MS 1000		/* how often the worker's time is looked at */
#define SYNC_S 2		/* for what sysrq's sync has begun */

void supervise_share(void *start, size_t size, struct supervision *supervision)
{
	void *pages = mmap(start, size, PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

	supervision->is_shared = pages != MAP_FAILED;
	supervision->watchdog = -1;
}

void supervise_enter(struct supervision *supervision, enum phase phase,
		     unsigned int more_s)
{
	supervision->phase = phase;
	clock_limit_set(&supervision->limit, phase_limit_s(phase) + more_s);
}

/*
 * Before the load: on a CPU that it takes for itself nobody could start a watchdog any
 * more.
 */
void supervise_with_watchdog(struct supervision *supervision, unsigned int seconds)
{
	unsigned long long stop = clock_now_ms() + LOOK_MS;
	unsigned int interval_ms = 1;

	if (supervision->to_supervisor < 0)
		return;
	supervision->watchdog_s = seconds;
	file_write_all(supervision->to_supervisor, "", 1);
	while (supervision->watchdog_s && clock_now_ms() < stop)
		clock_sleep(&interval_ms);
}

/*
 * The worker has a process group of its own: what it has started itself must not
 * outlive it.
 */
static void become_worker(pid_t supervisor)
{
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != supervisor)
		_exit(0);
}

/* Which limit is over, if one is. */
static bool is_over(const struct supervision *supervision, enum phase_event *ret)
{
	unsigned long long now = clock_now_ms();

	*ret = now >= supervision->budget.end_ms ? PHASE_EVENT_BUDGET : PHASE_EVENT_LIMIT;
	return now >= supervision->budget.end_ms || now >= supervision->limit.end_ms;
}

/* The pipe ends without another byte if the worker is dead. */
static enum phase_event wait_for_worker(struct supervision *supervision, const char *root,
					int from_worker)
{
	struct pollfd fd = { .fd = from_worker, .events = POLLIN };
	enum phase_event event;
	char byte;

	do {
		watchdog_ping(supervision->watchdog);
		if (poll(&fd, 1, LOOK_MS) <= 0)
			continue;
		if (read(from_worker, &byte, 1) != 1)
			return PHASE_EVENT_DIED;
		if (!supervision->watchdog_s)
			return PHASE_EVENT_ENDED;
		if (supervision->watchdog < 0)
			supervision->watchdog =
				watchdog_start(root, supervision->watchdog_s);
		supervision->watchdog_s = 0;
	} while (!is_over(supervision, &event));
	return event;
}

static enum phase_event run_here(struct supervision *supervision, void (*job)(void *data),
				 void *data)
{
	supervision->to_supervisor = -1;
	job(data);
	return PHASE_EVENT_ENDED;
}

enum phase_event supervise_run(struct supervision *supervision, const char *root,
			       void (*job)(void *data), void *data)
{
	pid_t worker, supervisor = getpid();
	enum phase_event event;
	int fds[2];

	if (!supervision->is_shared || pipe2(fds, O_CLOEXEC))
		return run_here(supervision, job, data);
	supervision->to_supervisor = fds[1];
	supervision->limit = supervision->budget;	/* until its first turn */
	worker = fork();
	if (worker < 0) {
		close(fds[0]);
		close(fds[1]);
		return run_here(supervision, job, data);
	}
	if (!worker) {
		become_worker(supervisor);
		job(data);
		file_write_all(supervision->to_supervisor, "", 1);
		_exit(0);
	}
	close(fds[1]);
	event = wait_for_worker(supervision, root, fds[0]);
	close(fds[0]);
	if (event == PHASE_EVENT_LIMIT || event == PHASE_EVENT_BUDGET)
		/* at its return, if there is one, and its helpers now */
		kill(-worker, SIGKILL);
	else
		waitpid(worker, NULL, 0);
	if (event == PHASE_EVENT_ENDED)
		watchdog_stop(&supervision->watchdog);
	return event;
}

void supervise_help(void (*job)(void *data), void *data, unsigned int limit_s)
{
	struct clock_limit limit;
	unsigned int interval_ms = 1;
	pid_t helper = fork();

	if (helper <= 0)
		job(data);
	if (!helper)
		_exit(0);
	if (helper < 0)
		return;
	clock_limit_set(&limit, limit_s);
	while (!waitpid(helper, NULL, WNOHANG)) {
		if (clock_now_ms() >= limit.end_ms) {
			kill(helper, SIGKILL);
			break;
		}
		clock_sleep(&interval_ms);
	}
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
