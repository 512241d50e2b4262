// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/bake_patch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/file.h"
#include "common/module/core_module.h"
#include "common/module/modinfo.h"
#include "common/module/module_name.h"
#include "common/text.h"
#include "common/verdict.h"
#include "host/module_bytes.h"
#include "host/patch_store.h"
#include "host/root_path.h"
#include "host/subprocess.h"
#include "host/this_module.h"

/* A candidate on its way into the tree. */
struct bake_copy {
	const struct bake_request *request;
	struct baked_tree *tree;
	const struct candidate *candidate;
	struct gate *gate;
	struct baked_tree_line *line;
	struct bake_outcome *outcome;
	int *fd;			/* of the copy */
	const char *scratch;		/* its path */
};

/* Always false. */
static bool refused(const struct bake_copy *copy, enum bake_refusal refusal,
			const char *reason)
{
	copy->outcome->refusal = refusal;
	copy->outcome->reason = reason;
	return false;
}

/* The same for a copy of which @other says what is wrong. */
static bool refused_for(const struct bake_copy *copy, enum bake_refusal refusal,
			    const char *other)
{
	copy->outcome->other = other;
	return refused(copy, refusal, NULL);
}

/* The tree at @path cannot be written. Always false. */
static bool fail_to_write(struct bake_outcome *outcome, const char *path, int err)
{
	outcome->refusal = BAKE_REFUSAL_TREE_NOT_WRITTEN;
	outcome->err = err;
	snprintf(outcome->path, sizeof(outcome->path), "%s", path);
	return false;
}

/*
 * The line of this release that has that module name, unless that is NULL, or that file
 * name; or NULL.
 */
static const struct baked_tree_line *find_same_module(const struct baked_tree *tree,
						      const char *module,
						      const char *file)
{
	for (size_t i = tree->release_start; i < tree->count; i++)
		if ((module && !strcmp(tree->lines[i].module, module)) ||
		    manifest_same_module(tree->lines[i].file, file))
			return &tree->lines[i];
	return NULL;
}

/* Whether the tree has as many lines for this release as apply takes. */
static bool is_release_full(const struct baked_tree *tree)
{
	return tree->count - tree->release_start == PATCHES_MAX;
}

/* Copies the name that the module gives itself in code to @ret. */
static bool read_name_in_code(int fd, char *ret, size_t size)
{
	MODULE_BYTES module = { NULL, 0 };
	const char *name = module_bytes_read(fd, &module) ?
				   NULL : this_module_name(module.bytes, module.len);

	return name && (size_t)snprintf(ret, size, "%s", name) < size;
}

/*
 * Without name= in .modinfo, as before 4.13, apply knows a module by its file's name.
 * False if that is not its own.
 */
static bool check_file_name(const struct bake_copy *copy)
{
	struct bake_outcome *outcome = copy->outcome;

	if (!read_name_in_code(*copy->fd, outcome->text, sizeof(outcome->text)) ||
	    !strcmp(outcome->text, copy->line->module))
		return true;
	return refused_for(copy, BAKE_REFUSAL_NAME_UNKNOWN, outcome->text);
}

/* Takes the module name from @info, if the name is free. */
static bool take_module_name(const struct bake_copy *copy, const struct modinfo *info)
{
	struct baked_tree_line *line = copy->line;
	const struct baked_tree_line *same;

	if (module_name_of_file(info->name[0] ? info->name : line->file, line->module,
				sizeof(line->module)))
		return refused(copy, BAKE_REFUSAL_NAME_TOO_LONG, NULL);
	if (!info->name[0] && !check_file_name(copy))
		return false;
	same = find_same_module(copy->tree, line->module, line->file);
	if (same) {
		copy->outcome->other = same->file;
		return refused(copy, BAKE_REFUSAL_NAME_TAKEN, same->module);
	}
	if (is_release_full(copy->tree))
		return refused(copy, BAKE_REFUSAL_RELEASE_FULL, NULL);
	return true;
}

static bool check_modinfo_of_copy(const struct bake_copy *copy)
{
	struct bake_outcome *outcome = copy->outcome;
	struct modinfo info;
	int err = 0;
	enum modinfo_result result = modinfo_read(*copy->fd, &info, &err);

	if (result != MODINFO_OK)
		return refused(copy, BAKE_REFUSAL_WRONG_FILE,
			       modinfo_result_text(result, err));
	if (!info.livepatch)
		return refused(copy, BAKE_REFUSAL_NO_LIVE_PATCH, NULL);
	outcome->needs_core = core_module_is_needed(info.depends);
	if (!strcmp(info.release, copy->candidate->entry.release))
		return take_module_name(copy, &info);
	if (*copy->request->files &&
	    bake_request_has_release(copy->request, info.release))
		return refused(copy, BAKE_REFUSAL_LATER_RELEASE, NULL);
	strcpy(outcome->text, info.release[0] ? info.release : "(none)");
	return refused_for(copy, BAKE_REFUSAL_OTHER_RELEASE, outcome->text);
}

