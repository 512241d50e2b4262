// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/baked_tree.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "common/dir_list.h"
#include "common/file.h"
#include "common/paths.h"
#include "common/text.h"
#include "host/manifest_sign.h"

struct keeping {
	struct baked_tree *tree;
	const char *const *releases;
	size_t count;
};

/* Each passes @err on. */
static int at(struct baked_tree_error *ret, const char *path, int err)
{
	snprintf(ret->path, sizeof(ret->path), "%s", path);
	ret->line.reason = NULL;
	return err;
}

static int at_line(struct baked_tree_error *ret, const char *path, const struct manifest_error *line, int err)
{
	at(ret, path, err);
	ret->line = *line;
	return err;
}

static int at_trust(struct baked_tree_error *ret, const struct signed_manifest_error *error)
{
	const struct manifest_error whole = { 0, error->reason };

	return at_line(ret, error->path, &whole, error->err);
}

int baked_tree_lock(const struct baked_tree *tree, struct baked_tree_error *ret_error)
{
	char path[PATH_MAX];
	int err = file_path(path, tree->output, MANIFEST_FILE);

	if (!err)
		err = file_make_parents(path);
	if (err)
		return at(ret_error, path, err);
	*strrchr(path, '/') = '\0';
	CLOSE_FD fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || flock(fd, LOCK_EX))
		return at(ret_error, path, -errno);
	return fcntl(fd, F_DUPFD_CLOEXEC, 3);
}

static int keep_line(const struct manifest_entry *entry, void *data)
{
	struct keeping *keeping = data;
	struct baked_tree *tree = keeping->tree;
	struct baked_tree_line *line = &tree->lines[tree->count];

	for (size_t i = 0; i < keeping->count; i++)
		if (!strcmp(keeping->releases[i], entry->release))
			return 0;
	if (tree->count == BAKED_TREE_LINES_MAX)
		return -E2BIG;
	line->entry = *entry;
	memcpy(line->file, entry->file, strlen(entry->file) + 1);
	tree->kept = ++tree->count;
	return 0;
}

int baked_tree_keep(struct baked_tree *tree, const char *const *releases, size_t count,
	      struct baked_tree_error *ret_error)
{
	static const struct manifest_error too_many = { 0, "it has more lines than bake can keep" };
	static const struct manifest_error not_signed = {
		0, "its lines of other releases would be signed, and it has no good signature"
	};
	static struct signify_keys keys;
	static struct signed_manifest old;
	struct keeping keeping = { .tree = tree, .releases = releases, .count = count };
	struct manifest_error error = { 0 };
	struct signed_manifest_error trust;
	char path[PATH_MAX];
	int distrust, err = file_path(path, tree->output, MANIFEST_FILE);

	if (err)
		return at(ret_error, tree->output, err);
	old.len = sizeof(old.text);	/* more than can be read */
	/* A key that is wrong is told of when it is signed with. */
	if (tree->sign_key)
		signed_manifest_read_keys(tree->keys_root, &keys, &trust);
	distrust = signed_manifest_read(&(struct signed_manifest_source){
		tree->output, MANIFEST_FILE, &keys }, &old, &trust);
	if (old.len == sizeof(old.text))
		return distrust == -ENOENT ? 0 : at_trust(ret_error, &trust);
	err = manifest_parse(old.text, old.len, &(struct manifest_reader){
		MANIFEST_BAKED, keep_line, &keeping }, &error);
	if (err)
		return at_line(ret_error, path, err == -E2BIG ? &too_many : &error, err);
	return distrust && tree->kept ? at_line(ret_error, path, &not_signed, distrust) : 0;
}

bool baked_tree_has(const struct baked_tree *tree, const char *release, const char *file)
{
	for (size_t i = 0; i < tree->count; i++)
		if (!strcmp(tree->lines[i].entry.release, release) &&
		    !strcmp(tree->lines[i].file, file))
			return true;
	return false;
}

int baked_tree_path(const struct baked_tree *tree, const char *release, const char *file, char *ret)
{
	return file_path(ret, tree->output, PATCHES_DIR "/%s/%s", release, file);
}

