// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/patch_store.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/dir_list.h"
#include "common/file.h"
#include "common/input/manifest.h"
#include "common/module/modinfo.h"
#include "common/module/module_name.h"
#include "common/paths.h"
#include "common/sha256.h"
#include "common/text.h"
#include "common/verdict.h"
#include "host/own_name.h"
#include "host/subprocess.h"

/* A try is lost to an uninstall that removed the directory meanwhile. */
#define LOCK_TRIES 1000

/* Always false. */
static bool refuse_item(struct store_item *item, enum store_refusal refusal,
			const char *reason)
{
	item->refusal = refusal;
	item->reason = reason;
	return false;
}

/* The same, because @path cannot be written or locked, for @err. */
static bool refuse_for_path(struct store_item *item, enum store_refusal refusal,
			    const char *path, int err)
{
	snprintf(item->path, sizeof(item->path), "%s", path);
	return refuse_item(item, refusal, verdict_errno_text(err));
}

/* Whether @fd is the store that is there now, and not one that was removed. */
static bool is_the_store(int fd)
{
	struct stat locked, there;

	return !fstat(fd, &locked) && !stat(PATCH_STORE, &there) &&
	       there.st_ino == locked.st_ino && there.st_dev == locked.st_dev;
}

/*
 * Locks the store, by the descriptor *@ret. With @make, makes the store. False if the
 * item is refused.
 */
static bool lock_store(struct store_item *item, bool make, int *ret)
{
	for (int i = 0; i < LOCK_TRIES; i++) {
		int err = make ? file_make_parents(PATCH_STORE "/") : 0;

		*ret = err ? err : file_lock_directory(PATCH_STORE "/");
		if (*ret >= 0 && is_the_store(*ret))
			return true;
		if (*ret == -ENOENT && !make)
			return refuse_item(item, STORE_NOT_INSTALLED, NULL);
		if (*ret < 0 && *ret != -ENOENT)
			return refuse_for_path(item, make ? STORE_NOT_WRITTEN :
					       STORE_NOT_CHANGED, PATCH_STORE, *ret);
		file_close(ret);
	}
	strcpy(item->path, PATCH_STORE);
	return refuse_item(item, STORE_GONE, NULL);
}

/*
 * kpatch removes these directories too: "kpatch list" shows no kernel without patches
 * then. With the store locked, what is half-made was left by a run that was killed.
 */
static void remove_empty_directories(const char *directory)
{
	static struct dir_list names;
	char path[PATH_MAX];

	dir_list_clear(&names);
	if (dir_list_add(&names, directory, ".ko.tmp"))
		return;
	for (size_t i = 0; i < names.count; i++)
		if (!file_path(path, directory, "/%s", names.name[i]))
			unlink(path);
	rmdir(directory);
	rmdir(PATCH_STORE);
}

/* Whether @file of @directory loads as the module @name. Its path goes to @ret. */
static bool loads_as(const char *directory, const char *file, const char *name, char *ret)
{
	char other[FILE_NAME_MAX + 1];

	return module_name_is_file(file) && !file_path(ret, directory, "/%s", file) &&
	       own_name_of_file(ret, other) && !strcmp(other, name);
}

/* Whether the file @path is what @fd is. */
static bool is_same_file(int fd, const char *path)
{
	unsigned char one[SHA256_BYTES], other[SHA256_BYTES];
	CLOSE_FD there = file_open(path);

	return there >= 0 && !sha256_file(fd, one) && !sha256_file(there, other) &&
	       !memcmp(one, other, sizeof(one));
}

