// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Why it works (kernel/livepatch/transition.c; 5.10, 6.1 and 6.12 were run): klp_start_transition()
 * marks each task, then klp_try_complete_transition() looks at all of them, at those made last and at
 * the idle tasks at the end. klp_try_switch_task() passes a task that has switched itself, or that
 * is on no CPU and has no patched function on its stack; for one that is on another CPU it answers
 * EBUSY, and the next try is klp_transition_work's, at round_jiffies_relative(HZ). A task switches itself
 * whenever it returns to user space (exit_to_user_mode_loop()); an idle task, when it gets on again
 * after another (do_idle()).
 *
 * There are two ways to make use of this:
 *
 * SPIN	A helper goes in and out of the kernel without a pause. Its idle task is off the CPU, and
 *	it has switched itself long before the kernel gets to it. Between mark and look are
 *	microseconds, so nothing less will do.
 * DOZE	A helper sleeps a moment again and again, so that the idle task gets on and off many times.
 *	That is enough where kernels 6.3 to 6.15, between mark and look, rewrite each call of
 *	cond_resched() (sched_dynamic_klp_enable()), thousands of them. Each rewriting waits for all
 *	CPUs. One that spins answers at once, so spinning is twice as fast; but where virtual CPUs
 *	share a real one it answers when it is its turn, and 40 s for one patch were seen. So helpers
 *	watch for that, and doze from then on: 0.7 s.
 *
 * Neither helps where a virtual CPU is not run at the moment of the look, or where a task other
 * than the idle task is on a CPU, or sleeps in a patched function.
 */
#include "awake.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bounds.h"
#include "file.h"
#include "livepatch.h"

#define READY_MS 100		/* to wait for the helpers to get to their CPUs */
#define END_MS 1000		/* and for their end */
#define CPU_SECONDS_MAX 60	/* a helper ends by then even if we hang for ever */
#define DOZE_US 100
#define GAP_MS 2		/* between two calls that nothing is between */
#define STOLEN_MS_MAX 30	/* the sum of such gaps, until spinning ends */
#define SPINS_TOO_SLOW_MS 2000	/* a load that takes so long while helpers spin */
#define DOZES_IN_VAIN 2		/* patches in a row not in force at once while helpers doze */

enum way { SPIN, DOZE };

static pid_t helpers[CPUS_MAX];
static size_t count;
static volatile enum way *way;	/* shared with the helpers */
static bool watchful;		/* spinning may be worse than nothing */

/* False if *@cursor does not start with a number of a CPU. */
static bool take_number(const char **cursor, unsigned long *ret)
{
	char *end;

	if (**cursor < '0' || **cursor > '9')
		return false;
	*ret = strtoul(*cursor, &end, 10);
	*cursor = end;
	return *ret <= CPU_NUMBER_MAX;
}

int awake_parse_cpus(const char *list, unsigned short *ret, size_t max)
{
	size_t n = 0;

	do {
		unsigned long first, last;

		if (!take_number(&list, &first))
			return -EINVAL;
		last = first;
		if (*list == '-') {
			list++;
			if (!take_number(&list, &last) || last < first)
				return -EINVAL;
		}
		for (; first <= last; first++) {
			if (n == max)
				return -E2BIG;
			ret[n++] = (unsigned short)first;
		}
	} while (*list++ == ',');
	return list[-1] && list[-1] != '\n' ? -EINVAL : (int)n;
}

static int online_cpus(const char *root, unsigned short *ret, size_t max)
{
	char path[PATH_MAX], list[CPU_LIST_BYTES_MAX + 1];

	if (file_path(path, root, "/sys/devices/system/cpu/online") ||
	    file_read(path, list, sizeof(list)) < 0)
		return 0;
	return awake_parse_cpus(list, ret, max);
}

/* Not the maximum that ends a process by a signal which it may ignore, but the one that kills. */
static void limit_cpu_time(void)
{
	static const struct rlimit limit = { CPU_SECONDS_MAX, CPU_SECONDS_MAX };

	setrlimit(RLIMIT_CPU, &limit);
}

