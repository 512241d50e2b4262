/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Signs a manifest that bake writes: has the host's signify sign, checks the signature as
 * apply will, and puts it into its place. Knows no key's secret, and prints nothing.
 */
#ifndef MANIFEST_SIGN_H
#define MANIFEST_SIGN_H

#include <stdbool.h>

#include "common/input/signed_manifest.h"

/*
 * Signs the file @manifest with the secret key in the file @key. The signature stays
 * beside its place below @root, where manifest_sign_discard removes it. False, with
 * @ret_error filled, if that fails.
 */
bool manifest_sign(const char *root, const char *key, const char *manifest,
		   struct signed_manifest_error *ret_error);

/*
 * Checks the signature of @manifest that manifest_sign left below @root. If there are
 * keys below @keys_root, one of them must accept the signature. False, with @ret_error
 * filled, if that is not so.
 */
bool manifest_sign_check(const char *root, const char *keys_root, const char *manifest,
			 struct signed_manifest_error *ret_error);

/* Gives the signature its name. False, with @ret_error filled, if that fails. */
bool manifest_sign_commit(const char *root, struct signed_manifest_error *ret_error);

/* Removes what manifest_sign left, now or in a run that was cut short. */
void manifest_sign_discard(const char *root);

/*
 * Removes the signature below @root. *@ret_removed tells if there was one. False with its
 * place in @ret_error.
 */
bool manifest_sign_remove(const char *root, bool *ret_removed,
			  struct signed_manifest_error *ret_error);

#endif
