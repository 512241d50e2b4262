// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/bake.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/file.h"
#include "common/input/manifest.h"
#include "common/input/signed_manifest.h"
#include "common/paths.h"
#include "common/verbs.h"
#include "common/verdict.h"
#include "host/bake_patch.h"
#include "host/baked_tree.h"
#include "host/manifest_sign.h"
#include "host/patch_select.h"
#include "host/sentence.h"

/* How far it came, from best to worst. */
enum bake_state {
	BAKE_ALL,
	BAKE_SOME,		/* a patch is not baked */
	BAKE_NOT_WRITTEN,	/* the tree, or a part of it */
};

struct bake_context {
	const struct bake_request *request;
	const char *off_reason;		/* why nothing of the store is baked, or NULL */
	struct baked_tree tree;
	struct candidates *candidates;
	enum bake_state state;
};

/* %0: reason. %1: other. %2: the release that is baked for. */
static const char *const refusal_sentences[] = {
	[BAKE_ACCEPTED] = "",
	[BAKE_LATER_RELEASE] = "",
	[BAKE_TREE_NOT_WRITTEN] = "",
	[BAKE_WRONG_FILE] = "%0",
	[BAKE_NOT_REGULAR] = "it is not a regular file",
	[BAKE_NO_DECOMPRESSOR] = "the program to unpack it is not installed",
	[BAKE_NOT_UNPACKED] = "it cannot be read or unpacked: %0",
	[BAKE_NO_LIVE_PATCH] = "it is not a live patch (no livepatch=Y)",
	[BAKE_OTHER_RELEASE] = "it is for kernel %1, not %2",
	[BAKE_NAME_TOO_LONG] = "its module name is too long",
	[BAKE_NAME_TAKEN] = "%1 has the same module name, %0",
	[BAKE_RELEASE_FULL] = "%2 has as many patches as the limit allows",
	[BAKE_MANIFEST_FULL] = "the manifest is full",
	[BAKE_OTHER_DIGEST] = "its SHA-256 is %1, not the one pinned in a drop-in",
	[BAKE_NO_STRIP] = "strip (of binutils) is not installed",
	[BAKE_STRIP_FAILED] = "strip failed",
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
		fprintf(stderr, "kpatch-early: bake: -k %s: %s\n", request->releases[i],
			reason);
		return false;
	}
	return true;
}

static bool check_request(const struct bake_request *request)
{
	if (!bake_request_check_releases(request))
		return false;
	if (!request->release_count) {
		fputs("kpatch-early: bake: -k RELEASE is missing\n", stderr);
		return false;
	}
	if (*request->root && access(request->root, X_OK)) {
		fprintf(stderr, "kpatch-early: bake: --root %s: %s\n", request->root,
			strerror(errno));
		return false;
	}
	return true;
}

static void worsen(struct bake_context *bake, enum bake_state state)
{
	if (bake->state < state)
		bake->state = state;
}

static void say_notice(const char *sentence)
{
	fprintf(stderr, "kpatch-early: bake: %s\n", sentence);
}

static void say_wrong_setting(unsigned int line, const char *reason)
{
	fprintf(stderr, "kpatch-early: bake: " CONF_FILE " line %u: %s\n", line, reason);
}

static void say_not_baked(const char *name, const char *reason)
{
	fprintf(stderr, "kpatch-early: bake: %s: %s; it is not baked\n", name, reason);
}

/* @what_now counts if the error has a reason of its own. */
static void say_tree_error(const struct baked_tree_error *error, int err,
			   const char *what_now)
{
	const char *reason = error->line.reason;

	if (error->is_unsigned)
		what_now = "the manifest is written, but not its signature";
	else if (!reason)
		what_now = "the manifest is not written";
	if (!reason)
		reason = strerror(abs(err));
	if (error->line.line)
		fprintf(stderr, "kpatch-early: bake: %s line %u: %s; %s\n", error->path,
			error->line.line, reason, what_now);
	else
		fprintf(stderr, "kpatch-early: bake: %s: %s; %s\n", error->path, reason,
			what_now);
}