/* Refuses the item @fd if a file of the store has the module name @name already. */
static bool check_name_is_free(struct store_item *item, int fd, const char *name)
{
	static struct dir_list names;
	const char *directory = item->directory;
	char path[PATH_MAX];

	dir_list_clear(&names);
	switch (dir_list_add(&names, directory, "")) {
	case DIR_LIST_OVER_LIMIT:
		snprintf(item->path, sizeof(item->path), "%s", directory);
		return refuse_item(item, STORE_NOT_WRITTEN,
				   "it has more files than the limit");
	case DIR_LIST_UNREADABLE:
		return refuse_for_path(item, STORE_NOT_WRITTEN, directory, names.err);
	case DIR_LIST_OK:
		break;
	}
	for (size_t i = 0; i < names.count; i++) {
		if (!loads_as(directory, names.name[i], name, path))
			continue;
		strcpy(item->path, path);
		return refuse_item(item, is_same_file(fd, path) ? STORE_SAME_FILE :
								  STORE_NAME_TAKEN, NULL);
	}
	return true;
}

/* Refuses the item @fd, a file to be called @base, if the kernel would. */
static bool pass_check(struct store_item *item, int fd, const char *base)
{
	unsigned char digest[SHA256_BYTES];
	int err = sha256_file(fd, digest);

	if (err)
		return refuse_item(item, STORE_NOT_COPIED, verdict_errno_text(err));
	switch (gate_ask(item->gate, &(struct gate_patch){ fd, base, digest, NULL })) {
	case GATE_REFUSES:
		return refuse_item(item, STORE_CHECK, item->gate->reason);
	case GATE_WARNS:
		item->warning = item->gate->reason;
		break;
	case GATE_PASSES:
		break;
	}
	return true;
}

/* Checks the copy @fd, which is to get the file name @base. */
static bool check_copy(struct store_item *item, int fd, const char *base)
{
	char name[FILE_NAME_MAX + 1];
	struct modinfo info;
	int err = 0;
	enum modinfo_result result = modinfo_read(fd, &info, &err);

	if (result != MODINFO_OK)
		return refuse_item(item, STORE_FILE_REFUSED,
				   modinfo_result_text(result, err));
	if (!info.livepatch)
		return refuse_item(item, STORE_NO_LIVE_PATCH, NULL);
	if (strcmp(info.release, item->release)) {
		strcpy(item->other_release, info.release[0] ? info.release : "(none)");
		return refuse_item(item, STORE_OTHER_RELEASE, item->other_release);
	}
	if (module_name_of_file(info.name[0] ? info.name : base, name, sizeof(name)))
		return refuse_item(item, STORE_NAME_TOO_LONG, NULL);
	return check_name_is_free(item, fd, name) && pass_check(item, fd, base);
}

/* Makes @fd, a new file, the checked copy of @source. */
static bool copy_and_check(struct store_item *item, int source, int fd, const char *base)
{
	enum subprocess_result result;
	int err = 0;

	result = subprocess_decompress(source, item->path, fd, &err);
	if (result == SUBPROCESS_OVER_LIMIT)
		return refuse_item(item, STORE_NOT_COPIED, "it is larger than the limit");
	/* A .ko file needs no program, so a system call failed. */
	if (result)
		return refuse_item(item, STORE_NOT_COPIED, verdict_errno_text(err));
	return check_copy(item, fd, base);
}

/* With the store locked. */
static bool copy_into_store(struct store_item *item, int source, const char *base)
{
	char path[PATH_MAX], temporary[PATH_MAX];
	int err = file_path(path, item->directory, "/%s", base);

	if (!err)
		err = file_make_parents(path);
	CLOSE_FD fd = err ? err : file_create_beside(path, temporary);
	if (fd < 0)
		return refuse_for_path(item, STORE_NOT_WRITTEN, path, fd);
	strcpy(item->path, path);
	if (!copy_and_check(item, source, fd, base)) {
		unlink(temporary);
		return false;
	}
	item->begun = true;
	err = file_commit(fd, temporary, path);
	return !err || refuse_item(item, STORE_NOT_WRITTEN, verdict_errno_text(err));
}

