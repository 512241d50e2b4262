// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/baked_tree.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/dir_list.h"
#include "common/file.h"
#include "common/paths.h"
#include "common/text.h"
#include "host/manifest_sign.h"
#include "host/root_path.h"

#define HEADING "# Written by kpatch-early bake: kernel release, module, options.\n"

struct kept_lines {
	struct baked_tree *tree;
	const char *const *releases;	/* whose lines are not kept */
	size_t count;
};

/* These three are always false. */
static bool tree_fail(struct baked_tree_error *ret, const char *path, int err)
{
	snprintf(ret->path, sizeof(ret->path), "%s", path);
	ret->line.reason = NULL;
	ret->err = err;
	return false;
}

static bool tree_fail_in_line(struct baked_tree_error *ret, const char *path,
			      const struct manifest_error *line)
{
	tree_fail(ret, path, 0);
	ret->line = *line;
	return false;
}

static bool tree_fail_as_signed(struct baked_tree_error *ret,
				const struct signed_manifest_error *error)
{
	const struct manifest_error whole = { 0, ret->reason };

	strcpy(ret->reason, error->reason);
	return *error->reason ? tree_fail_in_line(ret, error->path, &whole) :
				tree_fail(ret, error->path, error->err);
}

int baked_tree_lock(const struct baked_tree *tree, struct baked_tree_error *ret_error)
{
	char path[PATH_MAX];
	int fd = root_path_of_name(path, tree->output, MANIFEST_FILE);

	if (!fd)
		fd = file_make_parents(path);
	if (!fd) {
		/* What fails from here on is about the directory. */
		fd = file_lock_directory(path);
		*strrchr(path, '/') = '\0';
	}
	if (fd < 0)
		tree_fail(ret_error, path, fd);
	return fd;
}

void baked_tree_set_line(struct baked_tree_line *line,
			 const struct manifest_entry *entry)
{
	line->entry = *entry;
	line->entry.file = line->entry.fixes = NULL;
	line->is_absent = false;
	line->module[0] = '\0';
	strcpy(line->file, entry->file);
	strcpy(line->fixes, entry->fixes ? entry->fixes : "");
}

/* False if there is no room for it. */
static bool keep_line(const struct manifest_entry *entry, void *data)
{
	struct kept_lines *kept = data;
	struct baked_tree *tree = kept->tree;

	for (size_t i = 0; i < kept->count; i++)
		if (!strcmp(kept->releases[i], entry->release))
			return true;
	if (tree->count == BAKED_TREE_LINES_MAX)
		return false;
	baked_tree_set_line(&tree->lines[tree->count], entry);
	tree->kept = ++tree->count;
	return true;
}

static bool parse_old_manifest(struct kept_lines *kept, const char *path,
			       struct baked_tree_error *ret_error)
{
	static const struct manifest_error too_many = {
		0, "it has more lines than bake can keep"
	};
	struct signed_manifest *old = kept->tree->old;
	const struct manifest_reader reader = { MANIFEST_BAKED, keep_line, kept };
	struct manifest_error error;

	switch (manifest_parse(old->text, old->len, &reader, &error)) {
	case MANIFEST_WRONG_LINE:
		return tree_fail_in_line(ret_error, path, &error);
	case MANIFEST_STOPPED:
		return tree_fail_in_line(ret_error, path, &too_many);
	case MANIFEST_OK:
		break;
	}
	return true;
}

bool baked_tree_keep(struct baked_tree *tree, const char *const *releases, size_t count,
		     struct baked_tree_error *ret_error)
{
	static const struct manifest_error not_signed = {
		0, "its lines of other releases would be signed, and it has no good "
		   "signature"
	};
	struct kept_lines kept = { .tree = tree, .releases = releases, .count = count };
	struct signed_manifest_error signed_error;
	enum signed_manifest_result result;
	struct signify_keys keys;
	char path[PATH_MAX];
	int err = file_path(path, tree->output, MANIFEST_FILE);

