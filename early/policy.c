// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/reboot.h>
#include <unistd.h>

#include "file.h"
#include "init.h"
#include "mount.h"
#include "report.h"
#include "verbs.h"

#define EMERGENCY_FILE "/run/kpatch-early/emergency"
#define TEXT_OF(number) #number
#define SECONDS(number) TEXT_OF(number) " s"
#define READ_S SECONDS(POLICY_READ_S)
#define ENDING_S 10	/* for reboot(2), which hangs while a module's init holds a CPU */

bool policy_is_missing(const struct result *result)
{
	return result->outcome == OUTCOME_FAILED ||
	       (result->outcome == OUTCOME_SKIPPED && result->step == STEP_GUARD);
}

bool policy_is_boot(const char *root)
{
	if (*root)
		return false;
	/* Some systems stay in memory for good; there only the first run is the boot's. */
	return init_is_parent() ||
	       ((mount_root_is_in_memory() || !access("/etc/initrd-release", F_OK)) && access(STATUS_FILE, F_OK));
}

/* Returns 0 or -errno. */
static int put(const char *path, int flags, const char *text)
{
	CLOSE_FD fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | flags, 0644);

	return fd < 0 ? -errno : file_write_all(fd, text, strlen(text));
}

/* By reboot(2) in a child, since it may hang, or else by sysrq. */
static void end_machine(bool restart)
{
	sleep(POLICY_READ_S);
	if (!fork()) {
		sync();
		_exit(reboot(restart ? RB_AUTOBOOT : RB_POWER_OFF));
	}
	sleep(ENDING_S);
	put("/proc/sysrq-trigger", 0, restart ? "b" : "o");
	sleep(ENDING_S);
	report(REPORT_EMERG, "the machine does not end; the boot goes on");
}

/* In PID 1's child, which PID 1 waits for. Returns, if it does, -errno. */
static int become_shell(void)
{
	static char name[] = "sh", *words[] = { name, NULL };
	int console = open("/dev/console", O_RDWR);

	for (int fd = 0; fd < 3; fd++)
		dup2(console, fd);
	setsid();
	ioctl(0, TIOCSCTTY, 1);	/* or Control-C would do nothing */
	signal(SIGPIPE, SIG_DFL);
	execv("/bin/sh", words);
	return -errno;
}

void policy_act(enum on_failure action, bool is_boot, const char *reason)
{
	static const char *const texts[] = {
		[ON_FAILURE_CONTINUE] = "on_failure= would act at a boot",
		[ON_FAILURE_EMERGENCY] = "on_failure=emergency: the boot waits for a shell",
		[ON_FAILURE_REBOOT] = "on_failure=reboot: the machine restarts in " READ_S,
		[ON_FAILURE_POWEROFF] = "on_failure=poweroff: the machine is switched off in " READ_S,
	};
	int err;

	if (!is_boot) {
		report(REPORT_ERR, "%s: %s", texts[ON_FAILURE_CONTINUE], reason);
		return;
	}
	report(REPORT_EMERG, "%s: %s", texts[action], reason);
	if (action == ON_FAILURE_EMERGENCY) {
		err = init_is_parent() ? become_shell() : put(EMERGENCY_FILE, O_CREAT | O_TRUNC, reason);
		if (!err)
			return;
		report(REPORT_EMERG, "there is no shell: %s; the machine is switched off in " READ_S,
		       result_errno_text(err));
	}
	end_machine(action == ON_FAILURE_REBOOT);
}
