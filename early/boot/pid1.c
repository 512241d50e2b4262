// SPDX-License-Identifier: GPL-2.0-or-later
#include "early/boot/pid1.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/input/cmdline.h"
#include "common/mount.h"
#include "common/text.h"
#include "common/verbs.h"
#include "common/verdict.h"
#include "early/boot/kmsg_write.h"

#define HARMLESS (MS_NOSUID | MS_NOEXEC | MS_NODEV)

/*
 * The sign of /dev is not its console, which the kernel's own initramfs has, below every
 * other (usr/default_cpio_list). /run stays mounted, since the status file is for later,
 * and has dracut's options. dracut and systemd use a /run that is mounted and move it
 * into the root. initramfs-tools mounts its own over it, and there only the kernel log
 * tells.
 */
static const struct mount needed_mounts[] = {
	{ .type = "devtmpfs", .directory = "/dev", .sign = "/dev/null",
	  .flags = MS_NOSUID | MS_NOEXEC },
	{ .type = "proc", .directory = "/proc", .sign = "/proc/self",
	  .flags = HARMLESS },
	{ .type = "sysfs", .directory = "/sys", .sign = "/sys/kernel",
	  .flags = HARMLESS },
	{ .type = "tmpfs", .directory = "/run", .options = "mode=0755", .stays = true,
	  .flags = MS_NOSUID | MS_NODEV | MS_STRICTATIME },
};

/* The order of run_init_process() in kernel_init() (init/main.c). */
static const char *const usual_inits[] = {
	"/sbin/init", "/etc/init", "/bin/init", "/bin/sh",
};

/* Set once, in the child. It is a property of the process, as getpid() is. */
static bool parent_is_pid1;

static void mount_all(struct mount mounts[ARRAY_SIZE(needed_mounts)])
{
	int errs[ARRAY_SIZE(needed_mounts)];

	memcpy(mounts, needed_mounts, sizeof(needed_mounts));
	for (size_t i = 0; i < ARRAY_SIZE(needed_mounts); i++)
		errs[i] = mount_missing(&mounts[i]);
	kmsg_write_open("", false);	/* the log is in /dev, so not before */
	for (size_t i = 0; i < ARRAY_SIZE(needed_mounts); i++)
		if (errs[i])
			kmsg_write(KMSG_WARNING, "%s cannot be mounted: %s; "
				   "the boot goes on", mounts[i].directory,
				   verdict_errno_text(errs[i]));
}

static void unmount_all(struct mount mounts[ARRAY_SIZE(needed_mounts)])
{
	for (size_t i = 0; i < ARRAY_SIZE(needed_mounts); i++)
		if (!mounts[i].stays)
			mount_undo(&mounts[i]);
}

/* Waits for @child alone: other children, of an earlier PID 1, are the next init's. */
static int wait_for_child(pid_t child)
{
	pid_t ended;
	int status = 0;

	do
		ended = waitpid(child, &status, __WALL);
	while (ended < 0 && errno == EINTR);
	return status;
}

/*
 * A child runs @job, because a crash of PID 1 is a panic. The child has no exit signal.
 * A blocked SIGCHLD would be pending in the next init. With an ignored one the kernel
 * would not keep the child's status (do_notify_parent() in kernel/signal.c).
 */
static void run_in_child(int (*job)(void))
{
	pid_t child = (pid_t)syscall(SYS_clone, 0, NULL, NULL, NULL, 0);
	int status;

	if (!child) {
		parent_is_pid1 = true;
		_exit(job());
	}
	if (child < 0) {
		kmsg_write(KMSG_ERR, "apply cannot be started: %s; "
			   "nothing is loaded, the boot goes on",
			   verdict_errno_text(errno));
		return;
	}
	status = wait_for_child(child);
	if (WIFSIGNALED(status))
		kmsg_write(KMSG_ERR, "apply was ended by signal %d; "
			   "what it had loaded stays, the boot goes on",
			   WTERMSIG(status));
}

bool pid1_is_parent(void)
{
	return parent_is_pid1;
}

