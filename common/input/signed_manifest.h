/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether a manifest may be used: reads it, the trusted keys and its signature, each of which root alone
 * may write. Without a key all of root's may. Parses no manifest, logs nothing.
 */
#ifndef SIGNED_MANIFEST_H
#define SIGNED_MANIFEST_H

#include <stddef.h>
#include <sys/types.h>

#include "common/bounds.h"
#include "common/input/signify.h"

struct signify_keys {
	struct signify_key list[KEYS_MAX];
	size_t count;
};

/* The bytes that are verified are the bytes that are parsed: a manifest is read once, into this. */
struct signed_manifest {
	size_t len;
	char text[MANIFEST_BYTES_MAX + 1];	/* with a NUL at [len] */
};

/* What is wrong with the file @path: @reason, or if that is NULL, it cannot be read for @err. */
struct signed_manifest_error {
	char path[4096];
	int err;
	const char *reason;
};

/* Fills @ret. Returns @err, for the caller to pass on. */
int signed_manifest_fail(struct signed_manifest_error *ret, const char *path, int err, const char *reason);

/*
 * Reads all keys of KEYS_DIR below @root; no directory, or none in it, are no keys. One that is
 * wrong or cannot be read spoils all: without it none might be left, and nothing be asked for.
 * Returns 0 or -errno with its place in @ret_error.
 */
int signed_manifest_read_keys(const char *root, struct signify_keys *ret, struct signed_manifest_error *ret_error);

/*
 * Reads the manifest @path, signed or not. Returns 0; -ENOENT if there is none, which a link that leads
 * nowhere is not; or another -errno. @ret_error has the place of each.
 */
int signed_manifest_read_file(const char *path, struct signed_manifest *ret, struct signed_manifest_error *ret_error);

/*
 * Whether the file @path is a signature of @manifest by one of @keys; if there are none, whether it is
 * a signature at all.
 * Returns 0 or -errno with its place in @ret_error.
 */
int signed_manifest_check(const struct signify_keys *keys, const char *path,
		const struct signed_manifest *manifest, struct signed_manifest_error *ret_error);

/*
 * Reads the manifest @file, an absolute path, below @root, and if there are @keys, be they of that
 * root or another, checks the signature beside it, @file.sig.
 * Returns 0; -ENOENT if there is no manifest; -EKEYREJECTED if others may write it, or, with @ret
 * filled, its signature is missing or not good; or another -errno. @ret_error has the place of each.
 */
int signed_manifest_read(const char *root, const char *file, const struct signify_keys *keys,
			struct signed_manifest *ret, struct signed_manifest_error *ret_error);

#endif
