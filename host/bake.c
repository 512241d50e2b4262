// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/bake.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/file.h"
#include "common/input/manifest.h"
#include "common/input/signed_manifest.h"
#include "common/paths.h"
#include "common/verbs.h"
#include "host/bake_core.h"
#include "host/bake_patch.h"
#include "host/bake_report.h"
#include "host/baked_tree.h"
#include "host/check/gate.h"
#include "host/manifest_sign.h"
#include "host/patch_select.h"
#include "host/root_path.h"

/* How far bake came, from best to worst. */
enum bake_state {
	BAKE_STATE_COMPLETE,
	BAKE_STATE_INCOMPLETE,	/* a patch is not baked */
	BAKE_STATE_NOT_WRITTEN,	/* the tree, or a part of it */
};

/* The patches of one release that replace those before them. */
struct bake_replacing {
	size_t count;
	bool by_default;		/* one of them is KLP_REPLACE_BY_DEFAULT */
	const struct manifest_entry *last;
};

struct bake_context {
	const struct bake_request *request;
	const char *off_reason;		/* why nothing of the store is baked, or NULL */
	struct baked_tree tree;
	struct candidates *candidates;
	enum check_mode check;
	struct bake_replacing replacing;
	bool needs_core;		/* a patch of the release that is baked does */
	enum bake_state state;
};

void bake_request_add_release(struct bake_request *request, const char *release)
{
	size_t count = request->release_count;

	if (count < BAKE_RELEASES_MAX && bake_request_has_release(request, release))
		return;
	if (count <= BAKE_RELEASES_MAX)
		request->releases[request->release_count++] = release;
}

bool bake_request_has_release(const struct bake_request *request, const char *release)
{
	for (size_t i = 0; i < request->release_count; i++)
		if (!strcmp(request->releases[i], release))
			return true;
	return false;
}

bool bake_request_check_releases(const struct bake_request *request)
{
	for (size_t i = 0; i < request->release_count; i++) {
		const char *reason = manifest_check_release(request->releases[i]);

		if (!reason && i == BAKE_RELEASES_MAX)
			reason = "too many kernel releases";
		if (!reason)
			continue;
		bake_report_wrong_release(request->releases[i], reason);
		return false;
	}
	return true;
}

static bool check_request(const struct bake_request *request)
{
	if (!bake_request_check_releases(request))
		return false;
	if (!request->release_count) {
		bake_report_no_release();
		return false;
	}
	if (*request->root && access(request->root, X_OK)) {
		bake_report_wrong_root(request->root);
		return false;
	}
	return true;
}

static void worsen(struct bake_context *bake, enum bake_state state)
{
	if (bake->state < state)
		bake->state = state;
}

static enum bake_state state_after(const struct bake_outcome *outcome)
{
	if (outcome->refusal == BAKE_REFUSAL_TREE_NOT_WRITTEN)
		return BAKE_STATE_NOT_WRITTEN;
	if (outcome->refusal == BAKE_REFUSAL_LATER_RELEASE)
		return BAKE_STATE_COMPLETE;
	return BAKE_STATE_INCOMPLETE;
}

static void count_replacing(struct bake_replacing *replacing,
			    const struct manifest_entry *entry, enum klp_replace replace)
{
	if (replace == KLP_REPLACE_UNKNOWN)
		return;
	replacing->count++;
	replacing->by_default |= replace == KLP_REPLACE_BY_DEFAULT;
	replacing->last = entry;
}

/* Only the alphabet put the last of them behind the others, if no drop-in did. */
static void tell_of_replacing(const struct bake_replacing *replacing)
{
	if (replacing->count > 1 && !replacing->last->line)
		bake_report_replacing(replacing->last, replacing->count,
				      replacing->by_default);
}

static void add_candidates(struct bake_context *bake, struct gate *gate)
{
	const struct bake_place place = { bake->request, &bake->tree, gate };
	struct bake_outcome outcome;

	for (size_t i = 0; i < bake->candidates->count; i++) {
		const struct candidate *candidate = &bake->candidates->list[i];

		if (bake_patch_add(&place, candidate, &outcome)) {
			count_replacing(&bake->replacing, &candidate->entry,
					outcome.replace);
			bake->needs_core |= outcome.needs_core;
		} else {
			worsen(bake, state_after(&outcome));
		}
		bake_report_outcome(bake->request, candidate, &outcome);
		if (bake->state == BAKE_STATE_NOT_WRITTEN)
			return;
	}
}