	if (err)
		return tree_fail(ret_error, tree->output, err);
	keys.count = 0;
	/* A wrong key is reported when the new manifest is signed. */
	if (tree->sign_key)
		signed_manifest_read_keys_by(root_path, tree->keys_root, &keys,
					     &signed_error);
	tree->old->len = sizeof(tree->old->text);	/* stays so if nothing is read */
	result = signed_manifest_read_by(root_path, &(struct signed_manifest_source){
		tree->output, MANIFEST_FILE, &keys }, tree->old, &signed_error);
	if (result == SIGNED_MANIFEST_NONE)
		return true;
	if (tree->old->len == sizeof(tree->old->text))
		return tree_fail_as_signed(ret_error, &signed_error);
	if (!parse_old_manifest(&kept, path, ret_error))
		return false;
	if (result == SIGNED_MANIFEST_GOOD || !tree->kept)
		return true;
	return tree_fail_in_line(ret_error, path, &not_signed);
}

/* Whether @file is one of the patches that the tree has for @release. */
static bool is_in_tree(const struct baked_tree *tree, const char *release,
		       const char *file)
{
	for (size_t i = 0; i < tree->count; i++)
		if (!strcmp(tree->lines[i].entry.release, release) &&
		    !strcmp(tree->lines[i].file, file))
			return !tree->lines[i].is_absent;
	return false;
}

int baked_tree_path(const struct baked_tree *tree, const char *release, const char *file,
		    char *ret)
{
	return root_path_of_name(ret, tree->output, PATCHES_DIR "/%s/%s", release, file);
}

static const char *word_if(bool condition, const char *word)
{
	return condition ? word : "";
}

static bool print_manifest_line(int fd, const struct baked_tree_line *line)
{
	const struct manifest_entry *entry = &line->entry;
	char digest[2 * SHA256_BYTES + 1], build_id[2 * BUILD_ID_BYTES_MAX + 1];

	text_to_hex(entry->sha256, SHA256_BYTES, digest);
	text_to_hex(entry->build_id, entry->build_id_len, build_id);
	return dprintf(fd, "%s %s sha256=%s%s%s%s%s%s%s\n", entry->release, line->file,
		       digest, word_if(entry->build_id_len, " buildid="), build_id,
		       word_if(entry->required, " required"),
		       word_if(entry->disabled, " disabled"),
		       word_if(*line->fixes, " fixes="), line->fixes) > 0;
}

/* The first release behind @after in the order of their bytes, or NULL. */
static const char *next_release(const struct baked_tree *tree, const char *after)
{
	const char *next = NULL;

	for (size_t i = 0; i < tree->count; i++) {
		const char *release = tree->lines[i].entry.release;

		if (strcmp(release, after) > 0 && (!next || strcmp(release, next) < 0))
			next = release;
	}
	return next;
}

static bool print_lines_of(const struct baked_tree *tree, const char *release, int fd)
{
	for (size_t i = 0; i < tree->count; i++)
		if (!strcmp(tree->lines[i].entry.release, release) &&
		    !print_manifest_line(fd, &tree->lines[i]))
			return false;
	return true;
}

/*
 * The releases are sorted, so that the order of the options changes no byte. False, with
 * errno set, if writing fails.
 */
static bool print_manifest(const struct baked_tree *tree, int fd)
{
	bool ok = dprintf(fd, HEADING) > 0;

	for (const char *release = next_release(tree, ""); ok && release;
	     release = next_release(tree, release))
		ok = print_lines_of(tree, release, fd);
	return ok;
}

static bool count_line(const struct manifest_entry *entry, void *count)
{
	(void)entry;
	++*(size_t *)count;
	return true;
}

static bool check_new_manifest(const struct baked_tree *tree, const char *path,
			       struct baked_tree_error *ret_error)
{
	static char text[MANIFEST_BYTES_MAX + 1];
	struct manifest_error error = { 0, "a line is lost" };
	size_t count = 0;
	ssize_t len = file_read(path, text, sizeof(text));

	if (len < 0)
		return tree_fail(ret_error, path, (int)len);
	if (manifest_parse(text, (size_t)len, &(struct manifest_reader){
			   MANIFEST_BAKED, count_line, &count }, &error) ||
	    count != tree->count)
		return tree_fail_in_line(ret_error, path, &error);
	return true;
}

