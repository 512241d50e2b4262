// SPDX-License-Identifier: GPL-2.0-or-later
#include "early/boot/pid1.h"

#include <errno.h>
#include <stdio.h>
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
 * The sign of /dev is not its console: the kernel's own initramfs, below every other, has that
 * (usr/default_cpio_list). /run stays, since the status file in it is for later, with dracut's
 * options. dracut and systemd use a /run that is mounted and take it along into the root;
 * initramfs-tools mounts its own over it, and there only the kernel log tells.
 */
static struct mount mounts[] = {
	{ .type = "devtmpfs", .folder = "/dev", .sign = "/dev/null", .flags = MS_NOSUID | MS_NOEXEC },
	{ .type = "proc", .folder = "/proc", .sign = "/proc/self", .flags = HARMLESS },
	{ .type = "sysfs", .folder = "/sys", .sign = "/sys/kernel", .flags = HARMLESS },
	{ .type = "tmpfs", .folder = "/run", .flags = MS_NOSUID | MS_NODEV | MS_STRICTATIME,
	  .options = "mode=0755", .stays = true },
};

/* As run_init_process() tries them, in kernel_init() (init/main.c). */
static const char *const usual_inits[] = { "/sbin/init", "/etc/init", "/bin/init", "/bin/sh" };

static struct stat ourselves;
static bool is_job;

static void mount_all(void)
{
	int errs[ARRAY_SIZE(mounts)];

	for (size_t i = 0; i < ARRAY_SIZE(mounts); i++)
		errs[i] = mount_missing(&mounts[i]);
	kmsg_write_open("", false);		/* in /dev, so not before */
	for (size_t i = 0; i < ARRAY_SIZE(mounts); i++)
		if (errs[i])
			kmsg_write(KMSG_WARNING, "%s cannot be mounted: %s; the boot goes on",
			       mounts[i].folder, verdict_errno_text(errs[i]));
}

static void unmount_all(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(mounts); i++)
		if (!mounts[i].stays)
			mount_undo(&mounts[i]);
}

/*
 * A child, because a crash of PID 1 is a panic. Without an exit signal: where SIGCHLD is blocked it
 * would wait for the next init, and where it is ignored the kernel would not keep the child's
 * status (do_notify_parent() in kernel/signal.c).
 */
static void run_in_child(int (*job)(void))
{
	pid_t ended, child = (pid_t)syscall(SYS_clone, 0, NULL, NULL, NULL, 0);
	int status = 0;

	if (!child) {
		is_job = true;
		_exit(job());
	}
	if (child < 0) {
		kmsg_write(KMSG_ERR, "apply cannot be started: %s; nothing is loaded, the boot goes on",
		       verdict_errno_text(errno));
		return;
	}
	/* For this child alone: others, of whoever was PID 1 before, are the next init's. */
	do
		ended = waitpid(child, &status, __WALL);
	while (ended < 0 && errno == EINTR);
	if (WIFSIGNALED(status))
		kmsg_write(KMSG_ERR, "apply was ended by signal %d; what it had loaded stays, the boot goes on",
		       WTERMSIG(status));
}

bool pid1_is_parent(void)
{
	return is_job;
}

/* Without /proc, by argv[0]: the kernel and switch_root put the path there. */
static void find_ourselves(const char *name)
{
	if (stat("/proc/self/exe", &ourselves))
		stat(name, &ourselves);
}

static bool is_ourselves(const char *path)
{
	struct stat st;

	return !stat(path, &st) && st.st_dev == ourselves.st_dev && st.st_ino == ourselves.st_ino;
}

/* Returns, if it does, why not. */
static const char *execute(const char *path, char **argv)
{
	int err;

	if (*path != '/')
		return "it is not an absolute path";
	if (is_ourselves(path))
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

/* Like the kernel, says nothing of one that is not there. */
static void execute_if_there(const char *path, char **argv)
{
	if (access(path, F_OK) || is_ourselves(path))
		return;
	kmsg_write(KMSG_ERR, "%s cannot be executed: %s", path, execute(path, argv));
}

static int give_up(void)
{
	static const char text[] = "no init can be executed; try kpatch.init=PATH, or leave out "
				   "init= or rdinit=";

	/* The end of PID 1 is the panic that the kernel would have had, after panic= seconds. */
	kmsg_write_close(KMSG_EMERG, text);
	dprintf(STDERR_FILENO, "kpatch-early: %s\n", text);
	return EXIT_NOT_APPLIED;
}

/* What runs in the child. The summary is in the kernel log; the console needs no second one. */
static int apply_before_init(void)
{
	char name[] = "apply", *words[] = { name, NULL };

	close(STDOUT_FILENO);
	verbs_prepare();
	return apply_verb(1, words);
}

/*
 * Mounts what is missing, has a child apply, takes the mounts back and executes the real init with
 * @argv, whose words are init's and never ours. Signals, streams and umask are inherited, so only
 * the child may change its own. Returns, an exit status, only when nothing can be executed.
 */
static int start_system(char **argv)
{
	struct cmdline cmdline;

	verbs_refuse_huge_pages();
	mount_all();
	find_ourselves(argv[0]);
	cmdline_read("", &cmdline);
	run_in_child(apply_before_init);
	unmount_all();
	if (cmdline.init)
		kmsg_write(KMSG_ERR, "kpatch.init=%s cannot be executed: %s; the boot goes on with another",
			   cmdline.init, execute(cmdline.init, argv));
	if (mount_root_is_in_memory())
		execute_if_there("/init", argv);
	for (size_t i = 0; i < ARRAY_SIZE(usual_inits); i++)
		execute_if_there(usual_inits[i], argv);
	return give_up();
}

/*
 * The first process of a container is PID 1 as well, and there a verb is meant. The first PID
 * namespace of the kernel always has this inode (PROC_PID_INIT_INO, include/linux/proc_ns.h). Where
 * /proc does not tell, PID 2 does: there it always is kthreadd, in process group 0 (rest_init() in
 * init/main.c). In a container it is a child, if there is one already.
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

bool pid1_main(const struct verb *verbs, int argc, char **argv, int *ret_status)
{
	if (!is_init(verbs, argc, argv))
		return false;
	*ret_status = start_system(argv);
	return true;
}