static void bake_candidates(struct bake_context *bake, const char *release)
{
	struct gate gate;

	gate_open(&gate, &(struct gate_query){ bake->check, bake->request->root, release,
					       bake->request->output });
	add_candidates(bake, &gate);
	if (*gate.not_checked)
		bake_report_not_checked(gate.not_checked);
	gate_close(&gate);
}

/* What an initramfs has besides is not known here, so a missing one is only told. */
static void bring_core(struct bake_context *bake, const char *release)
{
	struct bake_core core;
	enum bake_core_result result = bake_core_add(bake->request, release, &core);

	bake_report_core(bake->request, release, result, &core);
	if (result == BAKE_CORE_REFUSED)
		worsen(bake, BAKE_STATE_INCOMPLETE);
	if (result == BAKE_CORE_NOT_WRITTEN)
		worsen(bake, BAKE_STATE_NOT_WRITTEN);
}

/* A required patch that is not baked keeps its line, so that a boot misses it. */
static void keep_required(struct bake_context *bake, const struct manifest_entry *entry)
{
	worsen(bake, BAKE_STATE_INCOMPLETE);
	bake_report_kept_line(entry, bake_patch_add_required(&bake->tree, entry));
}

/* A patch that a drop-in requires may be refused, for another kernel, or not there. */
static void check_required(struct bake_context *bake)
{
	const struct candidates *candidates = bake->candidates;

	for (size_t i = 0; i < candidates->count; i++) {
		const struct manifest_entry *entry = &candidates->list[i].entry;

		if (!entry->required || bake_patch_has_line(&bake->tree, entry))
			continue;
		if (bake->state == BAKE_STATE_COMPLETE)
			bake_report_required(entry);
		keep_required(bake, entry);
	}
	for (size_t i = 0; i < candidates->missing_count; i++)
		if (!bake_patch_has_line(&bake->tree, &candidates->missing[i]))
			keep_required(bake, &candidates->missing[i]);
}

static enum patch_select_result select_candidates(const struct bake_context *bake,
						  const char *release)
{
	const struct bake_request *request = bake->request;
	const struct patch_query query = {
		.root = request->root, .release = release, .files = request->files,
		.notice = bake_report_drop_in,
	};
	enum patch_select_result result = patch_select(&query, bake->candidates);

	/* More FILEs are no error, as they may be for several releases. */
	if (!result && !*request->files && bake->candidates->count > PATCHES_MAX)
		return PATCH_SELECT_OVER_LIMIT;
	return result;
}

/* Says which patches of the store settings or kpatch.service leave out. */
static void tell_left_out(const struct bake_context *bake, const char *release)
{
	const struct candidates *candidates = bake->candidates;
	const struct patch_query query = {
		.root = bake->request->root, .release = release,
		.files = bake->request->files,
	};

	if (patch_select(&query, bake->candidates))
		return;
	for (size_t i = 0; i < candidates->count; i++)
		bake_report_left_out(&candidates->list[i], bake->off_reason);
}

/* Returns an exit status. */
static int bake_release(struct bake_context *bake, const char *release)
{
	struct baked_tree *tree = &bake->tree;
	enum patch_select_result result;

	tree->release_start = tree->count;
	bake->replacing = (struct bake_replacing){ 0 };
	bake->needs_core = false;
	if (bake->off_reason) {
		tell_left_out(bake, release);
		bake_report_no_patch(release, bake->off_reason);
		return EXIT_OK;
	}
	result = select_candidates(bake, release);
	if (result) {
		bake_report_selection(release, result, bake->candidates->err);
		return EXIT_BAD_INPUT;
	}
	bake_candidates(bake, release);
	if (bake->needs_core && bake->state != BAKE_STATE_NOT_WRITTEN)
		bring_core(bake, release);
	if (bake->state == BAKE_STATE_NOT_WRITTEN)
		return EXIT_NOT_APPLIED;
	if (tree->count == tree->release_start)
		bake_report_no_patch(release, NULL);
	tell_of_replacing(&bake->replacing);
	if (bake->candidates->required_missing)
		worsen(bake, BAKE_STATE_INCOMPLETE);
	check_required(bake);
	return EXIT_OK;
}

static int bake_releases(struct bake_context *bake)
{
	const struct bake_request *request = bake->request;
	int ret = EXIT_OK;

	for (size_t i = 0; i < request->release_count && ret == EXIT_OK; i++)
		ret = bake_release(bake, request->releases[i]);
	return ret;
}

