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

static const char not_roots[] = "it can be written by others than root";

int signed_manifest_fail(struct signed_manifest_error *ret, const char *path, int err,
			 const char *reason)
{
	snprintf(ret->path, sizeof(ret->path), "%s", path);
	ret->err = err;
	ret->reason = reason;
	return err;
}

static int fail_for_reason(struct signed_manifest_error *ret, const char *path,
			   const char *reason)
{
	return signed_manifest_fail(ret, path, -EKEYREJECTED, reason);
}

static int fail_for_errno(struct signed_manifest_error *ret, const char *path, int err)
{
	return signed_manifest_fail(ret, path, err, NULL);
}

/* A patch's file must be root's in the same way, see load.c. */
static bool is_roots(const struct stat *st)
{
	return st->st_uid == 0 && !(st->st_mode & (S_IWGRP | S_IWOTH));
}

/* Reads as file_read does what root alone may write. */
static ssize_t read_roots_file(const char *path, char *buf, size_t size,
			       struct signed_manifest_error *ret_error)
{
	CLOSE_FD fd = file_open(path);
	struct stat st;
	ssize_t len = fd;

	if (fd >= 0) {
		if (fstat(fd, &st))
			len = -errno;
		else if (is_roots(&st))
			len = file_read_all(fd, buf, size);
		else
			return fail_for_reason(ret_error, path, not_roots);
	}
	return len < 0 ? fail_for_errno(ret_error, path, (int)len) : len;
}

static int read_key(const char *path, struct signify_key *ret,
		    struct signed_manifest_error *ret_error)
{
	char text[SIGNIFY_BYTES_MAX + 1];
	ssize_t len = read_roots_file(path, text, sizeof(text), ret_error);
	const char *reason;

	if (len < 0)
		return (int)len;
	reason = signify_parse_key(text, (size_t)len, ret);
	return reason ? fail_for_reason(ret_error, path, reason) : 0;
}

/* A link that leads nowhere is an error, not a missing directory. */
static int check_keys_directory(const char *path, struct signed_manifest_error *ret_error)
{
	struct stat st;

	if (lstat(path, &st))
		return errno == ENOENT ? 0 : fail_for_errno(ret_error, path, -errno);
	if (stat(path, &st))
		return fail_for_errno(ret_error, path, -errno);
	return is_roots(&st) ? 0 : fail_for_reason(ret_error, path, not_roots);
}

static int list_keys(const char *directory, struct dir_list *names,
		     struct signed_manifest_error *ret_error)
{
	static const char too_many[] = "it has more keys than the limit";
	int err;

	dir_list_clear(names);
	err = dir_list_add(names, directory, ".pub");
	if (err == -E2BIG)
		return fail_for_reason(ret_error, directory, too_many);
	if (err)
		return fail_for_errno(ret_error, directory, err);
	err = check_keys_directory(directory, ret_error);
	if (!err && names->count > KEYS_MAX)
		return fail_for_reason(ret_error, directory, too_many);
	return err;
}

int signed_manifest_read_keys(const char *root, struct signify_keys *ret,
			      struct signed_manifest_error *ret_error)
{
	static struct dir_list names;
	char directory[PATH_MAX], path[PATH_MAX];
	int err = file_path(directory, root, KEYS_DIR);

	ret->count = 0;
	if (err)
		return fail_for_errno(ret_error, KEYS_DIR, err);
	err = list_keys(directory, &names, ret_error);
	for (size_t i = 0; i < names.count && !err; i++) {
		if (file_path(path, directory, "/%s", names.name[i]))
			return fail_for_errno(ret_error, directory, -ENAMETOOLONG);
		err = read_key(path, &ret->list[i], ret_error);
	}
	ret->count = err ? 0 : names.count;
	return err;
}

/* Returns NULL if one of @keys made @signature of @manifest, else why not. */
static const char *why_not_signed(const struct signify_keys *keys,
				  const struct signify_signature *signature,
				  const struct signed_manifest *manifest)
{
	const char *reason = "it is by none of the keys in " KEYS_DIR;

	for (size_t i = 0; i < keys->count; i++)
		switch (signify_verify(signature, &keys->list[i], manifest->text,
				       manifest->len)) {
		case SIGNIFY_GOOD:
			return NULL;
		case SIGNIFY_WRONG:
			reason = "it is not of this manifest, "
				 "or one of the two is damaged";
			break;
		case SIGNIFY_OTHER_KEY:
			break;
		}
	return reason;
}

int signed_manifest_check(const struct signify_keys *keys, const char *path,
			  const struct signed_manifest *manifest,
			  struct signed_manifest_error *ret_error)
{
	char text[SIGNIFY_BYTES_MAX + 1];
	struct signify_signature signature;
	const char *reason;
	ssize_t len = read_roots_file(path, text, sizeof(text), ret_error);

	if (len < 0)
		return (int)len;
	reason = signify_parse_signature(text, (size_t)len, &signature);
	if (reason)
		return fail_for_reason(ret_error, path, reason);
	reason = keys->count ? why_not_signed(keys, &signature, manifest) : NULL;
	return reason ? fail_for_reason(ret_error, path, reason) : 0;
}

int signed_manifest_read_file(const char *path, struct signed_manifest *ret,
			      struct signed_manifest_error *ret_error)
{
	ssize_t len = read_roots_file(path, ret->text, sizeof(ret->text), ret_error);
	struct stat st;

	if (len == -ENOENT && !lstat(path, &st))
		return fail_for_reason(ret_error, path,
				       "it is a link that leads nowhere");
	if (len < 0)
		return (int)len;
	ret->len = (size_t)len;
	return 0;
}

int signed_manifest_read(const struct signed_manifest_source *source,
			 struct signed_manifest *ret,
			 struct signed_manifest_error *ret_error)
{
	const char *file = source->file;
	char path[PATH_MAX];
	int err = file_path(path, source->root, "%s", file);

	if (err)
		return fail_for_errno(ret_error, file, err);
	err = signed_manifest_read_file(path, ret, ret_error);
	if (err || !source->keys->count)
		return err;
	err = file_path(path, source->root, "%s" SIGNATURE_SUFFIX, file);
	if (err)
		return fail_for_errno(ret_error, file, err);
	/* A missing signature is ENOENT, which would read as a missing manifest. */
	err = signed_manifest_check(source->keys, path, ret, ret_error);
	return err ? -EKEYREJECTED : 0;
}
