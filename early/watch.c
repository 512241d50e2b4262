// SPDX-License-Identifier: GPL-2.0-or-later
#include "watch.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "file.h"
#include "report.h"
#include "text.h"

#define ARMED_FILE "/run/kpatch-early/armed"

static const struct {
	const char *name, *value;
} sysctls[] = {
	{ "panic", "11\n" },	/* seconds to the reboot, to read the console; not 10, which others use */
	{ "panic_on_oops", "1\n" },
	{ "softlockup_panic", "1\n" },
};

static pid_t watcher;

/* Writes @text to the file @path, which must be there. */
static bool put(const char *path, const char *text)
{
	CLOSE_FD fd = open(path, O_WRONLY | O_CLOEXEC);

	return fd >= 0 && !file_write_all(fd, text, strlen(text));
}

/* Makes the sysctl @name @to, if it is @from. */
static bool change(const char *root, const char *name, const char *from, const char *to)
{
	char path[PATH_MAX], now[16];

	return !file_path(path, root, "/proc/sys/kernel/%s", name) &&
	       file_read(path, now, sizeof(now)) > 0 && !strcmp(now, from) && put(path, to);
}

void watch_arm(const char *root)
{
	char path[PATH_MAX];

	if (file_path(path, root, ARMED_FILE) || file_make_parents(path))
		return;
	CLOSE_FD fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0644);
	for (size_t i = 0; fd >= 0 && i < ARRAY_SIZE(sysctls); i++)
		if (change(root, sysctls[i].name, "0\n", sysctls[i].value))
			dprintf(fd, "%s\n", sysctls[i].name);
}

void watch_disarm(const char *root)
{
	char path[PATH_MAX], text[128], *line, *rest = text;

	if (file_path(path, root, ARMED_FILE) || file_read(path, text, sizeof(text)) < 0)
		return;
	while ((line = strsep(&rest, "\n")))
		for (size_t i = 0; i < ARRAY_SIZE(sysctls); i++)
			/* Whoever has set panic since then has a mind of his own about the others too. */
			if (!strcmp(line, sysctls[i].name) && !change(root, line, sysctls[i].value, "0\n") && !i)
				rest = NULL;
	unlink(path);
}

/* Nothing here takes a lock that a load may hold. */
static void restart(const char *root, unsigned int seconds)
{
	char path[PATH_MAX];

	report(REPORT_EMERG, "a load or its transition has not ended in %u s; the machine restarts", seconds);
	if (file_path(path, root, "/proc/sysrq-trigger"))
		return;
	put(path, "s");		/* only asks for it: another CPU may still do it */
	sleep(2);
	put(path, "b");
}

void watch_begin(const char *root, unsigned int seconds)
{
	pid_t parent = getpid();

	watch_end();
	watcher = fork();
	if (watcher)
		return;
	/* If this one ends, it is by an oops, which is a panic now, or by somebody's will. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() == parent) {
		sleep(seconds);
		restart(root, seconds);
	}
	_exit(0);
}

void watch_end(void)
{
	if (watcher <= 0)
		return;
	kill(watcher, SIGKILL);
	waitpid(watcher, NULL, 0);
	watcher = 0;
}
