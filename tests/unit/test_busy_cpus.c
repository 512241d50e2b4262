// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "early/load/busy_cpus.h"
#include "common/bounds.h"
#include "common/clock.h"
#include "common/module/livepatch.h"

/* For processes of the tests' own, which cmocka must not go on with. */
#define check(condition) do { if (!(condition)) { \
	fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); _exit(1); } } while (0)

#define WAIT_MS 120000	/* for what is certain to come, however busy the host is */

static char root[] = "/tmp/kpatch-early-busy-XXXXXX";

/* Each test that starts helpers is a child, and has a copy that is still zero. */
static struct busy_cpus busy;

static void a_list_is_understood_whole_or_not_at_all(void **state)
{
	static const struct {
		const char *list;
		size_t count;
		unsigned short first, last;
	} cases[] = {
		{ "0\n", 1, 0, 0 },
		{ "0-3\n", 4, 0, 3 },
		{ "0-3,8-11\n", 8, 0, 11 },
		{ "0,2,4", 3, 0, 4 },
		{ "8-8\n", 1, 8, 8 },
		{ "0-1023\n", 1024, 0, 1023 },
		{ "7168-8191\n", 1024, 7168, 8191 },
		{ "0-1024\n", 0, 0, 0 },
		{ "0-511,1024-1536\n", 0, 0, 0 },
		{ "8192\n", 0, 0, 0 },
		{ "0-99999999999999999999\n", 0, 0, 0 },
		{ "", 0, 0, 0 },
		{ "\n", 0, 0, 0 },
		{ "3-1\n", 0, 0, 0 },
		{ "-1\n", 0, 0, 0 },
		{ "0-\n", 0, 0, 0 },
		{ "0,,1\n", 0, 0, 0 },
		{ "0,\n", 0, 0, 0 },
		{ "0 1\n", 0, 0, 0 },
		{ "0x1\n", 0, 0, 0 },
		{ "all\n", 0, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		unsigned short cpus[CPUS_MAX];
		size_t n = busy_cpus_parse(cases[i].list, cpus, CPUS_MAX);

		assert_int_equal(n, cases[i].count);
		if (n > 0) {
			assert_int_equal(cpus[0], cases[i].first);
			assert_int_equal(cpus[n - 1], cases[i].last);
		}
	}
}

/* The fake root's kernel has these CPUs online. */
static void topology(const char *list)
{
	static const char *const folders[] = { "/sys", "/sys/devices", "/sys/devices/system",
					       "/sys/devices/system/cpu" };
	char path[128];
	FILE *file;

	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		snprintf(path, sizeof(path), "%s%s", root, folders[i]);
		mkdir(path, 0755);
	}
	snprintf(path, sizeof(path), "%s/sys/devices/system/cpu/online", root);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(list, file);
	fclose(file);
}

/* Children of @parent that live, or with @dead those that nobody waited for as well; two go into @pids, unless NULL. */
static int children_of(pid_t parent, bool dead, pid_t pids[2])
{
	DIR *folder = opendir("/proc");
	struct dirent *entry;
	int count = 0;

	while ((entry = readdir(folder))) {
		char path[300], line[512], state = '?';
		int ppid = 0;
		FILE *file;

		snprintf(path, sizeof(path), "/proc/%s/stat", entry->d_name);
		file = *entry->d_name >= '0' && *entry->d_name <= '9' ? fopen(path, "r") : NULL;
		if (!file)
			continue;
		if (fgets(line, sizeof(line), file) && strrchr(line, ')'))
			sscanf(strrchr(line, ')'), ") %c %d", &state, &ppid);
		fclose(file);
		if (ppid != parent || (!dead && state == 'Z'))
			continue;
		if (pids && count < 2)
			pids[count] = atoi(entry->d_name);
		count++;
	}
	closedir(folder);
	return count;
}

static int children(pid_t parent, bool dead)
{
	return children_of(parent, dead, NULL);
}

/* Waits until @parent has @count live children. A busy host gives one of nice 19 its turn late. */
static bool comes_down_to(int count, pid_t parent)
{
	for (int i = 0; i < WAIT_MS / 10 && children(parent, false) > count; i++)
		usleep(10000);
	return children(parent, false) == count;
}

/* Waits until @pid may run on one CPU only, and adds that to @cpus. */
static bool has_moved(pid_t pid, cpu_set_t *cpus)
{
	cpu_set_t set;

	for (int i = 0; i < WAIT_MS / 10; i++) {
		if (sched_getaffinity(pid, sizeof(set), &set))
			return false;
		if (CPU_COUNT(&set) == 1) {
			CPU_OR(cpus, cpus, &set);
			return true;
		}
		usleep(10000);
	}
	return false;
}

