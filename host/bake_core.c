// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/bake_core.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/file.h"
#include "common/module/core_module.h"
#include "common/module/modinfo.h"
#include "common/verdict.h"
#include "host/module_bytes.h"
#include "host/patch_store.h"
#include "host/root_path.h"
#include "host/subprocess.h"

static enum bake_core_result refuse_core(struct bake_core *core, const char *reason)
{
	core->reason = reason;
	return BAKE_CORE_REFUSED;
}

static enum bake_core_result fail_core_copy(struct bake_core *core, const char *path,
					    int err)
{
	snprintf(core->path, sizeof(core->path), "%s", path);
	core->err = err;
	return BAKE_CORE_NOT_WRITTEN;
}

/* Whether a line of modules.dep, "DIRECTORY/FILE: ...", is the core module's. */
static bool is_of_core(const char *line, size_t len)
{
	static const char name[] = "/" CORE_MODULE ".ko";
	const char *found = memmem(line, len, name, sizeof(name) - 1);

	return found && !memchr(found + 1, '/', len - (size_t)(found + 1 - line));
}

/* Finds the file that "modprobe kpatch" would load. */
static bool find_listed(const char *root, const char *release, char *ret)
{
	MODULE_BYTES list = { NULL, 0 };
	char path[PATH_MAX];
	const char *line;
	int err = file_path(path, root, "/lib/modules/%s/modules.dep", release);
	CLOSE_FD fd = err ? err : root_open(root, path);

	if (fd < 0 || module_bytes_read(fd, &list))
		return false;
	for (line = list.bytes; *line; line += *line != '\0') {
		size_t len = strcspn(line, ":\n");

		if (is_of_core(line, len))
			return !file_path(ret, root, "/lib/modules/%s/%.*s", release,
					  (int)len, line);
		line += strcspn(line, "\n");
	}
	return false;
}

static bool find_in_places(const char *root, const char *release, char *ret)
{
	char place[PATH_MAX];

	for (size_t i = 0; i < CORE_MODULE_PLACES; i++)
		if (!core_module_place(i, "", release, place) && root_has(root, place))
			return !file_path(ret, root, "%s", place);
	return false;
}

static enum bake_core_result unpack_core(int from, int to, struct bake_core *core)
{
	switch (subprocess_decompress(from, core->path, to, &core->err)) {
	case SUBPROCESS_OK:
		return BAKE_CORE_BAKED;
	case SUBPROCESS_NOT_INSTALLED:
		return refuse_core(core, "the program to unpack it is not installed");
	case SUBPROCESS_OVER_LIMIT:
		return refuse_core(core, "it is larger than the limit");
	case SUBPROCESS_FAILED:
		return refuse_core(core, "it is damaged");
	case SUBPROCESS_NOT_READ:
		return refuse_core(core, verdict_errno_text(core->err));
	case SUBPROCESS_ERROR:
		break;
	}
	return BAKE_CORE_NOT_WRITTEN;
}

/* @from is the module's file, @to its copy. */
static enum bake_core_result copy_core(int from, int to, const char *release,
				       struct bake_core *core)
{
	enum bake_core_result result;
	struct modinfo info;
	struct stat st;
	int err = 0;

	if (fstat(from, &st))
		return refuse_core(core, verdict_errno_text(errno));
	if (!S_ISREG(st.st_mode))
		return refuse_core(core, "it is not a regular file");
	if (!patch_store_trusts(&st, core->text, sizeof(core->text)))
		return refuse_core(core, core->text);
	result = unpack_core(from, to, core);
	if (result != BAKE_CORE_BAKED)
		return result;
	if (modinfo_read(to, &info, &err) != MODINFO_OK)
		return refuse_core(core, "it cannot be read as a module");
	return strcmp(info.release, release) ?
		       refuse_core(core, "it is for another kernel") :
		       BAKE_CORE_BAKED;
}

/* Copies the file core->path to @to. */
static enum bake_core_result place_core(const struct bake_request *request,
					const char *release, const char *to,
					struct bake_core *core)
{
	char temporary[PATH_MAX];
	enum bake_core_result result;
	CLOSE_FD from = root_open(request->root, core->path);
	int err;

	if (from < 0)
		return refuse_core(core, verdict_errno_text(from));
	err = file_make_parents(to);
	CLOSE_FD fd = err ? err : file_create_beside(to, temporary);
	if (fd < 0)
		return fail_core_copy(core, to, fd);
	result = copy_core(from, fd, release, core);
	if (result == BAKE_CORE_BAKED) {
		err = file_commit(fd, temporary, to);
		return err ? fail_core_copy(core, to, err) : BAKE_CORE_BAKED;
	}
	unlink(temporary);
	return result == BAKE_CORE_NOT_WRITTEN ? fail_core_copy(core, to, core->err) :
						 result;
}

enum bake_core_result bake_core_add(const struct bake_request *request,
				    const char *release, struct bake_core *ret)
{
	char place[PATH_MAX], to[PATH_MAX];
	int err;

	if (!find_listed(request->root, release, ret->path) &&
	    !find_in_places(request->root, release, ret->path))
		return BAKE_CORE_MISSING;
	if (!request->output)
		return BAKE_CORE_THERE;
	err = core_module_place(CORE_MODULE_BAKED, "", release, place);
	if (!err)
		err = root_path_of_name(to, request->output, "%s", place);
	if (!err)
		return place_core(request, release, to, ret);
	core_module_place(CORE_MODULE_BAKED, request->output, release, to);
	return fail_core_copy(ret, to, err);
}
