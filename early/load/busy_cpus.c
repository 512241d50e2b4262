// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Why it works (kernel/livepatch/transition.c; run on 6.1 and 6.12):
 * klp_start_transition() marks each task. klp_try_complete_transition() then looks at all
 * of them, at those made last and at the idle tasks at the end. klp_try_switch_task()
 * passes a task that has switched itself, or that is on no CPU and has no patched
 * function on its stack. For a task on another CPU it answers EBUSY, and the next try is
 * klp_transition_work's, at round_jiffies_relative(HZ).
 *
 * A helper goes in and out of the kernel without a pause. So the idle task is off its
 * CPU. The helper has switched itself, which each return to user space does
 * (exit_to_user_mode_loop()), before the kernel gets to it.
 *
 * A helper cannot help if another task is on a CPU at that moment, or sleeps in a patched
 * function. Nor can it where virtual CPUs share a real one, and its own is not run then.
 *
 * There it may even harm. Kernels 6.3 to 6.15 rewrite each call of cond_resched() between
 * mark and look (sched_dynamic_klp_enable()), thousands of them, and each rewriting waits
 * for all CPUs. A helper's CPU answers at once, twice as fast as without helpers. If that
 * CPU has to wait for its turn, one patch took 10 s. So helpers watch for time that goes
 * to another system, and then end.
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

#include "common/clock.h"
#include "common/file.h"

#define READY_MS 100		/* how long the helpers may take to get to their CPUs */
#define END_MS 1000		/* how long they may take to end */
#define CPU_SECONDS_MAX 60	/* a helper ends by then even if we hang for ever */
#define GAP_MS 3		/* between two calls with nothing between them */
#define LONG_GAP_MS 30		/* an emulator stopped all its CPUs, say */
#define GAPS_MAX 32		/* a quiet run has 3, a busy one 36 a second */
#define LOAD_MS_MAX 2000	/* the helpers are why a load takes longer */

/* What one helper needs to know. */
struct helper {
	const struct busy_cpus *busy;
	unsigned short cpu;
	pid_t parent;		/* with another parent the helper ends */
	int ready;		/* it closes this when it is on its CPU */
	bool watches;		/* it watches for stolen time */
};

/* False if *@cursor does not start with the number of a CPU. */
static bool parse_cpu_number(const char **cursor, unsigned long *ret)
{
	char *end;

	if (**cursor < '0' || **cursor > '9')
		return false;
	*ret = strtoul(*cursor, &end, 10);
	*cursor = end;
	return *ret <= CPU_NUMBER_MAX;
}

size_t busy_cpus_parse(const char *list, unsigned short *ret, size_t max)
{
	size_t n = 0;

	do {
		unsigned long first, last;

		if (!parse_cpu_number(&list, &first))
			return 0;
		last = first;
		if (*list == '-') {
			list++;
			if (!parse_cpu_number(&list, &last) || last < first)
				return 0;
		}
		for (; first <= last; first++) {
			if (n == max)
				return 0;
			ret[n++] = (unsigned short)first;
		}
	} while (*list++ == ',');
	return list[-1] && list[-1] != '\n' ? 0 : n;
}

static size_t read_online_cpus(const char *root, unsigned short *ret, size_t max)
{
	char path[PATH_MAX], list[CPU_LIST_BYTES_MAX + 1];

	if (file_path(path, root, "/sys/devices/system/cpu/online") ||
	    file_read(path, list, sizeof(list)) < 0)
		return 0;
	return busy_cpus_parse(list, ret, max);
}

/* A process may ignore the signal of the soft limit. The hard one kills. */
static void limit_cpu_time(void)
{
	static const struct rlimit limit = { CPU_SECONDS_MAX, CPU_SECONDS_MAX };

	setrlimit(RLIMIT_CPU, &limit);
}

/*
 * Lets any other process of our session have the CPU at once. musl's sched_setscheduler()
 * makes no system call.
 */
static void lower_priority(void)
{
	static const struct sched_param none;

	syscall(SYS_sched_setscheduler, 0, SCHED_OTHER, &none);
	setpriority(PRIO_PROCESS, 0, 19);
}

static bool move_to_cpu(unsigned short cpu)
{
	unsigned long set[(CPU_NUMBER_MAX + 1) / LONG_BIT] = { 0 };

	set[cpu / LONG_BIT] = 1UL << cpu % LONG_BIT;
	return !sched_setaffinity(0, sizeof(set), (cpu_set_t *)set);
}

