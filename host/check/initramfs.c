// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/check/initramfs.h"

#include <limits.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "common/bounds.h"
#include "common/file.h"
#include "common/module/module_name.h"
#include "common/text.h"
#include "host/subprocess.h"

static bool list_names(struct initramfs *initramfs, const char *program)
{
	char *const command[] = { (char *)program, (char *)initramfs->path, NULL };
	enum subprocess_result result =
		subprocess_output(command, initramfs->names, initramfs->size);

	/* Full to the last byte, it may have been cut off. */
	return result == SUBPROCESS_OK && *initramfs->names &&
	       strlen(initramfs->names) < initramfs->size - 1;
}

void initramfs_open(struct initramfs *ret, const char *path)
{
	struct stat st;
	void *names;

	*ret = (struct initramfs){ .path = path, .size = INITRAMFS_NAMES_BYTES_MAX };
	if (stat(path, &st))
		return;
	ret->is_directory = S_ISDIR(st.st_mode);
	if (ret->is_directory)
		return;
	names = mmap(NULL, ret->size, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (names == MAP_FAILED)
		return;
	ret->names = names;
	if (!list_names(ret, "lsinitrd") && !list_names(ret, "lsinitramfs"))
		initramfs_close(ret);
}

void initramfs_close(struct initramfs *initramfs)
{
	if (initramfs->names)
		munmap(initramfs->names, initramfs->size);
	initramfs->names = NULL;
}

/* Whether a file's name ends in front of @text, but for a suffix of compression. */
static bool ends_name(const char *text)
{
	return strchr("\n \t", *text) || !strncmp(text, ".xz", 3) ||
	       !strncmp(text, ".zst", 4) || !strncmp(text, ".gz", 3);
}

/* Whether a line names the module "/NAME.ko", compressed or not. */
static bool lists_file(const char *names, const char *name)
{
	size_t len = strlen(name);

	while ((names = strstr(names, name))) {
		names += len;
		if (ends_name(names))
			return true;
	}
	return false;
}

/* Whether @directory has the module @path of any tree of modules, compressed or not. */
static bool has_file(const char *directory, const char *path)
{
	static const char *const suffixes[] = { "", ".xz", ".zst", ".gz" };
	const char *modules = strstr(path, "/lib/modules/");
	int len;

	if (modules)
		path = modules;
	len = (int)module_name_uncompressed_length(path);
	for (size_t i = 0; i < ARRAY_SIZE(suffixes); i++)
		if (file_is_there(directory, "%.*s%s", len, path, suffixes[i]))
			return true;
	return false;
}

enum answer initramfs_has(const struct initramfs *initramfs, const char *path)
{
	char name[PATH_MAX];
	const char *slash = strrchr(path, '/');
	bool found;

	if (initramfs->is_directory)
		return has_file(initramfs->path, path) ? ANSWER_YES : ANSWER_NO;
	if (!initramfs->names || !slash)
		return ANSWER_UNKNOWN;
	if (file_path(name, "", "%.*s", (int)module_name_uncompressed_length(slash),
		      slash))
		return ANSWER_UNKNOWN;
	found = lists_file(initramfs->names, name);
	return found ? ANSWER_YES : ANSWER_NO;
}
