// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/input/signed_manifest.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/dir_list.h"
#include "common/file.h"
#include "common/paths.h"

bool signed_manifest_fail(struct signed_manifest_error *ret, const char *path,
			  const char *reason)
{
	snprintf(ret->path, sizeof(ret->path), "%s", path);
	snprintf(ret->reason, sizeof(ret->reason), "%s", reason);
	ret->err = 0;
	return false;
}

bool signed_manifest_fail_with_errno(struct signed_manifest_error *ret, const char *path,
				     int err)
{
	signed_manifest_fail(ret, path, "");
	ret->err = err;
	return false;
}

/*
 * False unless what @st is of is root's, as a patch's file must be, see verify.c. Whoever
 * bakes without being root reads what is his own.
 */
static bool check_is_roots(const struct stat *st, const char *path,
			   struct signed_manifest_error *ret_error)
{
	if (st->st_uid != 0 && st->st_uid != geteuid()) {
		signed_manifest_fail(ret_error, path, "");
		snprintf(ret_error->reason, sizeof(ret_error->reason),
			 "it is owned by uid %u; it must be root's", st->st_uid);
		return false;
	}
	return !(st->st_mode & (S_IWGRP | S_IWOTH)) ||
	       signed_manifest_fail(ret_error, path,
				    "it can be written by others than root");
}

/*
 * Reads as file_read does what root alone may write. Returns the number of bytes, or -1
 * with the file in @ret_error.
 */
static ssize_t read_roots_file(const char *path, char *buf, size_t size,
			       struct signed_manifest_error *ret_error)
{
	CLOSE_FD fd = file_open(path);
	struct stat st;
	ssize_t len = fd < 0 || !fstat(fd, &st) ? fd : -errno;

	if (len >= 0 && !check_is_roots(&st, path, ret_error))
		return -1;
	if (len >= 0)
		len = file_read_all(fd, buf, size);
	if (len >= 0)
		return len;
	signed_manifest_fail_with_errno(ret_error, path, (int)len);
	return -1;
}

static bool read_key(const char *path, struct signify_key *ret,
		     struct signed_manifest_error *ret_error)
{
	char text[SIGNIFY_BYTES_MAX + 1];
	ssize_t len = read_roots_file(path, text, sizeof(text), ret_error);
	const char *reason;

	if (len < 0)
		return false;
	reason = signify_parse_key(text, (size_t)len, ret);
	return !reason || signed_manifest_fail(ret_error, path, reason);
}

/* A link that leads nowhere is an error, not a missing directory. */
static bool check_keys_directory(const char *path,
				 struct signed_manifest_error *ret_error)
{
	struct stat st;

	if (lstat(path, &st) && errno == ENOENT)
		return true;
	if (stat(path, &st))
		return signed_manifest_fail_with_errno(ret_error, path, -errno);
	return check_is_roots(&st, path, ret_error);
}

static bool list_keys(const char *directory, struct dir_list *names,
		      struct signed_manifest_error *ret_error)
{
	static const char too_many[] = "it has more keys than the limit";

	dir_list_clear(names);
	switch (dir_list_add(names, directory, ".pub")) {
	case DIR_LIST_OVER_LIMIT:
		return signed_manifest_fail(ret_error, directory, too_many);
	case DIR_LIST_UNREADABLE:
		return signed_manifest_fail_with_errno(ret_error, directory, names->err);
	case DIR_LIST_OK:
		break;
	}
	if (!check_keys_directory(directory, ret_error))
		return false;
	return names->count <= KEYS_MAX ||
	       signed_manifest_fail(ret_error, directory, too_many);
}

bool signed_manifest_read_keys_by(signed_manifest_path_fn path_of, const char *root,
				  struct signify_keys *ret,
				  struct signed_manifest_error *ret_error)
{
	static struct dir_list names;
	char directory[PATH_MAX], path[PATH_MAX];
	int err = path_of(directory, root, KEYS_DIR);

	ret->count = 0;
	if (err)
		return signed_manifest_fail_with_errno(ret_error, KEYS_DIR, err);
	if (!list_keys(directory, &names, ret_error))
		return false;
	for (size_t i = 0; i < names.count; i++) {
		err = path_of(path, root, "%s/%s", KEYS_DIR, names.name[i]);
		if (err)
			return signed_manifest_fail_with_errno(ret_error, path, err);
		if (!read_key(path, &ret->list[i], ret_error))
			return false;
	}
	ret->count = names.count;
	return true;
}

bool signed_manifest_read_keys(const char *root, struct signify_keys *ret,
			       struct signed_manifest_error *ret_error)
{
	return signed_manifest_read_keys_by(file_path, root, ret, ret_error);
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

bool signed_manifest_check(const struct signify_keys *keys, const char *path,
			   const struct signed_manifest *manifest,
			   struct signed_manifest_error *ret_error)
{
	char text[SIGNIFY_BYTES_MAX + 1];
	ssize_t len = read_roots_file(path, text, sizeof(text), ret_error);
	struct signify_signature signature;
	const char *reason;

	if (len < 0)
		return false;
	reason = signify_parse_signature(text, (size_t)len, &signature);
	if (!reason && keys->count)
		reason = why_not_signed(keys, &signature, manifest);
	return !reason || signed_manifest_fail(ret_error, path, reason);
}

enum signed_manifest_result
signed_manifest_read_file(const char *path, struct signed_manifest *ret,
			  struct signed_manifest_error *ret_error)
{
	ssize_t len = read_roots_file(path, ret->text, sizeof(ret->text), ret_error);
	struct stat st;

	if (len >= 0) {
		ret->len = (size_t)len;
		return SIGNED_MANIFEST_GOOD;
	}
	if (ret_error->err != -ENOENT)
		return SIGNED_MANIFEST_REFUSED;
	if (lstat(path, &st))
		return SIGNED_MANIFEST_NONE;
	signed_manifest_fail(ret_error, path, "it is a link that leads nowhere");
	return SIGNED_MANIFEST_REFUSED;
}

enum signed_manifest_result
signed_manifest_read_by(signed_manifest_path_fn path_of,
			const struct signed_manifest_source *source,
			struct signed_manifest *ret,
			struct signed_manifest_error *ret_error)
{
	const char *file = source->file;
	enum signed_manifest_result result;
	char path[PATH_MAX];
	int err = path_of(path, source->root, "%s", file);

	if (err) {
		signed_manifest_fail_with_errno(ret_error, file, err);
		return SIGNED_MANIFEST_REFUSED;
	}
	result = signed_manifest_read_file(path, ret, ret_error);
	if (result != SIGNED_MANIFEST_GOOD || !source->keys->count)
		return result;
	err = path_of(path, source->root, "%s" SIGNATURE_SUFFIX, file);
	if (err)
		signed_manifest_fail_with_errno(ret_error, file, err);
	if (err || !signed_manifest_check(source->keys, path, ret, ret_error))
		return SIGNED_MANIFEST_REFUSED;
	return SIGNED_MANIFEST_GOOD;
}

enum signed_manifest_result
signed_manifest_read(const struct signed_manifest_source *source,
		     struct signed_manifest *ret,
		     struct signed_manifest_error *ret_error)
{
	return signed_manifest_read_by(file_path, source, ret, ret_error);
}