static bool move_to(unsigned short cpu)
{
	unsigned long set[(CPU_NUMBER_MAX + 1) / LONG_BIT] = { 0 };

	set[cpu / LONG_BIT] = 1UL << cpu % LONG_BIT;
	return !sched_setaffinity(0, sizeof(set), (cpu_set_t *)set);
}

/* Milliseconds that passed since the last call for nobody in this system: another had the CPU. */
static unsigned long long stolen_ms(void)
{
	static unsigned long long last;
	static long switches;
	unsigned long long now = livepatch_now_ms(), gap = 0;
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	if (last && usage.ru_nivcsw == switches && now - last >= GAP_MS)
		gap = now - last;
	last = now;
	switches = usage.ru_nivcsw;
	return gap;
}

/* A helper's life. It ends when @parent is not our parent any more. @ready is closed at its start. */
static _Noreturn void help(unsigned short cpu, pid_t parent, int ready)
{
	static const struct timespec moment = { .tv_nsec = DOZE_US * 1000L };
	unsigned long long stolen = 0;

	limit_cpu_time();
	if (!move_to(cpu))
		_exit(0);
	setpriority(PRIO_PROCESS, 0, 19);	/* whoever else wants the CPU has it at once */
	prctl(PR_SET_TIMERSLACK, 1);
	close(ready);
	while (getppid() == parent)
		if (*way == DOZE)
			nanosleep(&moment, NULL);
		else if (watchful && (stolen += stolen_ms()) >= STOLEN_MS_MAX)
			*way = DOZE;
	_exit(0);
}

/* True if the kernel is one of those that rewrite much between mark and look. */
static bool rewrites_much(const char *release)
{
	char *end;
	unsigned long major = strtoul(release, &end, 10);
	unsigned long minor = *end == '.' ? strtoul(end + 1, &end, 10) : 0;

	return major == 6 && minor >= 3 && minor <= 15;
}

static bool share_way(void)
{
	void *page = mmap(NULL, sizeof(*way), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		return false;
	way = page;
	*way = SPIN;
	return true;
}

/* The pipe reaches its end when the last helper has closed it, or is dead. */
static void wait_until_ready(int fd)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };

	while (poll(&ready, 1, READY_MS) < 0 && errno == EINTR)
		;
}

void awake_start(const char *root, const char *release)
{
	static unsigned short cpus[CPUS_MAX];
	pid_t us = getpid();
	int fds[2], n;

	if (way)
		return;
	n = online_cpus(root, cpus, CPUS_MAX);
	if (n < 2 || !share_way() || pipe2(fds, O_CLOEXEC))
		return;
	watchful = rewrites_much(release);
	for (int i = 0; i < n; i++) {
		pid_t pid = fork();

		if (!pid)
			help(cpus[i], us, fds[1]);
		if (pid > 0)
			helpers[count++] = pid;
	}
	close(fds[1]);
	wait_until_ready(fds[0]);
	close(fds[0]);
}

void awake_learn(unsigned long long ms, bool in_force)
{
	static unsigned int in_vain;

	if (!count)
		return;
	if (*way == SPIN && ms >= SPINS_TOO_SLOW_MS) {
		*way = DOZE;
		in_vain = 0;
	} else if (*way == DOZE) {
		in_vain = in_force ? 0 : in_vain + 1;
		if (in_vain == DOZES_IN_VAIN)
			*way = SPIN;
	}
}

/* Not without a limit: on a CPU that a patch keeps to itself, a helper cannot even die. */
void awake_stop(void)
{
	unsigned long long stop = livepatch_now_ms() + END_MS;
	unsigned int interval_ms = 1;

	for (size_t i = 0; i < count; i++)
		kill(helpers[i], SIGKILL);
	while (count > 0 && livepatch_now_ms() < stop)
		if (waitpid(helpers[count - 1], NULL, WNOHANG))
			count--;
		else
			livepatch_sleep(&interval_ms);
	count = 0;
}