/* Without /proc, argv[0] tells: the kernel and switch_root put the path there. */
static void stat_ourselves(const char *name, struct stat *ret)
{
	*ret = (struct stat){ 0 };
	if (stat("/proc/self/exe", ret))
		stat(name, ret);
}

static bool is_ourselves(const char *path, const struct stat *ourselves)
{
	struct stat st;

	return !stat(path, &st) && st.st_dev == ourselves->st_dev &&
	       st.st_ino == ourselves->st_ino;
}

/* Returns only if @path cannot be executed, and then why not. */
static const char *execute_init(const char *path, char **argv,
				const struct stat *ourselves)
{
	int err;

	if (*path != '/')
		return "it is not an absolute path";
	if (is_ourselves(path, ourselves))
		return "it is kpatch-early itself";
	argv[0] = (char *)path;
	execve(path, argv, environ);
	err = errno;
	if (err == ENOEXEC)
		return "it is not a program";
	if (err == ENOENT && !access(path, F_OK))
		return "its interpreter is missing";
	return verdict_errno_text(err);
}

/* Prints nothing about an init that is not there, as the kernel. */
static void execute_if_there(const char *path, char **argv, const struct stat *ourselves)
{
	if (access(path, F_OK) || is_ourselves(path, ourselves))
		return;
	kmsg_write(KMSG_ERR, "%s cannot be executed: %s", path,
		   execute_init(path, argv, ourselves));
}

/* PID 1 ends then, which is the panic that the kernel would have had without us. */
static int report_no_init(void)
{
	static const char text[] = "no init can be executed; try kpatch.init=PATH, "
				   "or leave out init= or rdinit=";

	kmsg_write_close(KMSG_EMERG, text);
	dprintf(STDERR_FILENO, "kpatch-early: %s\n", text);
	return EXIT_NOT_APPLIED;
}

/* The child's job. The kernel log has the summary, so the console needs no second one. */
static int apply_before_init(void)
{
	char name[] = "apply", *words[] = { name, NULL };

	close(STDOUT_FILENO);
	verbs_prepare();
	return apply_verb(1, words);
}

/*
 * Mounts what is missing, has a child apply, unmounts it again and executes the real init
 * with @argv, whose words are init's and never ours. An init inherits signals, streams
 * and umask, so only the child may change its own. Returns an exit status if nothing can
 * be executed.
 */
static int start_system(char **argv)
{
	struct mount mounts[ARRAY_SIZE(needed_mounts)];
	struct cmdline cmdline;
	struct stat ourselves;

	verbs_refuse_huge_pages();
	mount_all(mounts);
	stat_ourselves(argv[0], &ourselves);
	cmdline_read("", NULL, &cmdline);
	run_in_child(apply_before_init);
	unmount_all(mounts);
	if (cmdline.init)
		kmsg_write(KMSG_ERR, "kpatch.init=%s cannot be executed: %s; "
			   "the boot goes on with another", cmdline.init,
			   execute_init(cmdline.init, argv, &ourselves));
	if (mount_root_is_in_memory())
		execute_if_there("/init", argv, &ourselves);
	for (size_t i = 0; i < ARRAY_SIZE(usual_inits); i++)
		execute_if_there(usual_inits[i], argv, &ourselves);
	return report_no_init();
}

/*
 * The first process of a container is PID 1 too, and there a verb is meant. The first PID
 * namespace of the kernel always has this inode (PROC_PID_INIT_INO,
 * include/linux/proc_ns.h). Without /proc, PID 2 tells: in that namespace it is kthreadd,
 * in process group 0 (rest_init() in init/main.c). In a container it is a child, if there
 * is one already.
 */
static bool is_init(const struct verb *verbs, int argc, char **argv)
{
	struct stat st;

	if (getpid() != 1)
		return false;
	if (argc < 2 || (!verbs_find(verbs, argv[1]) && argv[1][0] != '-'))
		return true;
	return stat("/proc/self/ns/pid", &st) ? !getpgid(2) : st.st_ino == 0xeffffffc;
}

int pid1_main(const struct verb *verbs, const char *help, int argc, char **argv)
{
	return is_init(verbs, argc, argv) ? start_system(argv) :
					    verbs_main(verbs, help, argc, argv);
}
