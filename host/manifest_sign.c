// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/manifest_sign.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include "common/file.h"
#include "common/paths.h"
#include "host/root_path.h"
#include "host/subprocess.h"

static bool signature_paths(const char *root, char *ret_path, char *ret_temporary,
			    struct signed_manifest_error *ret_error)
{
	int err = root_path_of_name(ret_path, root, SIGNATURE_FILE);

	if (!err)
		err = file_temporary(ret_path, ret_temporary);
	return !err || signed_manifest_fail_with_errno(ret_error, SIGNATURE_FILE, err);
}

static bool run_signify(const char *key, const char *manifest, const char *signature,
			struct signed_manifest_error *ret_error)
{
	enum subprocess_result result = subprocess_sign(key, manifest, signature);

	if (result == SUBPROCESS_NOT_INSTALLED)
		signed_manifest_fail(ret_error, key, "the program to sign with, "
				     "signify-openbsd or signify, is not installed");
	else if (result)
		signed_manifest_fail(ret_error, key, "signify did not sign with it");
	return !result;
}

/* Syncs early: no wait for the disk may come between the two files' renames. */
static bool sync_signature(const char *path, struct signed_manifest_error *ret_error)
{
	CLOSE_FD fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	return (fd >= 0 && !fsync(fd)) ||
	       signed_manifest_fail_with_errno(ret_error, path, -errno);
}

bool manifest_sign(const char *root, const char *key, const char *manifest,
		   struct signed_manifest_error *ret_error)
{
	char path[PATH_MAX], temporary[PATH_MAX];

	if (!signature_paths(root, path, temporary, ret_error))
		return false;
	unlink(temporary);
	return run_signify(key, manifest, temporary, ret_error) &&
	       sync_signature(temporary, ret_error);
}

bool manifest_sign_check(const char *root, const char *keys_root, const char *manifest,
			 struct signed_manifest_error *ret_error)
{
	static struct signed_manifest written;
	struct signify_keys keys;
	char path[PATH_MAX], temporary[PATH_MAX];

	if (!signature_paths(root, path, temporary, ret_error) ||
	    !signed_manifest_read_keys_by(root_path, keys_root, &keys, ret_error) ||
	    signed_manifest_read_file(manifest, &written, ret_error) !=
		    SIGNED_MANIFEST_GOOD)
		return false;
	/* Without a key too: a program that succeeds may have written no signature. */
	return signed_manifest_check(&keys, temporary, &written, ret_error);
}

bool manifest_sign_commit(const char *root, struct signed_manifest_error *ret_error)
{
	char path[PATH_MAX], temporary[PATH_MAX];
	int err;

	if (!signature_paths(root, path, temporary, ret_error))
		return false;
	CLOSE_FD fd = open(temporary, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	err = fd < 0 ? -errno : file_commit(fd, temporary, path);
	return !err || signed_manifest_fail_with_errno(ret_error, path, err);
}

void manifest_sign_discard(const char *root)
{
	char path[PATH_MAX], temporary[PATH_MAX];
	struct signed_manifest_error unused = { 0 };

	if (signature_paths(root, path, temporary, &unused))
		unlink(temporary);
}

bool manifest_sign_remove(const char *root, bool *ret_removed,
			  struct signed_manifest_error *ret_error)
{
	char path[PATH_MAX], temporary[PATH_MAX];

	if (!signature_paths(root, path, temporary, ret_error))
		return false;
	*ret_removed = !unlink(path);
	if (!*ret_removed)
		return errno == ENOENT ||
		       signed_manifest_fail_with_errno(ret_error, path, -errno);
	file_sync_directory(path);
	return true;
}