/* Checks the FILE before anything of the store is touched. */
static bool check_file(struct store_item *item, int source, const char *base)
{
	const char *reason = manifest_check_file_name(base);
	struct stat st;

	if (source == -ENOENT)
		return refuse_item(item, STORE_FILE_MISSING, NULL);
	if (source < 0)
		return refuse_item(item, STORE_FILE_REFUSED, verdict_errno_text(source));
	if (fstat(source, &st))
		return refuse_item(item, STORE_FILE_REFUSED, verdict_errno_text(errno));
	if (!text_ends_with(base, ".ko") || !S_ISREG(st.st_mode))
		return refuse_item(item, STORE_NOT_KO, NULL);
	return !reason || refuse_item(item, STORE_FILE_REFUSED, reason);
}

bool patch_store_trusts(const struct stat *st, char *ret_reason, size_t size)
{
	if (st->st_uid != 0 && st->st_uid != geteuid())
		snprintf(ret_reason, size, "it is owned by uid %u; it must be root's: "
			 "check it, and give it to root", st->st_uid);
	else if (st->st_mode & (S_IWGRP | S_IWOTH))
		snprintf(ret_reason, size, "its group or others may write it; check it, "
			 "and chmod go-w");
	else
		return true;
	return false;
}

bool patch_store_install(struct store_item *item)
{
	const char *slash = strrchr(item->argument, '/');
	const char *base = slash ? slash + 1 : item->argument;
	CLOSE_FD source = file_open(item->argument);
	CLOSE_FD lock = -1;
	bool ok;

	if (!check_file(item, source, base) || !lock_store(item, true, &lock))
		return false;
	ok = copy_into_store(item, source, base);
	if (!ok)
		remove_empty_directories(item->directory);
	return ok;
}

/*
 * Finds a NAME as a file of @directory, to item->path. The exact name goes first, then
 * the same with '-' or '_', with or without .ko.
 */
static bool find_installed(struct store_item *item, const char *directory)
{
	static struct dir_list names;
	const char *name = item->argument;
	char like[NAME_MAX + 1];

	if (module_name_is_file(name) && !file_path(item->path, directory, "/%s", name) &&
	    !access(item->path, F_OK))
		return true;
	dir_list_clear(&names);
	if (module_name_of_file(name, like, sizeof(like)) ||
	    dir_list_add(&names, directory, ""))
		return false;
	for (size_t i = 0; i < names.count; i++)
		if (module_name_is_of(names.name[i], like))
			return !file_path(item->path, directory, "/%s", names.name[i]);
	return false;
}

/* Refuses the item, and says for which kernels it is installed instead. */
static bool refuse_as_not_installed(struct store_item *item)
{
	struct dir_list releases;
	char directory[PATH_MAX];
	size_t used = 0;

	releases.count = releases.used = 0;
	dir_list_add(&releases, PATCH_STORE, "");
	for (size_t i = 0; i < releases.count && used < sizeof(item->others); i++) {
		if (file_path(directory, PATCH_STORE, "/%s", releases.name[i]) ||
		    !find_installed(item, directory))
			continue;
		used += (size_t)snprintf(item->others + used, sizeof(item->others) - used,
					 "%s%s", used ? ", " : "", releases.name[i]);
	}
	return refuse_item(item, used ? STORE_OTHER_KERNELS : STORE_NOT_INSTALLED,
			   item->others);
}

bool patch_store_uninstall(struct store_item *item)
{
	CLOSE_FD lock = -1;

	if (strchr(item->argument, '/'))
		return refuse_item(item, STORE_NAME_HAS_PATH, NULL);
	if (!lock_store(item, false, &lock))
		return false;
	if (!find_installed(item, item->directory))
		return refuse_as_not_installed(item);
	if (!own_name_of_file(item->path, item->module))
		*item->module = '\0';
	item->begun = true;
	if (unlink(item->path))
		return refuse_item(item, STORE_NOT_REMOVED, strerror(errno));
	file_sync_directory(item->path);
	remove_empty_directories(item->directory);
	return true;
}
