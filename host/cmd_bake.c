// SPDX-License-Identifier: GPL-2.0-or-later
/* The bake verb: the only writer of the tree that apply reads. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/file.h"
#include "common/input/manifest.h"
#include "common/input/signed_manifest.h"
#include "common/module/modinfo.h"
#include "common/module/module_name.h"
#include "common/paths.h"
#include "common/sha256.h"
#include "common/text.h"
#include "common/verbs.h"
#include "common/verdict.h"
#include "host/baked_tree.h"
#include "host/commands.h"
#include "host/manifest_sign.h"
#include "host/patch_select.h"
#include "host/subprocess.h"

#define RELEASES_MAX 64

static struct {
	const char *root;
	bool strip;
	const char *off;			/* why nothing of the store is baked, or NULL */
	char *const *files;
	const char *releases[RELEASES_MAX];
	size_t release_count;
	struct baked_tree tree;
	size_t release_start;			/* where the lines of this release begin */
	bool refused;				/* some patch is not baked */
	bool broken;				/* the tree cannot be written */
} bake;

static void say(const char *sentence)
{
	fprintf(stderr, "kpatch-early: bake: %s\n", sentence);
}

/* Says why @name is not baked. Always false. */
static bool refuse(const char *name, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool refuse(const char *name, const char *format, ...)
{
	char reason[PATH_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(reason, sizeof(reason), format, args);
	va_end(args);
	fprintf(stderr, "kpatch-early: bake: %s: %s; it is not baked\n", name, reason);
	bake.refused = true;
	return false;
}

/* The tree at @path cannot be written: bake ends, and the tree stays as it is. Always false. */
static bool give_up(const char *path, int err)
{
	fprintf(stderr, "kpatch-early: bake: %s: %s; the manifest is not written\n", path,
		strerror(abs(err)));
	bake.broken = true;
	return false;
}

/* The same for what the tree tells; @what_now is for a reason of its own. */
static bool give_up_tree(const struct baked_tree_error *error, int err, const char *what_now)
{
	const char *reason = error->line.reason ? error->line.reason : strerror(abs(err));

	if (error->is_unsigned)
		what_now = "the manifest is written, but not its signature";
	else if (!error->line.reason)
		what_now = "the manifest is not written";
	if (error->line.line)
		fprintf(stderr, "kpatch-early: bake: %s line %u: %s; %s\n", error->path, error->line.line,
			reason, what_now);
	else
		fprintf(stderr, "kpatch-early: bake: %s: %s; %s\n", error->path, reason, what_now);
	bake.broken = true;
	return false;
}

static bool is_asked_for(const char *release)
{
	for (size_t i = 0; i < bake.release_count; i++)
		if (!strcmp(bake.releases[i], release))
			return true;
	return false;
}

/* The copy at @fd is for @release, and its name is free. Fills @line->module. */
static bool check_module(int fd, const struct candidate *candidate, struct baked_tree_line *line)
{
	const char *release = candidate->entry.release;
	struct modinfo info;
	int err = modinfo_read(fd, &info);

	if (err)
		return refuse(candidate->source, "%s", verdict_errno_text(err));
	if (!info.livepatch)
		return refuse(candidate->source, "it is not a live patch (no livepatch=Y)");
	if (strcmp(info.release, release)) {
		/* Of several releases, another one's turn. */
		if (*bake.files && is_asked_for(info.release))
			return false;
		return refuse(candidate->source, "it is for kernel %s, not %s",
			      info.release[0] ? info.release : "(none)", release);
	}
	if (module_name_of_file(info.name[0] ? info.name : line->file, line->module,
			     sizeof(line->module)))
		return refuse(candidate->source, "its module name is too long");
	for (size_t i = bake.release_start; i < bake.tree.count; i++)
		if (!strcmp(bake.tree.lines[i].module, line->module) ||
		    manifest_same_module(bake.tree.lines[i].file, line->file))
			return refuse(candidate->source, "%s has the same module name, %s",
				      bake.tree.lines[i].file, bake.tree.lines[i].module);
	if (bake.tree.count - bake.release_start == PATCHES_MAX)
		return refuse(candidate->source, "%s has as many patches as the limit allows", release);
	return true;
}

/* A pin is the digest of the module as it was built: uncompressed, not stripped. */
static bool check_pin(int fd, const struct candidate *candidate)
{
	unsigned char digest[SHA256_BYTES];
	char hex[2 * SHA256_BYTES + 1];
	int err = sha256_file(fd, digest);

	if (err)
		return refuse(candidate->source, "%s", verdict_errno_text(err));
	if (!candidate->entry.pinned || !memcmp(digest, candidate->entry.sha256, SHA256_BYTES))
		return true;
	text_to_hex(digest, SHA256_BYTES, hex);
	return refuse(candidate->source, "its SHA-256 is %s, not the one pinned in a drop-in", hex);
}

static long long size_of(int fd)
{
	struct stat st;

	return fstat(fd, &st) ? 0 : (long long)st.st_size;
}

/* strip writes a new file, so @fd is opened anew. */
static bool strip_module(int *fd, const char *temporary, const struct candidate *candidate)
{
	int err;

	if (!bake.strip)
		return true;
	if (modinfo_is_signed(*fd)) {
		fprintf(stderr, "kpatch-early: bake: %s: signed, so it is not stripped\n",
			candidate->source);
		return true;
	}
	err = subprocess_strip(temporary);
	if (err)
		return refuse(candidate->source, err == -ENOENT ?
			      "strip (of binutils) is not installed" : "strip failed");
	file_close(fd);
	*fd = open(temporary, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (*fd < 0)
		return refuse(candidate->source, "%s", strerror(errno));
	fchmod(*fd, 0644);
	return true;
}

/* Makes @fd, a new file at @temporary, the checked copy of the candidate. */
static bool fill(int *fd, const char *temporary, const struct candidate *candidate,
		 struct baked_tree_line *line)
{
	CLOSE_FD source = open(candidate->source, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat st;
	long long before;
	int err;

	if (source < 0 || fstat(source, &st))
		return refuse(candidate->source, "%s", verdict_errno_text(errno));
	if (!S_ISREG(st.st_mode))
		return refuse(candidate->source, "it is not a regular file");
	err = subprocess_decompress(source, candidate->source, *fd);
	if (err == -ENOENT)
		return refuse(candidate->source, "the program to unpack it is not installed");
	if (err == -EBADMSG || err == -EFBIG)
		return refuse(candidate->source, "it cannot be read or unpacked: %s",
			      verdict_errno_text(err));
	if (err)
		return give_up(temporary, err);
	before = size_of(*fd);
	if (!check_module(*fd, candidate, line) || !check_pin(*fd, candidate) ||
	    !strip_module(fd, temporary, candidate))
		return false;
	err = sha256_file(*fd, line->entry.sha256);
	if (err)
		return refuse(candidate->source, "%s", verdict_errno_text(err));
	printf("baked %s for %s, %lld bytes", line->file, line->entry.release, size_of(*fd));
	if (bake.strip)
		printf(" (%lld bytes of debug sections saved)", before - size_of(*fd));
	putchar('\n');
	return true;
}

/*
 * Leaves the patch beside its place: nothing of the tree changes before all of it is ready.
 * It is filled under a third name, since only its content tells whether its own is free.
 */
static bool bake_candidate(const struct candidate *candidate)
{
	struct baked_tree_line *line;
	const char *reason = manifest_check_file_name(candidate->entry.file);
	char path[PATH_MAX], scratch[PATH_MAX], temporary[PATH_MAX];
	int err;

	if (reason)
		return refuse(candidate->source, "%s", reason);
	if (bake.tree.count == BAKED_TREE_LINES_MAX)
		return refuse(candidate->source, "the manifest is full");
	line = &bake.tree.lines[bake.tree.count];
	line->entry = candidate->entry;
	line->entry.file = NULL;
	memcpy(line->file, candidate->entry.file, strlen(candidate->entry.file) + 1);
	err = baked_tree_path(&bake.tree, line->entry.release, "scratch", path);
	if (!err)
		err = file_make_parents(path);
	CLOSE_FD fd = err ? err : file_create_beside(path, scratch);
	if (fd < 0)
		return give_up(path, fd);
	if (!fill(&fd, scratch, candidate, line)) {
		unlink(scratch);
		return false;
	}
	if (baked_tree_path(&bake.tree, line->entry.release, line->file, path) || file_temporary(path, temporary) ||
	    fsync(fd) || rename(scratch, temporary)) {
		err = errno;
		unlink(scratch);
		return give_up(path, err);
	}
	bake.tree.count++;
	return true;
}

/* What a drop-in requires was found, but may have been for another kernel than the line's. */
static void check_required(const struct candidates *candidates)
{
	for (size_t i = 0; i < candidates->count; i++) {
		const struct manifest_entry *entry = &candidates->list[i].entry;

		if (entry->required && !bake.refused && !baked_tree_has(&bake.tree, entry->release, entry->file))
			refuse(entry->file, "required for %s, but not among the files for it",
			       entry->release);
	}
}

/* Returns an exit status. */
static int bake_release(const char *release)
{
	static struct candidates candidates;
	int err;

	bake.release_start = bake.tree.count;
	if (bake.off) {
		printf("no patch for %s: %s\n", release, bake.off);
		return EXIT_OK;
	}
	err = patch_select(bake.root, release, bake.files, say, &candidates);
	if (!err && !*bake.files && candidates.count > PATCHES_MAX)
		err = -E2BIG;
	if (err) {
		fprintf(stderr, "kpatch-early: bake: %s: %s; the manifest is not written\n", release,
			err == -EINVAL ? "wrong drop-in" : err == -E2BIG ?
			"more patches than the limit" : verdict_errno_text(err));
		return EXIT_BAD_INPUT;
	}
	for (size_t i = 0; i < candidates.count && !bake.broken; i++)
		bake_candidate(&candidates.list[i]);
	if (bake.broken)
		return EXIT_NOT_APPLIED;
	if (bake.tree.count == bake.release_start)
		printf("no patch for %s\n", release);
	bake.refused |= candidates.required_missing;
	check_required(&candidates);
	return EXIT_OK;
}

static int bake_releases(void)
{
	for (size_t i = 0; i < bake.release_count; i++) {
		int ret = bake_release(bake.releases[i]);

		if (ret != EXIT_OK)
			return ret;
	}
	return EXIT_OK;
}

/*
 * Without --sign, a signature that is there is of the manifest before. Keys that lie there are asked
 * about at the boot, so what they will say is said now.
 */
static void leave_unsigned(void)
{
	static struct signify_keys keys;
	struct signed_manifest_error error;
	int err = manifest_sign_remove(bake.tree.output, &error);

	if (err > 0)
		fprintf(stderr, "kpatch-early: bake: %s" SIGNATURE_FILE ": removed, since it is not of "
			"the new manifest\n", bake.tree.output);
	if (err >= 0)
		err = signed_manifest_read_keys(bake.tree.keys_root, &keys, &error);
	if (err)
		fprintf(stderr, "kpatch-early: bake: %s: %s; the manifest is written\n", error.path,
			error.reason ? error.reason : verdict_errno_text(err));
	else if (keys.count)
		fprintf(stderr, "kpatch-early: bake: %s" KEYS_DIR " has keys, so apply refuses the "
			"manifest until it is signed\n", bake.tree.keys_root);
	bake.broken |= err < 0;
}

/* With the tree locked. Returns an exit status. */
static int bake_tree(void)
{
	struct baked_tree_error error = { 0 };
	int ret, err = baked_tree_keep(&bake.tree, bake.releases, bake.release_count, &error);

	if (err) {
		give_up_tree(&error, err, "remove it to begin anew");
		return EXIT_BAD_INPUT;
	}
	ret = bake_releases();
	if (ret == EXIT_OK) {
		err = baked_tree_commit(&bake.tree, &error);
		if (err)
			give_up_tree(&error, err, "the manifest is not written");
		else if (!bake.tree.sign_key)
			leave_unsigned();
	}
	for (size_t i = 0; i < bake.release_count; i++)
		baked_tree_clean(&bake.tree, bake.releases[i], ret == EXIT_OK && !err);
	if (ret != EXIT_OK)
		return ret;
	return bake.broken || bake.refused ? EXIT_NOT_APPLIED : EXIT_OK;
}

static int bake_all(void)
{
	struct baked_tree_error error = { 0 };
	CLOSE_FD lock = baked_tree_lock(&bake.tree, &error);
	int ret;

	if (lock < 0) {
		give_up_tree(&error, lock, "");
		return EXIT_NOT_APPLIED;
	}
	ret = bake_tree();
	return fflush(stdout) || ferror(stdout) ? EXIT_NOT_APPLIED : ret;
}

static void settings_notice(unsigned int line, const char *reason)
{
	fprintf(stderr, "kpatch-early: bake: " CONF_FILE " line %u: %s\n", line, reason);
}

/* Takes one -k. False, with a message, if it can't be a release or is there already. */
static bool add_release(const char *release)
{
	const char *reason = manifest_check_release(release);

	if (!reason && bake.release_count == RELEASES_MAX)
		reason = "too many kernel releases";
	if (reason) {
		fprintf(stderr, "kpatch-early: bake: -k %s: %s\n", release, reason);
		return false;
	}
	if (!is_asked_for(release))
		bake.releases[bake.release_count++] = release;
	return true;
}

/* Be it an empty one, or one that cannot be read. */
static bool has_keys_folder(const char *root)
{
	char path[PATH_MAX];
	struct stat st;

	return !file_path(path, root, KEYS_DIR) && !lstat(path, &st);
}

int bake_verb(int argc, char **argv)
{
	static const struct option options[] = {
		{ "kernel", required_argument, NULL, 'k' },
		{ "root", required_argument, NULL, 'r' },
		{ "output", required_argument, NULL, 'o' },
		{ "strip", no_argument, NULL, 's' },
		{ "sign", required_argument, NULL, 'S' },
		{ 0 },
	};
	int option;

	bake.root = "";
	while ((option = getopt_long(argc, argv, "k:", options, NULL)) != -1) {
		if (option == 'k' && !add_release(optarg))
			return verbs_bad_usage();
		if (option == 'r')
			bake.root = optarg;
		if (option == 'o')
			bake.tree.output = optarg;
		if (option == 's')
			bake.strip = true;
		if (option == 'S')
			bake.tree.sign_key = optarg;
		if (option == '?')
			return verbs_bad_usage();
	}
	if (!bake.release_count) {
		say("-k RELEASE is missing");
		return verbs_bad_usage();
	}
	if (*bake.root && access(bake.root, X_OK)) {
		fprintf(stderr, "kpatch-early: bake: --root %s: %s\n", bake.root, strerror(errno));
		return verbs_bad_usage();
	}
	bake.files = argv + optind;
	if (!bake.tree.output)
		bake.tree.output = bake.root;
	bake.tree.keys_root = has_keys_folder(bake.tree.output) ? bake.tree.output : bake.root;
	/* Files named by hand stand in for the store, which is what the administrator's no is about. */
	if (!*bake.files)
		bake.off = patch_select_off_reason(bake.root, settings_notice);
	if (bake.off)
		fprintf(stderr, "kpatch-early: bake: %s, so no patch is baked\n", bake.off);
	return bake_all();
}
