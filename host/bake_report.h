/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Says what bake does: what is baked on standard output, all else on standard error. Has
 * the words of bake.c, and decides nothing.
 */
#ifndef BAKE_REPORT_H
#define BAKE_REPORT_H

#include "common/input/signed_manifest.h"
#include "host/bake.h"
#include "host/bake_core.h"
#include "host/bake_patch.h"
#include "host/baked_tree.h"
#include "host/patch_select.h"

/*
 * What is wrong with the request: a release, no release, or the root, which errno is
 * about.
 */
void bake_report_wrong_release(const char *release, const char *reason);
void bake_report_no_release(void);
void bake_report_wrong_root(const char *root);

/*
 * What the settings and the drop-ins say: for the callbacks of settings.h and
 * patch_select.h.
 */
void bake_report_setting(unsigned int line, const char *reason);
void bake_report_drop_in(const char *sentence);

/* Nothing of the store is baked, for all releases. */
void bake_report_off(const char *off_reason);

/* @candidate is one of those that are not. */
void bake_report_left_out(const struct candidate *candidate, const char *off_reason);

/* Nothing is baked for @release, because of @off_reason if that is not NULL. */
void bake_report_no_patch(const char *release, const char *off_reason);

/* Nothing is baked at all, since patch_select failed for @release. */
void bake_report_selection(const char *release, enum patch_select_result result, int err);

/* What became of @candidate. */
void bake_report_outcome(const struct bake_request *request,
			 const struct candidate *candidate,
			 const struct bake_outcome *outcome);

/* The patches of a release were not checked, for @reason. */
void bake_report_not_checked(const char *reason);

/*
 * Of the @count patches that replace those before them, @last will be in force. If
 * @by_default, some may have been built otherwise.
 */
void bake_report_replacing(const struct manifest_entry *last, size_t count,
			   bool by_default);

/* What became of the core module that patches for @release need. */
void bake_report_core(const struct bake_request *request, const char *release,
		      enum bake_core_result result, const struct bake_core *core);

/* @entry is required, and was not baked. */
void bake_report_required(const struct manifest_entry *entry);

/* The same, and whether it @has_line in the manifest all the same, without a file. */
void bake_report_kept_line(const struct manifest_entry *entry, bool has_line);

/* What is wrong with the tree; @what_now follows if the error has a reason of its own. */
void bake_report_tree_error(const struct baked_tree_error *error, const char *what_now);

/*
 * The tree is written without a signature. An old signature below @output was removed;
 * trusted keys below @keys_root will ask for one; or these could not be found out.
 */
void bake_report_signature_removed(const char *output);
void bake_report_keys(const char *keys_root);
void bake_report_flag_file(const char *output, int err);
void bake_report_signature_error(const struct signed_manifest_error *error);

#endif