/*
 * Without --sign, a signature that is there is of the manifest before. Keys that are
 * there are asked at the boot, so what will happen then is said now.
 */
static void leave_unsigned(struct bake_context *bake)
{
	struct signed_manifest_error error;
	struct signify_keys keys;
	bool removed = false;
	bool ok = manifest_sign_remove(bake->tree.output, &removed, &error);

	if (removed)
		bake_report_signature_removed(bake->tree.output);
	if (!ok || !signed_manifest_read_keys_by(root_path, bake->tree.keys_root, &keys,
						 &error)) {
		bake_report_signature_error(&error);
		worsen(bake, BAKE_STATE_NOT_WRITTEN);
	} else if (keys.count) {
		bake_report_keys(bake->tree.keys_root);
	}
}

/* The image is to know whether the boot guard had a record. Returns 0 or -errno. */
static int carry_flag_file(const struct bake_request *request)
{
	char to[PATH_MAX];

	if (!request->output || root_path_of_name(to, request->output, GUARDED_FILE))
		return 0;
	if (root_has(request->root, GUARDED_FILE))
		return file_put(to, O_CREAT, GUARDED_TEXT);
	return unlink(to) && errno != ENOENT && errno != ENOTDIR ? -errno : 0;
}

/* Returns whether the new tree is in its place. */
static bool commit_tree(struct bake_context *bake)
{
	struct baked_tree_error error = { 0 };
	int err;

	if (!baked_tree_commit(&bake->tree, &error)) {
		bake_report_tree_error(&error, "the manifest is not written");
		worsen(bake, BAKE_STATE_NOT_WRITTEN);
		return false;
	}
	if (!bake->tree.sign_key)
		leave_unsigned(bake);
	err = carry_flag_file(bake->request);
	if (err) {
		bake_report_flag_file(bake->request->output, err);
		worsen(bake, BAKE_STATE_NOT_WRITTEN);
	}
	return true;
}

/* With the tree locked. Returns an exit status. */
static int bake_tree(struct bake_context *bake)
{
	const struct bake_request *request = bake->request;
	struct baked_tree_error error = { 0 };
	bool committed;
	int ret;

	if (!baked_tree_keep(&bake->tree, request->releases, request->release_count,
			     &error)) {
		bake_report_tree_error(&error, "remove it to begin anew");
		return EXIT_BAD_INPUT;
	}
	ret = bake_releases(bake);
	committed = ret == EXIT_OK && commit_tree(bake);
	for (size_t i = 0; i < request->release_count; i++)
		baked_tree_clean(&bake->tree, request->releases[i], committed);
	if (ret != EXIT_OK)
		return ret;
	return bake->state == BAKE_STATE_COMPLETE ? EXIT_OK : EXIT_NOT_APPLIED;
}

static int lock_and_bake(struct bake_context *bake)
{
	struct baked_tree_error error = { 0 };
	CLOSE_FD lock = baked_tree_lock(&bake->tree, &error);
	int ret;

	if (lock < 0) {
		bake_report_tree_error(&error, "");
		return EXIT_NOT_APPLIED;
	}
	ret = bake_tree(bake);
	return fflush(stdout) || ferror(stdout) ? EXIT_NOT_APPLIED : ret;
}

/* Whether the directory is there, be it empty, or one that cannot be read. */
static bool has_keys_directory(const char *root)
{
	char path[PATH_MAX];
	struct stat st;

	return !root_path_of_name(path, root, KEYS_DIR) && !lstat(path, &st);
}

int bake_run(const struct bake_request *request)
{
	static struct baked_tree_line lines[BAKED_TREE_LINES_MAX];
	static struct signed_manifest old;
	static struct candidates candidates;
	const char *output = request->output ? request->output : request->root;
	struct bake_context bake = {
		.request = request, .candidates = &candidates,
		.tree = {
			.output = output, .sign_key = request->sign_key,
			.old = &old, .lines = lines,
		},
	};

	if (!check_request(request))
		return verbs_bad_usage();
	bake.check = gate_mode(request->root, request->no_check);
	bake.tree.keys_root = has_keys_directory(output) ? output : request->root;
	/* The settings are about the store, and named FILEs are not of the store. */
	if (!*request->files)
		bake.off_reason = patch_select_off_reason(request->root,
							  bake_report_setting);
	if (bake.off_reason)
		bake_report_off(bake.off_reason);
	if (bake.off_reason == patch_select_settings_unreadable)
		return EXIT_BAD_INPUT;
	return lock_and_bake(&bake);
}
