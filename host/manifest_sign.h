/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The signature of a manifest that bake writes: made by the host's signify, looked at as apply will,
 * and put into its place. Only bake signs.
 */
#ifndef MANIFEST_SIGN_H
#define MANIFEST_SIGN_H

#include "common/input/signed_manifest.h"

/*
 * Signs the file @manifest with the secret key in the file @key, and leaves the signature beside its
 * place below @root, where manifest_sign_discard removes it. Returns 0 or -errno with its place in @ret_error.
 */
int manifest_sign(const char *root, const char *key, const char *manifest,
		  struct signed_manifest_error *ret_error);

/*
 * Looks at what manifest_sign left below @root: that no key below @keys_root, if there are any, would let
 * it through is an error. Returns 0 or -errno with its place in @ret_error.
 */
int manifest_sign_check(const char *root, const char *keys_root, const char *manifest,
	       struct signed_manifest_error *ret_error);

/* Gives what manifest_sign left its name. Returns 0 or -errno with its place in @ret_error. */
int manifest_sign_commit(const char *root, struct signed_manifest_error *ret_error);

/* Removes what manifest_sign left, now or in a run that was cut short. */
void manifest_sign_discard(const char *root);

/*
 * Removes the signature below @root. Returns 1; 0 if there is none; or -errno with its place in
 * @ret_error.
 */
int manifest_sign_remove(const char *root, struct signed_manifest_error *ret_error);

#endif
