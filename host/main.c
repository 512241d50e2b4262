// SPDX-License-Identifier: GPL-2.0-or-later
/* kpatch-early: kernel live patches, live before the root file system is mounted. */
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/text.h"
#include "common/verbs.h"
#include "early/boot/pid1.h"

static const char help[] =
	"usage: kpatch-early VERB [OPTION...]\n"
	"\n"
	"  apply [--root DIR] [--dry-run]   load the patches of the manifest for this kernel\n"
	"  bake -k RELEASE... [--root DIR] [--output DIR] [--strip] [--sign KEY]\n"
	"       [FILE...]                   check patches, write the manifest and its tree\n"
	"  bless [--init] [--root DIR]      the boot guard: this boot was good; --init: begin to guard\n"
	"  info NAME|FILE                   what a patch is and patches, and if it is loaded\n"
	"  install [-k RELEASE] [--rebuild] FILE...\n"
	"                                   check patches, copy them into the store\n"
	"  uninstall [-k RELEASE] [--rebuild] NAME...\n"
	"                                   remove them; what is loaded stays until a reboot\n"
	"  list                             loaded and installed patches, as kpatch list\n"
	"  overlay -k RELEASE... -o FILE [--add] [--compress=WORD] [--root DIR] [--sign KEY]\n"
	"          [--strip] [FILE...]      the same as an archive to be given after an initramfs\n"
	"  reset [--root DIR]               the boot guard: forget, and try the patches anew\n"
	"  rollback [--root DIR]            in an initramfs: turn the patches off\n"
	"  status [--json | --quiet]        what the last apply did\n"
	"  --help, --version\n"
	"\n"
	"On the kernel command line, kpatch.disable=1 switches it off for that boot, and\n"
	"kpatch.skip=NAME[,NAME...] leaves patches out. See kpatch-early(8).\n";

static const struct verb {
	const char *name;
	int (*run)(int argc, char **argv);
	bool needs_root;
} verbs[] = {
	{ "apply", apply_verb, true },
	{ "bake", bake_verb, true },
	{ "bless", bless_verb, true },
	{ "info", info_verb, false },
	{ "install", install_verb, true },
	{ "list", list_verb, false },
	{ "overlay", overlay_verb, true },
	{ "reset", reset_verb, true },
	{ "rollback", rollback_verb, true },
	{ "status", status_verb, false },
	{ "uninstall", uninstall_verb, true },
};

int verbs_bad_usage(void)
{
	fputs("kpatch-early: nothing was done; \"kpatch-early --help\" lists the verbs\n", stderr);
	return EXIT_BAD_INPUT;
}

/* A descriptor below 3 must never be one of our files: what is printed would land in it. */
static void open_missing_stdio(void)
{
	for (int fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) < 0)
			return;
}

/*
 * Our limits are static buffers of 20 MB in all, of which a boot touches few pages. Where the kernel
 * gives huge pages unasked, as Debian's does, each touch would zero 2 MB: 10 MB of memory, and 20 ms
 * in an emulated machine.
 */
static void refuse_huge_pages(void)
{
	extern char __bss_start[], _end[];
	char *start = __bss_start - (uintptr_t)__bss_start % 4096;

	madvise(start, (size_t)(_end - start), MADV_NOHUGEPAGE);
}

/* What the caller left must not disturb a verb. */
static void settle(void)
{
	open_missing_stdio();
	signal(SIGPIPE, SIG_IGN);
	signal(SIGCHLD, SIG_DFL);
	umask(022);	/* the caller's must not decide what an initramfs holds */
}

/* What PID 1 runs, in a child. The summary is in the kernel log; the console needs no second one. */
static int apply_before_init(void)
{
	char name[] = "apply", *words[] = { name, NULL };

	close(STDOUT_FILENO);
	settle();
	return apply_verb(1, words);
}

static int run(const struct verb *verb, int argc, char **argv)
{
	if (verb->needs_root && geteuid() != 0) {
		fprintf(stderr, "kpatch-early: %s: must be run as root; nothing was done\n",
			verb->name);
		return EXIT_BAD_INPUT;
	}
	return verb->run(argc - 1, argv + 1);
}

static const struct verb *find_verb(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
		if (!strcmp(name, verbs[i].name))
			return &verbs[i];
	return NULL;
}

/*
 * The first process of a container is PID 1 as well, and there a verb is meant. The first PID
 * namespace of the kernel always has this inode (PROC_PID_INIT_INO, include/linux/proc_ns.h). Where
 * /proc does not tell, PID 2 does: there it always is kthreadd, in process group 0 (rest_init() in
 * init/main.c). In a container it is a child, if there is one already.
 */
static bool is_init(int argc, char **argv)
{
	struct stat st;

	if (getpid() != 1)
		return false;
	if (argc < 2 || (!find_verb(argv[1]) && argv[1][0] != '-'))
		return true;
	return stat("/proc/self/ns/pid", &st) ? !getpgid(2) : st.st_ino == 0xeffffffc;
}

int main(int argc, char **argv)
{
	const struct verb *verb;

	refuse_huge_pages();
	if (is_init(argc, argv))
		return pid1_run(argv, apply_before_init);
	settle();
	if (argc < 2) {
		fputs("kpatch-early: a verb is missing\n", stderr);
		return verbs_bad_usage();
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))
		return fputs(help, stdout) < 0 || fflush(stdout) ? EXIT_NOT_APPLIED : EXIT_OK;
	if (!strcmp(argv[1], "--version"))
		return puts("kpatch-early " VERSION) < 0 || fflush(stdout) ? EXIT_NOT_APPLIED : EXIT_OK;
	verb = find_verb(argv[1]);
	if (verb)
		return run(verb, argc, argv);
	fprintf(stderr, "kpatch-early: \"%s\" is no verb\n", argv[1]);
	return verbs_bad_usage();
}