bool busy_cpus_was_stolen(const struct busy_cpus_sample samples[3])
{
	unsigned long long passed = samples[2].ms - samples[1].ms;
	unsigned long long billed = samples[2].cpu_ms - samples[1].cpu_ms;

	/* A switch may come between the calls of one sample, so this takes all three. */
	if (billed < GAP_MS && samples[2].switches != samples[0].switches)
		return false;
	return passed >= GAP_MS && passed < LONG_GAP_MS;
}

static void take_sample(struct busy_cpus_sample *ret)
{
	struct timespec cpu;
	struct rusage usage;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu);
	getrusage(RUSAGE_SELF, &usage);
	ret->ms = clock_now_ms();
	ret->cpu_ms = (unsigned long long)cpu.tv_sec * 1000 +
		      (unsigned long long)cpu.tv_nsec / 1000000;
	ret->switches = usage.ru_nivcsw;
}

/* Adds a sample. Returns true if another system had our CPU since the last one. */
static bool lost_cpu_since_last(struct busy_cpus_sample samples[3])
{
	samples[0] = samples[1];
	samples[1] = samples[2];
	take_sample(&samples[2]);
	return samples[0].ms && busy_cpus_was_stolen(samples);
}

static _Noreturn void be_helper(const struct helper *helper)
{
	volatile bool *harmful = helper->busy->harmful;
	struct busy_cpus_sample samples[3] = { { 0 } };
	unsigned int gaps = 0;

	limit_cpu_time();
	lower_priority();
	if (!move_to_cpu(helper->cpu))
		_exit(0);
	close(helper->ready);
	while (getppid() == helper->parent && !*harmful) {
		if (helper->watches)
			gaps += lost_cpu_since_last(samples);
		if (gaps >= GAPS_MAX)
			*harmful = true;
	}
	_exit(0);
}

bool busy_cpus_may_harm(const char *release)
{
	char *end;
	unsigned long major = strtoul(release, &end, 10);
	unsigned long minor = *end == '.' ? strtoul(end + 1, &end, 10) : 0;

	return major == 6 && minor >= 3 && minor <= 15;
}

/* Returns a flag that our children share, or NULL. */
static volatile bool *new_shared_flag(void)
{
	void *page = mmap(NULL, sizeof(bool), PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return page == MAP_FAILED ? NULL : page;
}

/* The pipe reaches its end when each helper has closed it or is dead. */
static void wait_until_ready(int fd)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };

	while (poll(&ready, 1, READY_MS) < 0 && errno == EINTR)
		;
}

void busy_cpus_start(struct busy_cpus *busy, const char *root, const char *release)
{
	unsigned short cpus[CPUS_MAX];
	struct helper helper = {
		.busy = busy, .parent = getpid(), .watches = busy_cpus_may_harm(release),
	};
	int fds[2];
	size_t n;

	if (busy->started)
		return;
	busy->started = true;
	n = read_online_cpus(root, cpus, CPUS_MAX);
	if (n < 2)
		return;
	busy->harmful = new_shared_flag();
	if (!busy->harmful || pipe2(fds, O_CLOEXEC))
		return;
	helper.ready = fds[1];
	for (size_t i = 0; i < n; i++) {
		pid_t pid;

		helper.cpu = cpus[i];
		pid = fork();
		if (!pid)
			be_helper(&helper);
		if (pid > 0)
			busy->pids[busy->count++] = pid;
	}
	close(fds[1]);
	wait_until_ready(fds[0]);
	close(fds[0]);
}

void busy_cpus_learn(const struct busy_cpus *busy, unsigned long long ms)
{
	if (busy->harmful && ms >= LOAD_MS_MAX)
		*busy->harmful = true;
}

/* Removes those that have ended. */
static void reap_helpers(struct busy_cpus *busy)
{
	size_t alive = 0;

	for (size_t i = 0; i < busy->count; i++)
		if (!waitpid(busy->pids[i], NULL, WNOHANG))
			busy->pids[alive++] = busy->pids[i];
	busy->count = alive;
}

/* A helper cannot even die on a CPU that a patch keeps to itself, hence the limit. */
void busy_cpus_stop(struct busy_cpus *busy)
{
	unsigned long long stop = clock_now_ms() + END_MS;
	unsigned int interval_ms = 1;

	for (size_t i = 0; i < busy->count; i++)
		kill(busy->pids[i], SIGKILL);
	while (reap_helpers(busy), busy->count > 0 && clock_now_ms() < stop)
		clock_sleep(&interval_ms);
	busy->count = 0;
}
