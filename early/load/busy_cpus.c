// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Why it works (kernel/livepatch/transition.c; run on 6.1 and 6.12): klp_start_transition() marks each
 * task, then klp_try_complete_transition() looks at all of them, at those made last and at the idle
 * tasks at the end. klp_try_switch_task() passes a task that has switched itself, or that is on no
 * CPU and has no patched function on its stack; for one that is on another CPU it answers EBUSY, and
 * the next try is klp_transition_work's, at round_jiffies_relative(HZ). A helper goes in and out of
 * the kernel without a pause. So the idle task is off its CPU, and the helper has switched itself,
 * which each return to user space does (exit_to_user_mode_loop()), before the kernel gets to it.
 *
 * It cannot help where a task other than the idle task is on a CPU at that moment or sleeps in a
 * patched function, or where virtual CPUs share a real one and a helper's is not run just then.
 *
 * There it may even harm. Kernels 6.3 to 6.15 rewrite each call of cond_resched() between mark and look
 * (sched_dynamic_klp_enable()), thousands of them, and each rewriting waits for all CPUs: a helper's
 * answers at once, and that is twice as fast as without; but if it has to wait for its turn, 10 s
 * for one patch were seen. So helpers watch for time that goes to another system, and then end.
 */
#include "early/load/busy_cpus.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/bounds.h"
#include "common/clock.h"
#include "common/file.h"

#define READY_MS 100		/* to wait for the helpers to get to their CPUs */
#define END_MS 1000		/* and for their end */
#define CPU_SECONDS_MAX 60	/* a helper ends by then even if we hang for ever */
#define GAP_MS 3		/* between two calls that nothing is between */
#define LONG_GAP_MS 30		/* no scheduler's: an emulator that stops all its CPUs, say */
#define GAPS_MAX 32		/* that a helper sees, until all end; 3 in a quiet run, 36 a second in a busy one */
#define LOAD_MS_MAX 2000	/* a load that takes longer does so because of the helpers */

static pid_t helpers[CPUS_MAX];
static size_t count;
static volatile bool *enough;	/* shared with the helpers: they do harm, and end */
static bool watchful;

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

int busy_cpus_parse(const char *list, unsigned short *ret, size_t max)
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
	return busy_cpus_parse(list, ret, max);
}

/* The hard limit kills; the signal of the soft one may be ignored. */
static void limit_cpu_time(void)
{
	static const struct rlimit limit = { CPU_SECONDS_MAX, CPU_SECONDS_MAX };

	setrlimit(RLIMIT_CPU, &limit);
}

/* Whoever else of our session wants the CPU has it at once. musl's own call for the policy does nothing. */
static void leave_to_others(void)
{
	static const struct sched_param none;

	syscall(SYS_sched_setscheduler, 0, SCHED_OTHER, &none);
	setpriority(PRIO_PROCESS, 0, 19);
}

static bool move_to(unsigned short cpu)
{
	unsigned long set[(CPU_NUMBER_MAX + 1) / LONG_BIT] = { 0 };

	set[cpu / LONG_BIT] = 1UL << cpu % LONG_BIT;
	return !sched_setaffinity(0, sizeof(set), (cpu_set_t *)set);
}

bool busy_cpus_was_stolen(const struct busy_cpus_sample looks[3])
{
	unsigned long long passed = looks[2].ms - looks[1].ms;
	unsigned long long billed = looks[2].cpu_ms - looks[1].cpu_ms;

	/* Of three, since a switch may come between the calls of one look. */
	if (billed < GAP_MS && looks[2].switches != looks[0].switches)
		return false;
	return passed >= GAP_MS && passed < LONG_GAP_MS;
}

static void look(struct busy_cpus_sample *ret)
{
	struct timespec cpu;
	struct rusage usage;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu);
	getrusage(RUSAGE_SELF, &usage);
	ret->ms = clock_now_ms();
	ret->cpu_ms = (unsigned long long)cpu.tv_sec * 1000 + (unsigned long long)cpu.tv_nsec / 1000000;
	ret->switches = usage.ru_nivcsw;
}

/* True if another system had our CPU since the last call. */
static bool was_robbed(void)
{
	static struct busy_cpus_sample looks[3];

	looks[0] = looks[1];
	looks[1] = looks[2];
	look(&looks[2]);
	return looks[0].ms && busy_cpus_was_stolen(looks);
}

/* A helper's life. It ends when @parent is not our parent any more. @ready is closed at its start. */
static _Noreturn void help(unsigned short cpu, pid_t parent, int ready)
{
	unsigned int gaps = 0;

	limit_cpu_time();
	leave_to_others();
	if (!move_to(cpu))
		_exit(0);
	close(ready);
	while (getppid() == parent && !*enough)
		if (watchful && (gaps += was_robbed()) >= GAPS_MAX)
			*enough = true;
	_exit(0);
}

bool busy_cpus_may_harm(const char *release)
{
	char *end;
	unsigned long major = strtoul(release, &end, 10);
	unsigned long minor = *end == '.' ? strtoul(end + 1, &end, 10) : 0;

	return major == 6 && minor >= 3 && minor <= 15;
}

static bool share_flag(void)
{
	void *page = mmap(NULL, sizeof(*enough), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		return false;
	enough = page;
	return true;
}

/* The pipe reaches its end when the last helper has closed it, or is dead. */
static void wait_until_ready(int fd)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };

	while (poll(&ready, 1, READY_MS) < 0 && errno == EINTR)
		;
}

void busy_cpus_start(const char *root, const char *release)
{
	static unsigned short cpus[CPUS_MAX];
	static bool started;
	pid_t us = getpid();
	int fds[2], n;

	if (started)
		return;
	started = true;
	n = online_cpus(root, cpus, CPUS_MAX);
	if (n < 2 || !share_flag() || pipe2(fds, O_CLOEXEC))
		return;
	watchful = busy_cpus_may_harm(release);
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

void busy_cpus_learn(unsigned long long ms)
{
	if (count && ms >= LOAD_MS_MAX)
		*enough = true;
}

/* Keeps those that still live. */
static void reap(void)
{
	size_t alive = 0;

	for (size_t i = 0; i < count; i++)
		if (!waitpid(helpers[i], NULL, WNOHANG))
			helpers[alive++] = helpers[i];
	count = alive;
}

/* Not without a limit: on a CPU that a patch keeps to itself, a helper cannot even die. */
void busy_cpus_stop(void)
{
	unsigned long long stop = clock_now_ms() + END_MS;
	unsigned int interval_ms = 1;

	for (size_t i = 0; i < count; i++)
		kill(helpers[i], SIGKILL);
	while (reap(), count > 0 && clock_now_ms() < stop)
		clock_sleep(&interval_ms);
	count = 0;
}