/*
 * A pin is the digest of the module as it was built: uncompressed, not stripped. Writes
 * it to @digest.
 */
static bool check_pin(const struct bake_copy *copy, unsigned char *digest)
{
	const struct manifest_entry *entry = &copy->candidate->entry;
	int err = sha256_file(*copy->fd, digest);

	if (err)
		return refused(copy, BAKE_REFUSAL_WRONG_FILE, verdict_errno_text(err));
	if (!entry->pinned || !memcmp(digest, entry->sha256, SHA256_BYTES))
		return true;
	text_to_hex(digest, SHA256_BYTES, copy->outcome->text);
	return refused_for(copy, BAKE_REFUSAL_OTHER_DIGEST, copy->outcome->text);
}

/* Whether the kernel would load it, as far as can be told. */
static bool pass_gate(const struct bake_copy *copy, const unsigned char *digest)
{
	struct gate *gate = copy->gate;

	switch (gate_ask(gate, &(struct gate_patch){ *copy->fd, copy->candidate->source,
			 digest, &copy->candidate->entry })) {
	case GATE_REFUSES:
		return refused_for(copy, BAKE_REFUSAL_CHECK, gate->reason);
	case GATE_WARNS:
		copy->outcome->warning = gate->reason;
		break;
	case GATE_PASSES:
		break;
	}
	return true;
}

static long long size_of(int fd)
{
	struct stat st;

	return fstat(fd, &st) ? 0 : (long long)st.st_size;
}

static bool strip_copy(const struct bake_copy *copy)
{
	struct bake_strip *strip = &copy->outcome->strip;

	bake_strip(copy->scratch, copy->fd, strip);
	switch (strip->result) {
	case BAKE_STRIP_NOT_ASKED:
	case BAKE_STRIP_DONE:
	case BAKE_STRIP_SIGNED:
	case BAKE_STRIP_CHANGES:
	case BAKE_STRIP_NOT_COMPARED:
		return true;
	case BAKE_STRIP_NOT_INSTALLED:
		return refused(copy, BAKE_REFUSAL_NO_STRIP, NULL);
	case BAKE_STRIP_FAILED:
		return refused(copy, BAKE_REFUSAL_STRIP_FAILED, NULL);
	case BAKE_STRIP_ERROR:
		break;
	}
	return fail_to_write(copy->outcome, copy->scratch, strip->err);
}

static bool unpack_source(const struct bake_copy *copy, int source)
{
	int err = 0;

	switch (subprocess_decompress(source, copy->candidate->source, *copy->fd, &err)) {
	case SUBPROCESS_OK:
		return true;
	case SUBPROCESS_NOT_INSTALLED:
		return refused(copy, BAKE_REFUSAL_NO_DECOMPRESSOR, NULL);
	case SUBPROCESS_FAILED:
		return refused(copy, BAKE_REFUSAL_NOT_UNPACKED, NULL);
	case SUBPROCESS_OVER_LIMIT:
		return refused(copy, BAKE_REFUSAL_TOO_LARGE, NULL);
	case SUBPROCESS_NOT_READ:
		return refused(copy, BAKE_REFUSAL_NOT_READ, verdict_errno_text(err));
	case SUBPROCESS_ERROR:
		break;
	}
	return fail_to_write(copy->outcome, copy->scratch, err);
}

static bool copy_source(const struct bake_copy *copy)
{
	const bool is_of_store = !*copy->request->files;
	CLOSE_FD source = root_open(is_of_store ? copy->request->root : "",
				    copy->candidate->source);
	struct bake_outcome *outcome = copy->outcome;
	struct stat st;

	if (source < 0)
		return refused(copy, BAKE_REFUSAL_WRONG_FILE, verdict_errno_text(source));
	if (fstat(source, &st))
		return refused(copy, BAKE_REFUSAL_WRONG_FILE, verdict_errno_text(errno));
	if (!S_ISREG(st.st_mode))
		return refused(copy, BAKE_REFUSAL_NOT_REGULAR, NULL);
	/* Whoever names a FILE answers for it. */
	if (is_of_store && !patch_store_trusts(&st, outcome->text, sizeof(outcome->text)))
		return refused(copy, BAKE_REFUSAL_WRONG_FILE, outcome->text);
	return unpack_source(copy, source);
}

