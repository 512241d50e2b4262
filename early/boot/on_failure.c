// SPDX-License-Identifier: GPL-2.0-or-later
#include "early/boot/on_failure.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/reboot.h>
#include <unistd.h>

#include "common/file.h"
#include "common/mount.h"
#include "early/boot/kmsg_write.h"
#include "early/boot/pid1.h"

#define EMERGENCY_FILE "/run/kpatch-early/emergency"
#define TEXT_OF(number) #number
#define SECONDS(number) TEXT_OF(number) " s"
#define READ_S SECONDS(ON_FAILURE_READ_S)
#define ENDING_S 10	/* for reboot(2), which hangs while a module's init holds a CPU */

bool on_failure_is_missing(const struct status_patch *patch)
{
	return patch->outcome == OUTCOME_FAILED ||
	       (patch->outcome == OUTCOME_SKIPPED && patch->step == STEP_GUARD);
}

/* Some systems stay in memory for good; there only the first run is the boot's. */
bool on_failure_is_boot(const char *root, enum status_verdict verdict)
{
	return pid1_is_parent() ||
	       (verdict == STATUS_VERDICT_NONE && mount_is_initramfs(root));
}

/* By reboot(2) in a child, since it may hang, or else by sysrq. */
static void end_machine(bool restart)
{
	sleep(ON_FAILURE_READ_S);
	if (!fork()) {
		sync();
		_exit(reboot(restart ? RB_AUTOBOOT : RB_POWER_OFF));
	}
	sleep(ENDING_S);
	file_put("/proc/sysrq-trigger", 0, restart ? "b" : "o");
	sleep(ENDING_S);
	kmsg_write(KMSG_EMERG, "the machine does not end; the boot goes on");
}

/* In PID 1's child, which PID 1 waits for. Returns, if it does, -errno. */
static int become_shell(void)
{
	static char name[] = "sh", *words[] = { name, NULL };
	int console = open("/dev/console", O_RDWR);

	for (int fd = 0; console >= 0 && fd < 3; fd++)
		dup2(console, fd);
	setsid();
	ioctl(0, TIOCSCTTY, 1);	/* or Control-C would do nothing */
	signal(SIGPIPE, SIG_DFL);
	execv("/bin/sh", words);
	return -errno;
}

static void act(enum on_failure action, bool is_boot, const char *reason)
{
	static const char *const texts[] = {
		[ON_FAILURE_CONTINUE] = "on_failure= would act at a boot",
		[ON_FAILURE_EMERGENCY] =
			"on_failure=emergency: the boot waits for a shell",
		[ON_FAILURE_REBOOT] =
			"on_failure=reboot: the machine restarts in " READ_S,
		[ON_FAILURE_POWEROFF] =
			"on_failure=poweroff: the machine is switched off in " READ_S,
	};
	int err;

	if (!is_boot) {
		kmsg_write(KMSG_ERR, "%s: %s", texts[ON_FAILURE_CONTINUE], reason);
		return;
	}
	kmsg_write(KMSG_EMERG, "%s: %s", texts[action], reason);
	if (action == ON_FAILURE_EMERGENCY) {
		err = pid1_is_parent() ?
			      become_shell() :
			      file_put(EMERGENCY_FILE, O_CREAT | O_TRUNC, reason);
		if (!err)
			return;
		kmsg_write(KMSG_EMERG, "there is no shell: %s; "
			   "the machine is switched off in " READ_S,
			   verdict_errno_text(err));
	}
	end_machine(action == ON_FAILURE_REBOOT);
}

/* Without a usable manifest nobody knows what is required. */
void on_failure_act(enum on_failure action, bool is_boot, const struct status *status)
{
	char reason[REASON_MAX + MODULE_NAME_MAX + 64 + PATH_MAX];

	if (action == ON_FAILURE_CONTINUE)
		return;
	if (status->state == BOOT_FAILED && !status->count)
		act(action, is_boot, status->reason);
	for (size_t i = 0; i < status->count; i++) {
		const struct status_patch *patch = &status->patches[i];

		if (!patch->required || !on_failure_is_missing(patch))
			continue;
		snprintf(reason, sizeof(reason), "%s is required and not in force: %s",
			 patch->name,
			 status->state == BOOT_QUARANTINED ? status->reason :
							     patch->reason);
		act(action, is_boot, reason);
		break;
	}
}
