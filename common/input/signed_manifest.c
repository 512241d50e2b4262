// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/input/signed_manifest.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>

#include "common/dir_list.h"
#include "common/file.h"
#include "common/paths.h"

int signed_manifest_fail(struct signed_manifest_error *ret, const char *path, int err, const char *reason)
{
	snprintf(ret->path, sizeof(ret->path), "%s", path);
	ret->err = err;
	ret->reason = reason;
	return err;
}

static int wrong(struct signed_manifest_error *ret, const char *path, const char *reason)
{
	return signed_manifest_fail(ret, path, -EKEYREJECTED, reason);
}

/* @err is of the system, or of check_owner. */
static int unreadable(struct signed_manifest_error *ret, const char *path, int err)
{
	return signed_manifest_fail(ret, path, err,
			  err == -EKEYREJECTED ? "it can be written by others than root" : NULL);
}

/* What is asked of a patch too. */
static int check_owner(const struct stat *st)
{
	return st->st_uid != 0 || st->st_mode & (S_IWGRP | S_IWOTH) ? -EKEYREJECTED : 0;
}

/* As file_read, of what root alone may write, and with its error in @ret_error. */
static ssize_t read_roots(const char *path, char *buf, size_t size, struct signed_manifest_error *ret_error)
{
	CLOSE_FD fd = file_open(path);
	struct stat st;
	ssize_t len = fd;

	if (fd >= 0)
		len = fstat(fd, &st) ? -errno : check_owner(&st);
	if (!len)
		len = file_read_all(fd, buf, size);
	return len < 0 ? unreadable(ret_error, path, (int)len) : len;
}

static int read_key(const char *path, struct signify_key *ret, struct signed_manifest_error *ret_error)
{
	char text[SIGNIFY_BYTES_MAX + 1];
	ssize_t len = read_roots(path, text, sizeof(text), ret_error);
	const char *reason;

	if (len < 0)
		return (int)len;
	reason = signify_parse_key(text, (size_t)len, ret);
	return reason ? wrong(ret_error, path, reason) : 0;
}

/* A link that leads nowhere is not an absent folder. */
static int list_keys(const char *folder, struct dir_list *names)
{
	struct stat st;
	int err;

	dir_list_clear(names);
	err = dir_list_add(names, folder, ".pub");
	if (err)
		return err;
	if (lstat(folder, &st))
		return errno == ENOENT ? 0 : -errno;
	if (stat(folder, &st))
		return -errno;
	return check_owner(&st);
}

int signed_manifest_read_keys(const char *root, struct signify_keys *ret, struct signed_manifest_error *ret_error)
{
	static struct dir_list names;
	char folder[PATH_MAX], path[PATH_MAX];
	int err = file_path(folder, root, KEYS_DIR);

	ret->count = 0;
	if (err)
		return unreadable(ret_error, KEYS_DIR, err);
	err = list_keys(folder, &names);
	if (err == -E2BIG || (!err && names.count > KEYS_MAX))
		return wrong(ret_error, folder, "it has more keys than the limit");
	if (err)
		return unreadable(ret_error, folder, err);
	for (size_t i = 0; i < names.count && !err; i++) {
		err = file_path(path, folder, "/%s", names.name[i]);
		err = err ? unreadable(ret_error, folder, err) :
			    read_key(path, &ret->list[i], ret_error);
	}
	ret->count = err ? 0 : names.count;
	return err;
}

int signed_manifest_check(const struct signify_keys *keys, const char *path,
		const struct signed_manifest *manifest, struct signed_manifest_error *ret_error)
{
	char text[SIGNIFY_BYTES_MAX + 1];
	struct signify_signature signature;
	const char *reason;
	ssize_t len = read_roots(path, text, sizeof(text), ret_error);

	if (len < 0)
		return (int)len;
	reason = signify_parse_signature(text, (size_t)len, &signature);
	if (reason)
		return wrong(ret_error, path, reason);
	if (!keys->count)
		return 0;
	reason = "it is by none of the keys in " KEYS_DIR;
	for (size_t i = 0; i < keys->count; i++)
		switch (signify_verify(&signature, &keys->list[i], manifest->text, manifest->len)) {
		case SIGNIFY_GOOD:
			return 0;
		case SIGNIFY_WRONG:
			reason = "it is not of this manifest, or one of the two is damaged";
			break;
		case SIGNIFY_OTHER_KEY:
			break;
		}
	return wrong(ret_error, path, reason);
}

int signed_manifest_read_file(const char *path, struct signed_manifest *ret, struct signed_manifest_error *ret_error)
{
	ssize_t len = read_roots(path, ret->text, sizeof(ret->text), ret_error);
	struct stat st;

	if (len == -ENOENT && !lstat(path, &st))
		return wrong(ret_error, path, "it is a link that leads nowhere");
	if (len < 0)
		return (int)len;
	ret->len = (size_t)len;
	return 0;
}

int signed_manifest_read(const char *root, const char *file, const struct signify_keys *keys,
			struct signed_manifest *ret, struct signed_manifest_error *ret_error)
{
	char path[PATH_MAX];
	int err = file_path(path, root, "%s", file);

	if (err)
		return unreadable(ret_error, file, err);
	err = signed_manifest_read_file(path, ret, ret_error);
	if (err || !keys->count)
		return err;
	err = file_path(path, root, "%s" SIGNATURE_SUFFIX, file);
	if (err)
		return unreadable(ret_error, file, err);
	/* A signature that is missing must not read as a manifest that is. */
	return signed_manifest_check(keys, path, ret, ret_error) ? -EKEYREJECTED : 0;
}