static void say_baked(const struct bake_request *request,
		      const struct candidate *candidate,
		      const struct bake_outcome *outcome)
{
	printf("baked %s for %s, %lld bytes", candidate->entry.file,
	       candidate->entry.release, outcome->bytes);
	if (request->strip)
		printf(" (%lld bytes of debug sections saved)", outcome->bytes_saved);
	putchar('\n');
}

static void say_refusal(const struct candidate *candidate,
			const struct bake_outcome *outcome)
{
	const char *const words[] = {
		outcome->reason, outcome->other, candidate->entry.release
	};
	char reason[PATH_MAX];

	if (outcome->refusal == BAKE_TREE_NOT_WRITTEN) {
		fprintf(stderr, "kpatch-early: bake: %s: %s; the manifest is not "
			"written\n", outcome->path, strerror(abs(outcome->err)));
		return;
	}
	sentence_fill(refusal_sentences[outcome->refusal], words, reason, sizeof(reason));
	say_not_baked(candidate->source, reason);
}

static void bake_candidate(struct bake_context *bake, const struct candidate *candidate)
{
	struct bake_outcome outcome;
	bool added = bake_patch_add(bake->request, &bake->tree, candidate, &outcome);

	if (outcome.is_signed)
		fprintf(stderr, "kpatch-early: bake: %s: signed, so it is not stripped\n",
			candidate->source);
	if (outcome.bytes >= 0)
		say_baked(bake->request, candidate, &outcome);
	if (added || outcome.refusal == BAKE_LATER_RELEASE)
		return;
	say_refusal(candidate, &outcome);
	worsen(bake, outcome.refusal == BAKE_TREE_NOT_WRITTEN ?
		     BAKE_NOT_WRITTEN : BAKE_SOME);
}

/* A patch that a drop-in requires was found, but may be for another kernel. */
static void check_required(struct bake_context *bake)
{
	char reason[RELEASE_MAX + 64];

	for (size_t i = 0; i < bake->candidates->count; i++) {
		const struct manifest_entry *entry = &bake->candidates->list[i].entry;

		if (!entry->required || bake->state != BAKE_ALL ||
		    baked_tree_has(&bake->tree, entry->release, entry->file))
			continue;
		snprintf(reason, sizeof(reason),
			 "required for %s, but not among the files for it",
			 entry->release);
		say_not_baked(entry->file, reason);
		worsen(bake, BAKE_SOME);
	}
}

static enum patch_select_result select_candidates(const struct bake_context *bake,
						  const char *release)
{
	const struct bake_request *request = bake->request;
	const struct patch_query query = {
		.root = request->root, .release = release, .files = request->files,
		.notice = say_notice,
	};
	enum patch_select_result result = patch_select(&query, bake->candidates);

	/* More FILEs are no error, as they may be for several releases. */
	if (!result && !*request->files && bake->candidates->count > PATCHES_MAX)
		return PATCH_SELECT_OVER_LIMIT;
	return result;
}

static const char *select_error_text(enum patch_select_result result, int err)
{
	switch (result) {
	case PATCH_SELECT_WRONG_DROP_IN:
		return "wrong drop-in";
	case PATCH_SELECT_OVER_LIMIT:
		return "more patches than the limit";
	case PATCH_SELECT_OK:
	case PATCH_SELECT_UNREADABLE:
		break;
	}
	return verdict_errno_text(err);
}

static void bake_candidates(struct bake_context *bake)
{
	for (size_t i = 0; i < bake->candidates->count; i++) {
		if (bake->state == BAKE_NOT_WRITTEN)
			return;
		bake_candidate(bake, &bake->candidates->list[i]);
	}
}

