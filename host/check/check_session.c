// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/check/check_session.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "common/file.h"
#include "common/verdict.h"
#include "host/check/kernel_place.h"

struct check_session *check_session_new(void)
{
	struct check_session *session = mmap(NULL, sizeof(*session),
					     PROT_READ | PROT_WRITE,
					     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
					     -1, 0);

	if (session == MAP_FAILED)
		return NULL;
	session->check.kernel = &session->kernel;
	session->check.tree = &session->tree;
	session->check.findings = &session->findings;
	return session;
}

void check_session_free(struct check_session *session)
{
	if (!session)
		return;
	session->kernel_is_given = false;
	check_session_close(session);
	munmap(session, sizeof(*session));
}

static const char *kernel_result_text(enum kernel_file_result result)
{
	switch (result) {
	case KERNEL_FILE_NO_KERNEL: return "it is no kernel of a format that is known";
	case KERNEL_FILE_DAMAGED: return "it is damaged";
	case KERNEL_FILE_TOO_LARGE: return "it is larger than the limit";
	case KERNEL_FILE_NO_DECOMPRESSOR:
		return "the program to unpack it is not installed";
	case KERNEL_FILE_NOT_UNPACKED: return "it cannot be unpacked";
	case KERNEL_FILE_ERROR: return "it cannot be read";
	case KERNEL_FILE_READ: break;
	}
	return "";
}

static void set_no_kernel(struct check_session *session, const char *path,
			  const char *reason)
{
	snprintf(session->no_kernel, sizeof(session->no_kernel), "%s: %s", path, reason);
}

/* Opens the kernel in @fd, a file at @path. Without one no_kernel is set. */
static void open_kernel(struct check_session *session, int fd, const char *path)
{
	enum kernel_file_result result = kernel_open(fd, &session->kernel);

	if (result != KERNEL_FILE_READ)
		set_no_kernel(session, path, kernel_result_text(result));
}

void check_session_give_kernel(struct check_session *session, const char *path)
{
	CLOSE_FD fd = file_open(path);

	session->kernel_is_given = true;
	if (fd < 0)
		set_no_kernel(session, path, verdict_errno_text(fd));
	else
		open_kernel(session, fd, path);
}

static void open_kernel_of_release(struct check_session *session, const char *root,
				   const char *release)
{
	char path[PATH_MAX];
	CLOSE_FD fd = kernel_place_open(root, release, path);

	session->no_kernel[0] = '\0';
	if (fd < 0)
		set_no_kernel(session, release,
			      "no file of it is in /boot or /lib/modules");
	else
		open_kernel(session, fd, path);
}

/* A file may have been copied from another kernel. */
static void check_kernel_release(struct check_session *session, const char *release)
{
	const char *found = session->kernel.release;

	if (!*session->no_kernel && *found && strcmp(found, release) != 0)
		snprintf(session->no_kernel, sizeof(session->no_kernel),
			 "%s: its file is of the kernel %s", release, found);
}

bool check_session_open(struct check_session *session, const char *root,
			const char *release, const char *modules)
{
	session->set.count = 0;
	session->check.exports = module_exports_new();
	if (!session->check.exports)
		return false;
	if (!session->kernel_is_given)
		open_kernel_of_release(session, root, release);
	check_kernel_release(session, release);
	module_tree_open(&session->tree, root, release, modules);
	return true;
}

void check_session_close(struct check_session *session)
{
	module_exports_free(session->check.exports);
	session->check.exports = NULL;
	module_tree_close(&session->tree);
	if (!session->kernel_is_given)
		kernel_close(&session->kernel);
}

bool check_session_open_module(struct check_session *session,
			       const struct module_bytes *file, const char *path)
{
	struct check_module *module = &session->module;

	module->bytes = file->bytes;
	module->len = file->len;
	module->objects.count = 0;
	return check_open_module(module, path, &session->findings);
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

void check_session_check(struct check_session *session,
			 const struct manifest_entry *entry, const char *path)
{
	struct findings *findings = &session->findings;

	session->module.entry = entry;
	if (*session->no_kernel)
		FINDINGS_ADD(findings, PROBLEM_NO_KERNEL, session->no_kernel);
	else
		check_module(&session->check, &session->module);
	if (!session->check.any_module && findings->answer != CHECK_REFUSED)
		patch_set_add(&session->set, &session->module, base_name(path), findings);
}