static enum klp_replace replace_of_copy(const struct bake_copy *copy)
{
	size_t len = (size_t)copy->outcome->bytes;
	enum klp_replace ret = KLP_REPLACE_UNKNOWN;
	void *bytes = mmap(NULL, len, PROT_READ, MAP_PRIVATE, *copy->fd, 0);

	if (bytes == MAP_FAILED)
		return ret;
	ret = klp_replace_of_module(bytes, len);
	munmap(bytes, len);
	return ret;
}

/* Makes the file of copy->fd the checked copy of the candidate, and fills copy->line. */
static bool fill_copy(const struct bake_copy *copy)
{
	unsigned char digest[SHA256_BYTES];
	long long bytes_before;
	int err;

	if (!copy_source(copy))
		return false;
	bytes_before = size_of(*copy->fd);
	if (!check_modinfo_of_copy(copy) || !check_pin(copy, digest) ||
	    !pass_gate(copy, digest))
		return false;
	if (copy->request->strip && !strip_copy(copy))
		return false;
	err = sha256_file(*copy->fd, copy->line->entry.sha256);
	if (err)
		return refused(copy, BAKE_REFUSAL_WRONG_FILE, verdict_errno_text(err));
	copy->outcome->bytes = size_of(*copy->fd);
	copy->outcome->bytes_saved = bytes_before - copy->outcome->bytes;
	/* The core module replaces only if it is told to, and nothing here tells it. */
	copy->outcome->replace = copy->outcome->needs_core ? KLP_REPLACE_UNKNOWN :
							     replace_of_copy(copy);
	return true;
}

/* Renames the copy to file_temporary of its path. */
static bool place_copy(const struct bake_copy *copy)
{
	const struct baked_tree_line *line = copy->line;
	char path[PATH_MAX], temporary[PATH_MAX];
	int err = baked_tree_path(copy->tree, line->entry.release, line->file, path);

	if (!err)
		err = file_temporary(path, temporary);
	if (!err && (fsync(*copy->fd) || rename(copy->scratch, temporary)))
		err = -errno;
	return !err || fail_to_write(copy->outcome, path, err);
}

/* Starts the line of @candidate at the end of @tree, where it does not count yet. */
static struct baked_tree_line *start_line(struct baked_tree *tree,
					  const struct candidate *candidate)
{
	struct baked_tree_line *line = &tree->lines[tree->count];

	baked_tree_set_line(line, &candidate->entry);
	return line;
}

/*
 * The copy is filled under a scratch name. Only its content says which module it is, and
 * so whether the candidate's own name is free.
 */
bool bake_patch_add(const struct bake_place *place, const struct candidate *candidate,
		    struct bake_outcome *ret)
{
	const char *reason = manifest_check_file_name(candidate->entry.file);
	struct baked_tree *tree = place->tree;
	char path[PATH_MAX], scratch[PATH_MAX];
	struct bake_copy copy = {
		.request = place->request, .tree = tree, .candidate = candidate,
		.gate = place->gate, .outcome = ret, .scratch = scratch,
	};
	int err;

	ret->refusal = BAKE_REFUSAL_NONE;
	ret->strip.result = BAKE_STRIP_NOT_ASKED;
	ret->reason = ret->other = ret->warning = NULL;
	ret->bytes = -1;
	if (reason)
		return refused(&copy, BAKE_REFUSAL_WRONG_FILE, reason);
	if (tree->count == BAKED_TREE_LINES_MAX)
		return refused(&copy, BAKE_REFUSAL_MANIFEST_FULL, NULL);
	err = baked_tree_path(tree, candidate->entry.release, "scratch", path);
	if (!err)
		err = file_make_parents(path);
	CLOSE_FD fd = err ? err : file_create_beside(path, scratch);
	if (fd < 0)
		return fail_to_write(ret, path, fd);
	copy.fd = &fd;
	copy.line = start_line(tree, candidate);
	if (!fill_copy(&copy) || !place_copy(&copy)) {
		unlink(scratch);
		return false;
	}
	tree->count++;
	return true;
}

bool bake_patch_has_line(const struct baked_tree *tree,
			 const struct manifest_entry *entry)
{
	return find_same_module(tree, NULL, entry->file);
}

bool bake_patch_add_required(struct baked_tree *tree, const struct manifest_entry *entry)
{
	struct baked_tree_line *line = &tree->lines[tree->count];

	if (tree->count == BAKED_TREE_LINES_MAX || is_release_full(tree))
		return false;
	baked_tree_set_line(line, entry);
	line->is_absent = true;
	if (!entry->pinned)
		memset(line->entry.sha256, 0, SHA256_BYTES);
	tree->count++;
	return true;
}
