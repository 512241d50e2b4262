// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The list verb: prints the text of kpatch's own list, to the byte, without bash. Shell
 * globs sort as strings, so task numbers do here too.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/bounds.h"
#include "common/dir_list.h"
#include "common/file.h"
#include "common/module/livepatch.h"
#include "common/module/module_name.h"
#include "common/paths.h"
#include "common/verbs.h"
#include "host/commands.h"
#include "host/drift.h"
#include "host/late_load.h"

struct task {
	const char *pid, *tid;
};

/* Reads @file of @task into @ret, without newlines at its end. A missing one is empty. */
static void read_task_file(const struct task *task, const char *file, char *ret,
			   size_t size)
{
	char path[PATH_MAX];
	ssize_t len =
		file_path(path, "", "/proc/%s/task/%s/%s", task->pid, task->tid, file);

	if (!len)
		len = file_read(path, ret, size);
	len = len < 0 ? 0 : len;
	while (len > 0 && ret[len - 1] == '\n')
		len--;
	ret[len] = '\0';
}

/* A task stalls when its state is not yet @target: "1" is patched, "0" is not. */
static void print_if_stalled(const struct task *task, const char *target)
{
	char state[16], comm[64], stack[64 * 1024];

	read_task_file(task, "patch_state", state, sizeof(state));
	if (!*state || !strcmp(state, "-1") || !strcmp(state, target))
		return;
	read_task_file(task, "comm", comm, sizeof(comm));
	read_task_file(task, "stack", stack, sizeof(stack));
	printf("%s %s\nstack:\n%s\n", task->tid, comm, stack);
}

static void print_stalled_tasks_of(const char *pid, const char *target)
{
	static struct dir_list tids;
	char path[PATH_MAX];

	if (file_path(path, "", "/proc/%s/task", pid))
		return;
	dir_list_clear(&tids);
	dir_list_add(&tids, path, "");
	for (size_t i = 0; i < tids.count; i++) {
		const struct task task = { pid, tids.name[i] };

		print_if_stalled(&task, target);
	}
}

static void print_stalled_tasks(const char *target)
{
	static struct dir_list pids;
	size_t processes = 0;

	puts("\nStalled processes:");
	dir_list_clear(&pids);
	dir_list_add(&pids, "/proc", "");
	for (size_t i = 0; i < pids.count; i++) {
		if (pids.name[i][0] < '0' || pids.name[i][0] > '9')
			continue;
		print_stalled_tasks_of(pids.name[i], target);
		processes++;
	}
	if (!processes)
		fputs("kpatch-early: list: /proc is missing, so no process can be "
		      "looked at\n", stderr);
}

static void print_loaded_patches(void)
{
	static struct dir_list patches;
	const char *target = NULL;

	puts("Loaded patch modules:");
	dir_list_clear(&patches);
	dir_list_add(&patches, livepatch_directory("", ""), "");
	for (size_t i = 0; i < patches.count; i++) {
		enum livepatch_state state = livepatch_state("", patches.name[i]);

		printf("%s [%s]\n", patches.name[i], livepatch_state_word(state));
		if (!target && state == LIVEPATCH_ENABLING)
			target = "1";
		if (!target && state == LIVEPATCH_DISABLING)
			target = "0";
	}
	if (target)
		print_stalled_tasks(target);
}

static void print_patches_installed_for(const char *release)
{
	static struct dir_list modules;
	char path[PATH_MAX], name[NAME_MAX + 1];

	dir_list_clear(&modules);
	if (!file_path(path, "", PATCH_STORE "/%s", release))
		dir_list_add(&modules, path, ".ko");
	for (size_t i = 0; i < modules.count; i++) {
		if (file_path(path, "", PATCH_STORE "/%s/%s", release, modules.name[i]) ||
		    access(path, F_OK))
			continue;
		if (!module_name_of_file(modules.name[i], name, sizeof(name)))
			printf("%s (%s)\n", name, release);
	}
}

static void print_installed_patches(void)
{
	static struct dir_list releases;

	puts("\nInstalled patch modules:");
	dir_list_clear(&releases);
	dir_list_add(&releases, PATCH_STORE, "");
	for (size_t i = 0; i < releases.count; i++)
		print_patches_installed_for(releases.name[i]);
}

/* On standard error: kpatch list says nothing of it. */
static void print_notices(void)
{
	static char text[STATUS_BYTES_MAX];
	struct status_patch patches[PATCHES_MAX];
	struct status status;
	int err = status_read("", text, &status, patches);

	if (!err)
		late_load_print(&status);
	if (!err || err == -ENOENT)
		drift_print(err ? NULL : &status);
}

int list_verb(int argc, char **argv)
{
	(void)argv;
	if (argc > 1)
		return verbs_bad_usage();
	print_loaded_patches();
	print_installed_patches();
	if (fflush(stdout) || ferror(stdout))
		return EXIT_NOT_APPLIED;
	print_notices();
	return EXIT_OK;
}