static bool print_line(int fd, const struct baked_tree_line *line)
{
	const struct manifest_entry *entry = &line->entry;
	char digest[2 * SHA256_BYTES + 1], build_id[2 * BUILD_ID_BYTES_MAX + 1];

	text_to_hex(entry->sha256, SHA256_BYTES, digest);
	text_to_hex(entry->build_id, entry->build_id_len, build_id);
	return dprintf(fd, "%s %s sha256=%s%s%s%s%s\n", entry->release, line->file, digest,
		       entry->build_id_len ? " buildid=" : "", build_id,
		       entry->required ? " required" : "",
		       entry->disabled ? " disabled" : "") > 0;
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

/* Releases sorted, so that the same input gives the same bytes in whichever order it came. */
static int print_lines(const struct baked_tree *tree, int fd)
{
	bool ok;

	errno = 0;
	ok = dprintf(fd, "# Written by kpatch-early bake: kernel release, module, options.\n") > 0;
	for (const char *release = next_release(tree, ""); release; release = next_release(tree, release))
		for (size_t i = 0; i < tree->count; i++)
			if (ok && !strcmp(tree->lines[i].entry.release, release))
				ok = print_line(fd, &tree->lines[i]);
	if (ok)
		return 0;
	return errno ? -errno : -EIO;
}

static int count_line(const struct manifest_entry *entry, void *count)
{
	(void)entry;
	++*(size_t *)count;
	return 0;
}

static int check_manifest(const struct baked_tree *tree, const char *path, struct baked_tree_error *ret_error)
{
	static char text[MANIFEST_BYTES_MAX + 1];
	struct manifest_error error = { 0, "a line is lost" };
	size_t count = 0;
	ssize_t len = file_read(path, text, sizeof(text));

	if (len < 0)
		return at(ret_error, path, (int)len);
	if (manifest_parse(text, (size_t)len, &(struct manifest_reader){
		MANIFEST_BAKED, count_line, &count }, &error) || count != tree->count)
		return at_line(ret_error, path, &error, -EINVAL);
	return 0;
}

static int commit_patch(const struct baked_tree *tree, const struct baked_tree_line *line,
			struct baked_tree_error *ret_error)
{
	char path[PATH_MAX], temporary[PATH_MAX];
	int err = baked_tree_path(tree, line->entry.release, line->file, path);

	if (!err)
		err = file_temporary(path, temporary);
	if (!err && rename(temporary, path))
		err = -errno;
	if (err)
		return at(ret_error, path, err);
	file_sync_directory(path);
	return 0;
}

/* All that can be refused is, before the first patch changes the tree. */
static int fill(const struct baked_tree *tree, int fd, const char *temporary, struct baked_tree_error *ret_error)
{
	struct signed_manifest_error error;
	int err = print_lines(tree, fd);

	if (err)
		return at(ret_error, temporary, err);
	err = check_manifest(tree, temporary, ret_error);
	if (!err && tree->sign_key &&
	    (manifest_sign(tree->output, tree->sign_key, temporary, &error) ||
	     manifest_sign_check(tree->output, tree->keys_root, temporary, &error)))
		return at_trust(ret_error, &error);
	for (size_t i = tree->kept; i < tree->count && !err; i++)
		err = commit_patch(tree, &tree->lines[i], ret_error);
	return err;
}

/*
 * The manifest gets its name before its signature does. A crash in between leaves the new manifest
 * with no signature or the old one's, which is refused where there are keys; where there are none, the
 * tree is whole. The other way round, the first bake could leave a signature alone, which reads as
 * nothing to do.
 */
int baked_tree_commit(const struct baked_tree *tree, struct baked_tree_error *ret_error)
{
	char path[PATH_MAX], temporary[PATH_MAX];
	struct signed_manifest_error error;
	int err = file_path(path, tree->output, MANIFEST_FILE);
	CLOSE_FD fd = err ? err : file_create_beside(path, temporary);

	if (fd < 0)
		return at(ret_error, path, fd);
	err = fill(tree, fd, temporary, ret_error);
	if (err)
		unlink(temporary);
	if (!err)
		err = at(ret_error, path, file_commit(fd, temporary, path));
	if (!err && tree->sign_key && manifest_sign_commit(tree->output, &error)) {
		ret_error->is_unsigned = true;
		return at_trust(ret_error, &error);
	}
	manifest_sign_discard(tree->output);
	return err;
}

void baked_tree_clean(const struct baked_tree *tree, const char *release, bool committed)
{
	static struct dir_list names;
	char folder[PATH_MAX], path[PATH_MAX];

	dir_list_clear(&names);
	if (file_path(folder, tree->output, PATCHES_DIR "/%s", release) ||
	    dir_list_add(&names, folder, ""))
		return;
	for (size_t i = 0; i < names.count; i++) {
		const char *name = names.name[i];
		bool stale = committed && text_ends_with(name, ".ko") && !baked_tree_has(tree, release, name);

		if ((stale || text_ends_with(name, ".tmp")) && !file_path(path, folder, "/%s", name))
			unlink(path);
	}
	rmdir(folder);	/* fails, as it should, unless it is empty */
}