/* busy_cpus_stop() waits for a second. Only if it took that long may a child that it killed be left. */
static void stop_and_leave_none(void)
{
	unsigned long long start = clock_now_ms();
	int status;

	busy_cpus_stop(&busy);
	if (clock_now_ms() - start >= 1000)
		while (waitpid(-1, &status, 0) > 0)
			check(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	check(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD);
}

/* Runs @test in a process of its own, whose children can be counted. */
static void in_a_child(void (*test)(void))
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		test();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

/* How many CPUs of @list this machine has and lets us use. */
static int usable(const char *list)
{
	unsigned short cpus[CPUS_MAX];
	int status, n = (int)busy_cpus_parse(list, cpus, CPUS_MAX);
	pid_t pid = fork();

	if (!pid) {
		int count = 0;

		for (int i = 0; i < n; i++) {
			cpu_set_t set;

			CPU_ZERO(&set);
			if (cpus[i] < CPU_SETSIZE)
				CPU_SET(cpus[i], &set);
			count += !sched_setaffinity(0, sizeof(set), &set);
		}
		_exit(count);
	}
	waitpid(pid, &status, 0);
	return WEXITSTATUS(status);
}

/* Most tests here need two. */
static void two_cpus(void)
{
	topology("0-1\n");
	if (usable("0-1\n") != 2)
		skip();
}

static bool are_on_both_cpus(void)
{
	pid_t pids[2];
	cpu_set_t used;

	CPU_ZERO(&used);
	return children_of(getpid(), false, pids) == 2 && has_moved(pids[0], &used) && has_moved(pids[1], &used) &&
	       CPU_COUNT(&used) == 2 && CPU_ISSET(0, &used) && CPU_ISSET(1, &used);
}

static void leave_no_trace(void)
{
	int nice_before = getpriority(PRIO_PROCESS, 0), policy_before = sched_getscheduler(0);
	cpu_set_t before, after;
	sigset_t mask_before = { 0 }, mask_after = { 0 };
	int open_before = dup(0), open_after;

	close(open_before);
	sched_getaffinity(0, sizeof(before), &before);
	sigprocmask(SIG_SETMASK, NULL, &mask_before);
	busy_cpus_start(&busy, root, "6.1.0");
	check(are_on_both_cpus());
	busy_cpus_start(&busy, root, "6.1.0");
	check(children(getpid(), false) == 2);
	stop_and_leave_none();
	sched_getaffinity(0, sizeof(after), &after);
	sigprocmask(SIG_SETMASK, NULL, &mask_after);
	check(CPU_EQUAL(&before, &after));
	check(!memcmp(&mask_before, &mask_after, sizeof(mask_before)));
	check(getpriority(PRIO_PROCESS, 0) == nice_before && sched_getscheduler(0) == policy_before);
	open_after = dup(0);
	check(open_after == open_before);
}

static void helpers_sit_on_each_cpu_and_leave_no_trace(void **state)
{
	(void)state;
	two_cpus();
	in_a_child(leave_no_trace);
}

static void start_and_count_none(void)
{
	busy_cpus_start(&busy, root, "6.1.0");
	check(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD);
	busy_cpus_learn(&busy, 0);
	busy_cpus_stop(&busy);
}

static void without_a_second_cpu_there_are_none(void **state)
{
	static const char *const lists[] = { "0\n", "", "nonsense\n", "0-1024\n" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		topology(lists[i]);
		in_a_child(start_and_count_none);
	}
}

/* This machine has fewer: those for CPUs that are not there end at once, and are waited for. */
static void start_and_stop(const char *list)
{
	int expected = usable(list);

	topology(list);
	busy_cpus_start(&busy, root, "6.1.0");
	check(comes_down_to(expected, getpid()));
	stop_and_leave_none();
}

static void start_on_1024(void) { start_and_stop("0-1023\n"); }
static void start_on_some(void) { start_and_stop("0-1,4-7,100,7000-7100\n"); }

static void a_list_of_1024_cpus_with_holes_is_no_trouble(void **state)
{
	(void)state;
	in_a_child(start_on_1024);
	in_a_child(start_on_some);
}

/* Whoever kills the program with no time for busy_cpus_stop() must not leave the helpers behind. */
static void killed_in_the_middle(const char *release)
{
	pid_t pid;
	int fds[2];
	char c;

	/* An emulator may not know it. */
	if (prctl(PR_SET_CHILD_SUBREAPER, 1))
		skip();
	assert_int_equal(pipe(fds), 0);
	pid = fork();
	if (!pid) {
		busy_cpus_start(&busy, root, release);
		c = (char)children(getpid(), true);	/* on 6.12 they may have ended, since others have the CPU */
		if (write(fds[1], &c, 1) == 1)
			pause();
		_exit(1);
	}
	assert_int_equal(read(fds[0], &c, 1), 1);
	assert_int_equal(c, 2);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_true(comes_down_to(0, getpid()));
	while (waitpid(-1, NULL, 0) > 0)
		;
	close(fds[0]);
	close(fds[1]);
}

static void helpers_end_with_the_program(void **state)
{
	(void)state;
	two_cpus();
	killed_in_the_middle("6.1.0");
	killed_in_the_middle("6.12.0");
}

static void end_when_loads_are_slow(void)
{
	busy_cpus_start(&busy, root, "6.1.0");
	busy_cpus_learn(&busy, 1999);
	check(children(getpid(), false) == 2);
	busy_cpus_learn(&busy, 2000);
	check(comes_down_to(0, getpid()));
	stop_and_leave_none();
}

static void helpers_that_harm_end(void **state)
{
	(void)state;
	two_cpus();
	in_a_child(end_when_loads_are_slow);
}

static void harm_depends_on_the_kernel(void **state)
{
	static const struct {
		const char *release;
		bool harm;
	} cases[] = {
		{ "5.10.0-8-amd64", false }, { "5.4", false }, { "6.1.0-56-amd64", false },
		{ "6.2.16", false }, { "6.3.0", true }, { "6.12.117+deb12-amd64", true }, { "6.15", true },
		{ "6.16.3", false }, { "7.4.0", false }, { "16.4", false }, { "6", false }, { "", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(busy_cpus_may_harm(cases[i].release), cases[i].harm);
}

static void only_time_that_nobody_here_had_is_stolen(void **state)
{
	static const struct {
		struct busy_cpus_sample samples[3];
		bool stolen;
	} cases[] = {
		{ { { 100, 10, 0 }, { 100, 10, 0 }, { 100, 10, 0 } }, false },
		{ { { 100, 10, 0 }, { 100, 10, 0 }, { 102, 12, 0 } }, false },	/* of clocks cut to ms */
		{ { { 100, 10, 0 }, { 100, 10, 0 }, { 103, 13, 0 } }, true },	/* all on the bill */
		{ { { 100, 10, 0 }, { 100, 10, 0 }, { 103, 10, 0 } }, true },	/* none of it */
		{ { { 100, 10, 0 }, { 100, 10, 0 }, { 129, 10, 0 } }, true },
		{ { { 100, 10, 0 }, { 100, 10, 0 }, { 130, 40, 0 } }, false },	/* too long for a turn */
		{ { { 100, 10, 0 }, { 100, 10, 0 }, { 104, 10, 1 } }, false },	/* a process of ours had it */
		{ { { 100, 10, 0 }, { 100, 10, 1 }, { 104, 10, 1 } }, false },	/* seen before the gap */
		{ { { 100, 10, 0 }, { 104, 10, 1 }, { 104, 10, 1 } }, false },	/* that was before */
		{ { { 100, 10, 5 }, { 104, 10, 5 }, { 104, 10, 5 } }, false },	/* counted then */
		{ { { 100, 10, 0 }, { 100, 10, 0 }, { 109, 15, 1 } }, true },	/* both */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(busy_cpus_was_stolen(cases[i].samples), cases[i].stolen);
}

static int make_root(void **state)
{
	(void)state;
	return mkdtemp(root) ? 0 : -1;
}

static int remove_root(void **state)
{
	char command[sizeof(root) + 16];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", root);
	return system(command);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_is_understood_whole_or_not_at_all),
		cmocka_unit_test(helpers_sit_on_each_cpu_and_leave_no_trace),
		cmocka_unit_test(without_a_second_cpu_there_are_none),
		cmocka_unit_test(a_list_of_1024_cpus_with_holes_is_no_trouble),
		cmocka_unit_test(helpers_end_with_the_program),
		cmocka_unit_test(helpers_that_harm_end),
		cmocka_unit_test(harm_depends_on_the_kernel),
		cmocka_unit_test(only_time_that_nobody_here_had_is_stolen),
	};

	return cmocka_run_group_tests_name("busy_cpus", tests, make_root, remove_root);
}
