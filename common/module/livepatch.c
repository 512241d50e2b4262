// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/module/livepatch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/file.h"
#include "common/status_file.h"
#include "common/text.h"

#define CORE_DIRECTORY "/sys/kernel/kpatch"

/* The kernel's own, then kpatch's core module's: before kpatch 0.4, and since. */
static const char *const directories[] = {
	"/sys/kernel/livepatch", CORE_DIRECTORY "/patches", CORE_DIRECTORY,
};

const char *livepatch_directory(const char *root, const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(directories); i++)
		if (file_is_there(root, "%s/%s", directories[i], name))
			return directories[i];
	return directories[0];
}

bool livepatch_is_by_core(const char *root)
{
	return file_is_there(root, CORE_DIRECTORY);
}

/*
 * Returns the first byte of an attribute of @name in @directory; '\0' if it is not there,
 * '?' if it cannot be read.
 */
static char read_attribute(const char *root, const char *directory, const char *name,
			   const char *attribute)
{
	char path[PATH_MAX], text;
	ssize_t len;

	if (file_path(path, root, "%s/%s/%s", directory, name, attribute))
		return '?';
	CLOSE_FD fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	len = fd < 0 ? -1 : read(fd, &text, 1);
	/* ENODEV: the patch went away between open(2) and read(2). */
	if (len < 0 && (errno == ENOENT || errno == ENODEV))
		return '\0';
	return len < 1 ? '?' : text;
}

/* The core module patches while all else stands still: it has no transition. */
static char read_transition(const char *root, const char *directory, const char *name)
{
	return directory != directories[0] ?
		       '0' :
		       read_attribute(root, directory, name, "transition");
}

enum livepatch_state livepatch_state(const char *root, const char *name)
{
	const char *directory = livepatch_directory(root, name);
	char transition, enabled = read_attribute(root, directory, name, "enabled");

	if (!enabled)
		return LIVEPATCH_ABSENT;
	transition = read_transition(root, directory, name);
	if (enabled != '0' && enabled != '1')
		return LIVEPATCH_UNKNOWN;
	if (transition != '0' && transition != '1')
		return LIVEPATCH_UNKNOWN;
	if (enabled == '1')
		return transition == '1' ? LIVEPATCH_ENABLING : LIVEPATCH_ENABLED;
	return transition == '1' ? LIVEPATCH_DISABLING : LIVEPATCH_DISABLED;
}

enum livepatch_state livepatch_wait(const char *root, const char *name,
				    unsigned long long deadline_ms)
{
	unsigned int interval_ms = 1;
	enum livepatch_state state;

	while ((state = livepatch_state(root, name)) == LIVEPATCH_ENABLING ||
	       state == LIVEPATCH_DISABLING || state == LIVEPATCH_UNKNOWN) {
		if (clock_now_ms() >= deadline_ms)
			break;
		clock_sleep(&interval_ms);
	}
	return state;
}

int livepatch_reverse(const char *root, const char *name)
{
	char path[PATH_MAX];
	int err = file_path(path, root, "%s/%s/enabled", livepatch_directory(root, name),
			    name);

	return err ? err : file_put(path, 0, "0");
}

static bool is_any_in_transition(const char *root)
{
	char path[PATH_MAX];
	struct dirent *entry;

	if (file_path(path, root, "%s", directories[0]))
		return false;
	CLOSE_DIR *directory = opendir(path);
	while (directory && (entry = readdir(directory)))
		if (entry->d_name[0] != '.' &&
		    read_attribute(root, directories[0], entry->d_name, "transition") ==
			    '1')
			return true;
	return false;
}

/* True if the initstate of module @name begins with @word. */
static bool has_initstate(const char *root, const char *name, const char *word)
{
	char path[PATH_MAX], text[16];

	return !file_path(path, root, "/sys/module/%s/initstate", name) &&
	       file_read(path, text, sizeof(text)) > 0 &&
	       !strncmp(text, word, strlen(word));
}

bool livepatch_module_is_coming(const char *root, const char *name)
{
	return has_initstate(root, name, "coming");
}

const char *livepatch_find_coming(const char *root, const struct status *status)
{
	for (size_t i = 0; i < status->count; i++) {
		const struct status_patch *patch = &status->patches[i];

		if (patch->outcome == OUTCOME_FAILED &&
		    livepatch_module_is_coming(root, patch->name))
			return patch->name;
	}
	return NULL;
}

bool livepatch_is_busy(const char *root, const char *name)
{
	return is_any_in_transition(root) || has_initstate(root, name, "coming") ||
	       has_initstate(root, name, "going");
}

bool livepatch_is_none(const char *root)
{
	char path[PATH_MAX];
	struct stat st;

	return !file_path(path, root, "%s", livepatch_directory(root, "")) &&
	       !stat(path, &st) && st.st_nlink == 2;
}

/* With the core module a patch has a parameter for it, if it can replace at all. */
static char read_replace(const char *root, const char *name)
{
	const char *directory = livepatch_directory(root, name);
	char parameter;

	if (directory == directories[0])
		return read_attribute(root, directory, name, "replace");
	parameter = read_attribute(root, "/sys/module", name, "parameters/replace");
	return parameter == 'Y' ? '1' : '0';
}

bool livepatch_may_replace(const char *root, const char *name)
{
	return read_replace(root, name) != '0';
}

bool livepatch_replaces(const char *root, const char *name)
{
	return read_replace(root, name) == '1';
}

static bool add_known_function(struct livepatch_functions *functions,
			       const char *function)
{
	size_t size = strlen(function) + 1;

	if (size > sizeof(functions->text) - functions->used)
		return false;
	memcpy(functions->text + functions->used, function, size);
	functions->used += size;
	return true;
}

/*
 * Adds the functions below the directory @path, which is a patch's, of @patch_len bytes,
 * or an object's. Objects and functions are directories, attributes are files.
 */
static bool add_functions_below(const char *path, size_t patch_len,
				struct livepatch_functions *functions)
{
	CLOSE_DIR *directory = opendir(path);
	char below[PATH_MAX];
	struct dirent *entry;
	bool ok = directory;

	while (ok && (entry = readdir(directory))) {
		if (entry->d_type != DT_DIR || entry->d_name[0] == '.')
			continue;
		ok = !file_path(below, path, "/%s", entry->d_name) &&
		     (strchr(entry->d_name, ',') ?
			      add_known_function(functions, below + patch_len + 1) :
			      add_functions_below(below, patch_len, functions));
	}
	return ok;
}

bool livepatch_add_functions(const char *root, const char *name,
			     struct livepatch_functions *functions)
{
	size_t used_before = functions->used;
	char path[PATH_MAX];

	if (!file_path(path, root, "/sys/kernel/livepatch/%s", name) &&
	    add_functions_below(path, strlen(path), functions))
		return true;
	functions->used = used_before;
	return false;
}

bool livepatch_has_function(const char *root, const char *name, const char *function)
{
	return file_is_there(root, "/sys/kernel/livepatch/%s/%s", name, function);
}

bool livepatch_module_is_loaded(const char *root, const char *name)
{
	return file_is_there(root, "/sys/module/%s", name);
}

const char *livepatch_state_word(enum livepatch_state state)
{
	switch (state) {
	case LIVEPATCH_ENABLED: return "enabled";
	case LIVEPATCH_ENABLING: return "enabling...";
	case LIVEPATCH_DISABLING: return "disabling...";
	case LIVEPATCH_DISABLED:
	case LIVEPATCH_UNKNOWN:
	case LIVEPATCH_ABSENT: return "disabled";
	}
	return "disabled";
}