/* Returns an exit status. */
static int bake_release(struct bake_context *bake, const char *release)
{
	struct baked_tree *tree = &bake->tree;
	enum patch_select_result result;

	tree->release_start = tree->count;
	if (bake->off_reason) {
		printf("no patch for %s: %s\n", release, bake->off_reason);
		return EXIT_OK;
	}
	result = select_candidates(bake, release);
	if (result) {
		fprintf(stderr, "kpatch-early: bake: %s: %s; the manifest is not "
			"written\n", release,
			select_error_text(result, bake->candidates->err));
		return EXIT_BAD_INPUT;
	}
	bake_candidates(bake);
	if (bake->state == BAKE_NOT_WRITTEN)
		return EXIT_NOT_APPLIED;
	if (tree->count == tree->release_start)
		printf("no patch for %s\n", release);
	if (bake->candidates->required_missing)
		worsen(bake, BAKE_SOME);
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
 * Without --sign, a signature that is there is of the manifest before. Keys that lie
 * there are asked about at the boot, so what they will say is said now.
 */
static void leave_unsigned(struct bake_context *bake)
{
	struct signed_manifest_error error;
	struct signify_keys keys;
	int err = manifest_sign_remove(bake->tree.output, &error);

	if (err > 0)
		fprintf(stderr, "kpatch-early: bake: %s" SIGNATURE_FILE ": removed, "
			"since it is not of the new manifest\n", bake->tree.output);
	if (err >= 0)
		err = signed_manifest_read_keys(bake->tree.keys_root, &keys, &error);
	if (err)
		fprintf(stderr, "kpatch-early: bake: %s: %s; the manifest is written\n",
			error.path,
			error.reason ? error.reason : verdict_errno_text(err));
	else if (keys.count)
		fprintf(stderr, "kpatch-early: bake: %s" KEYS_DIR " has keys, so apply "
			"refuses the manifest until it is signed\n",
			bake->tree.keys_root);
	if (err < 0)
		worsen(bake, BAKE_NOT_WRITTEN);
}

/* Returns whether the new tree is in its place. */
static bool commit_tree(struct bake_context *bake)
{
	struct baked_tree_error error = { 0 };
	int err = baked_tree_commit(&bake->tree, &error);

	if (err) {
		say_tree_error(&error, err, "the manifest is not written");
		worsen(bake, BAKE_NOT_WRITTEN);
		return false;
	}
	if (!bake->tree.sign_key)
		leave_unsigned(bake);
	return true;
}

/* With the tree locked. Returns an exit status. */
static int bake_tree(struct bake_context *bake)
{
	const struct bake_request *request = bake->request;
	struct baked_tree_error error = { 0 };
	int ret, err = baked_tree_keep(&bake->tree, request->releases,
				       request->release_count, &error);
	bool committed;

	if (err) {
		say_tree_error(&error, err, "remove it to begin anew");
		return EXIT_BAD_INPUT;
	}
	ret = bake_releases(bake);
	committed = ret == EXIT_OK && commit_tree(bake);
	for (size_t i = 0; i < request->release_count; i++)
		baked_tree_clean(&bake->tree, request->releases[i], committed);
	if (ret != EXIT_OK)
		return ret;
	return bake->state == BAKE_ALL ? EXIT_OK : EXIT_NOT_APPLIED;
}

static int lock_and_bake(struct bake_context *bake)
{
	struct baked_tree_error error = { 0 };
	CLOSE_FD lock = baked_tree_lock(&bake->tree, &error);
	int ret;

	if (lock < 0) {
		say_tree_error(&error, lock, "");
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

	return !file_path(path, root, KEYS_DIR) && !lstat(path, &st);
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
	bake.tree.keys_root = has_keys_directory(output) ? output : request->root;
	/* The settings are about the store, and named FILEs are not of the store. */
	if (!*request->files)
		bake.off_reason = patch_select_off_reason(request->root,
							  say_wrong_setting);
	if (bake.off_reason)
		fprintf(stderr, "kpatch-early: bake: %s, so no patch is baked\n",
			bake.off_reason);
	return lock_and_bake(&bake);
}
