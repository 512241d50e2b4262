/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether a manifest may be used: reads it, the trusted keys and its signature, each of
 * which root alone may write. Where there is no key, any manifest of root's may be used.
 * Parses no manifest and prints nothing.
 */
#ifndef SIGNED_MANIFEST_H
#define SIGNED_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "common/bounds.h"
#include "common/input/signify.h"

struct signify_keys {
	struct signify_key list[KEYS_MAX];
	size_t count;
};

/*
 * A manifest is read once, into this: the bytes that are verified are those that are
 * parsed.
 */
struct signed_manifest {
	size_t len;
	char text[MANIFEST_BYTES_MAX + 1];	/* with a NUL at [len] */
};

/* What is wrong with the file @path: @reason, or why it cannot be read. */
struct signed_manifest_error {
	char path[4096];
	char reason[160];	/* or empty */
	int err;		/* -errno, without a reason */
};

enum signed_manifest_result {
	SIGNED_MANIFEST_GOOD,
	SIGNED_MANIFEST_NONE,		/* there is no file, and no link either */
	SIGNED_MANIFEST_REFUSED,	/* the error says why */
};

/* Which manifest is read. */
struct signed_manifest_source {
	const char *root;
	const char *file;	/* an absolute path below @root */
	const struct signify_keys *keys;	/* the trusted ones, of any root */
};

/* How a path below a root is made: file_path, or a function of the same meaning. */
typedef int (*signed_manifest_path_fn)(char *ret, const char *root, const char *format,
				       ...);

/* Each of these fills @ret and returns false. */
bool signed_manifest_fail(struct signed_manifest_error *ret, const char *path,
			  const char *reason);
bool signed_manifest_fail_with_errno(struct signed_manifest_error *ret, const char *path,
				     int err);

/*
 * Reads all keys in KEYS_DIR below @root. No directory, or none in it, are no keys. One
 * key that is wrong or cannot be read is an error: without it none might be left, and
 * then no signature would be needed. False with the file in @ret_error.
 */
bool signed_manifest_read_keys(const char *root, struct signify_keys *ret,
			       struct signed_manifest_error *ret_error);
bool signed_manifest_read_keys_by(signed_manifest_path_fn path_of, const char *root,
				  struct signify_keys *ret,
				  struct signed_manifest_error *ret_error);

/* Reads the manifest @path, signed or not. Unless it is good, fills @ret_error. */
enum signed_manifest_result
signed_manifest_read_file(const char *path, struct signed_manifest *ret,
			  struct signed_manifest_error *ret_error);

/*
 * Verifies that the file @path is a signature of @manifest by one of @keys; if there are
 * none, only that it is a signature. False with the file in @ret_error.
 */
bool signed_manifest_check(const struct signify_keys *keys, const char *path,
			   const struct signed_manifest *manifest,
			   struct signed_manifest_error *ret_error);

/*
 * Reads the manifest of @source. If there are keys, verifies the signature beside it,
 * which is FILE.sig. @ret is filled too if only the signature is refused.
 */
enum signed_manifest_result
signed_manifest_read(const struct signed_manifest_source *source,
		     struct signed_manifest *ret,
		     struct signed_manifest_error *ret_error);
enum signed_manifest_result
signed_manifest_read_by(signed_manifest_path_fn path_of,
			const struct signed_manifest_source *source,
			struct signed_manifest *ret,
			struct signed_manifest_error *ret_error);

#endif