static bool commit_patch(const struct baked_tree *tree,
			 const struct baked_tree_line *line,
			 struct baked_tree_error *ret_error)
{
	char path[PATH_MAX], temporary[PATH_MAX];
	int err = baked_tree_path(tree, line->entry.release, line->file, path);

	if (!err)
		err = file_temporary(path, temporary);
	if (!err && rename(temporary, path))
		err = -errno;
	if (err)
		return tree_fail(ret_error, path, err);
	file_sync_directory(path);
	return true;
}

static bool sign_new_manifest(const struct baked_tree *tree, const char *manifest,
			      struct baked_tree_error *ret_error)
{
	struct signed_manifest_error error;

	if (manifest_sign(tree->output, tree->sign_key, manifest, &error) &&
	    manifest_sign_check(tree->output, tree->keys_root, manifest, &error))
		return true;
	return tree_fail_as_signed(ret_error, &error);
}

/* Whatever can be refused is refused here, before the first patch changes the tree. */
static bool write_new_manifest(const struct baked_tree *tree, int fd,
			       const char *temporary, struct baked_tree_error *ret_error)
{
	if (!print_manifest(tree, fd))
		return tree_fail(ret_error, temporary, -errno);
	if (!check_new_manifest(tree, temporary, ret_error))
		return false;
	return !tree->sign_key || sign_new_manifest(tree, temporary, ret_error);
}

static bool commit_patches(const struct baked_tree *tree,
			   struct baked_tree_error *ret_error)
{
	for (size_t i = tree->kept; i < tree->count; i++)
		if (!tree->lines[i].is_absent &&
		    !commit_patch(tree, &tree->lines[i], ret_error))
			return false;
	return true;
}

static bool commit_manifest(int fd, const char *temporary, const char *path,
			    struct baked_tree_error *ret_error)
{
	int err = file_commit(fd, temporary, path);

	return !err || tree_fail(ret_error, path, err);
}

/*
 * The manifest gets its name before its signature does. A crash in between leaves the new
 * manifest with no signature or the old one. Where there are keys, that is refused; where
 * there are none, the tree is whole. The other way round, the first bake could leave a
 * signature alone, which reads as nothing to do.
 */
bool baked_tree_commit(const struct baked_tree *tree, struct baked_tree_error *ret_error)
{
	char path[PATH_MAX], temporary[PATH_MAX];
	struct signed_manifest_error error;
	int err = root_path_of_name(path, tree->output, MANIFEST_FILE);
	CLOSE_FD fd = err ? err : file_create_beside(path, temporary);
	bool ok;

	if (fd < 0)
		return tree_fail(ret_error, path, fd);
	ok = write_new_manifest(tree, fd, temporary, ret_error) &&
	     commit_patches(tree, ret_error) &&
	     commit_manifest(fd, temporary, path, ret_error);
	if (!ok)
		unlink(temporary);
	if (ok && tree->sign_key && !manifest_sign_commit(tree->output, &error)) {
		ret_error->is_unsigned = true;
		return tree_fail_as_signed(ret_error, &error);
	}
	manifest_sign_discard(tree->output);
	return ok;
}

void baked_tree_clean(const struct baked_tree *tree, const char *release, bool committed)
{
	static struct dir_list names;
	char directory[PATH_MAX], path[PATH_MAX];

	dir_list_clear(&names);
	if (root_path(directory, tree->output, PATCHES_DIR "/%s", release) ||
	    dir_list_add(&names, directory, ""))
		return;
	for (size_t i = 0; i < names.count; i++) {
		const char *name = names.name[i];
		bool stale = committed && text_ends_with(name, ".ko") &&
			     !is_in_tree(tree, release, name);

		if ((stale || text_ends_with(name, ".tmp")) &&
		    !file_path(path, directory, "/%s", name))
			unlink(path);
	}
	rmdir(directory);	/* fails, as it should, unless it is empty */
}
