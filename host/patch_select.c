// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/patch_select.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/dir_list.h"
#include "common/file.h"
#include "common/module/module_name.h"
#include "common/paths.h"
#include "common/text.h"
#include "host/kpatch_service.h"
#include "host/root_path.h"

#define DROP_INS_ETC "/etc/kpatch-early/manifest.d"
#define DROP_INS_USR "/usr/lib/kpatch-early/manifest.d"

/* Why a line of a drop-in, or a whole drop-in, leads to no candidate. */
enum drop_in_problem {
	DROP_IN_NAMED_TWICE,		/* file, line */
	DROP_IN_DISABLES,		/* file: its path */
	DROP_IN_REQUIRED_MISSING,	/* file */
	DROP_IN_NAMED_MISSING,		/* file */
	DROP_IN_UNREADABLE,		/* reason */
	DROP_IN_OVER_LIMIT,
	DROP_IN_WRONG_LINE,		/* line, reason */
};

struct drop_in_notice {
	enum drop_in_problem problem;
	const char *file, *reason;
	unsigned int line;
};

struct selection {
	const struct patch_query *query;
	struct candidates *candidates;
	char drop_in[PATH_MAX];		/* the path of the one that is read */
	char *text;			/* where the next drop-in is read to */
	size_t left;			/* bytes there */
	enum patch_select_result result;	/* of the last line that was taken */
};

static void format_notice(const char *drop_in, const struct drop_in_notice *notice,
			  char *ret, size_t size)
{
	switch (notice->problem) {
	case DROP_IN_NAMED_TWICE:
		snprintf(ret, size, "%s line %u: %s is named in another drop-in already",
			 drop_in, notice->line, notice->file);
		break;
	case DROP_IN_DISABLES:
		snprintf(ret, size, "%s is left out: %s says disabled", notice->file,
			 drop_in);
		break;
	case DROP_IN_REQUIRED_MISSING:
		snprintf(ret, size, "%s, required in %s, is not there", notice->file,
			 drop_in);
		break;
	case DROP_IN_NAMED_MISSING:
		snprintf(ret, size, "%s, named in %s, is not there", notice->file,
			 drop_in);
		break;
	case DROP_IN_UNREADABLE:
		snprintf(ret, size, "%s cannot be read: %s", drop_in, notice->reason);
		break;
	case DROP_IN_OVER_LIMIT:
		snprintf(ret, size, "%s cannot be read: drop-ins are over the limit "
			 "together", drop_in);
		break;
	case DROP_IN_WRONG_LINE:
		snprintf(ret, size, "%s line %u: %s", drop_in, notice->line,
			 notice->reason);
		break;
	}
}

static void tell_notice(const struct selection *selection,
			const struct drop_in_notice *notice)
{
	char sentence[PATH_MAX + 256];

	if (!selection->query->notice)
		return;
	format_notice(selection->drop_in, notice, sentence, sizeof(sentence));
	selection->query->notice(sentence);
}

static enum patch_select_result add_source(struct candidates *candidates,
					   const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *base = slash ? slash + 1 : path;
	struct patch_source *source = &candidates->sources[candidates->source_count];

	if (candidates->source_count == SOURCES_MAX)
		return PATCH_SELECT_OVER_LIMIT;
	candidates->source_count++;
	source->path = path;
	source->taken = false;
	snprintf(source->file, sizeof(source->file), "%.*s",
		 (int)module_name_uncompressed_length(base), base);
	return PATCH_SELECT_OK;
}

/* Copies @path into @candidates, so that it stays. Returns NULL if there is no room. */
static const char *keep_path(struct candidates *candidates, const char *path)
{
	char *kept = candidates->paths + candidates->paths_used;
	size_t size = strlen(path) + 1;

	if (size > sizeof(candidates->paths) - candidates->paths_used)
		return NULL;
	candidates->paths_used += size;
	return memcpy(kept, path, size);
}

/* Makes a result of @err, which is 0 or -errno. */
static enum patch_select_result result_of(struct candidates *candidates, int err)
{
	candidates->err = err;
	return err ? PATCH_SELECT_UNREADABLE : PATCH_SELECT_OK;
}

static enum patch_select_result add_names(struct candidates *candidates,
					  struct dir_list *names, const char *directory,
					  const char *suffix)
{
	switch (dir_list_add(names, directory, suffix)) {
	case DIR_LIST_OVER_LIMIT:
		return PATCH_SELECT_OVER_LIMIT;
	case DIR_LIST_UNREADABLE:
		return result_of(candidates, names->err);
	case DIR_LIST_OK:
		break;
	}
	return PATCH_SELECT_OK;
}

/* Says that a link on the way to @directory leads nowhere, to @path. */
static enum patch_select_result fail_for_link(const struct patch_query *query,
					      const char *directory, const char *path)
{
	char sentence[2 * PATH_MAX + 64];

	if (query->notice) {
		snprintf(sentence, sizeof(sentence), "%s: a link there leads to %s, "
			 "which is missing", directory, path);
		query->notice(sentence);
	}
	return PATCH_SELECT_UNREADABLE;
}

/*
 * Writes the path of @directory below the root to @ret. Behind a link that leads nowhere
 * nothing is known, so that is no empty directory.
 */
static enum patch_select_result find_directory(const struct patch_query *query,
					       struct candidates *candidates,
					       const char *directory, char *ret)
{
	int err = root_path(ret, query->root, "%s", directory);

	result_of(candidates, err);
	if (err == -ENOENT)
		return fail_for_link(query, directory, ret);
	return err ? PATCH_SELECT_UNREADABLE : PATCH_SELECT_OK;
}

/* The path is the one that people know. Links in it are followed when it is opened. */
static enum patch_select_result add_source_of_store(const struct patch_query *query,
						    struct candidates *candidates,
						    const char *name)
{
	char path[PATH_MAX];
	const char *kept;
	int err = file_path(path, query->root, PATCH_STORE "/%s/%s", query->release,
			    name);

	if (err)
		return result_of(candidates, err);
	kept = keep_path(candidates, path);
	return kept ? add_source(candidates, kept) : PATCH_SELECT_OVER_LIMIT;
}

static enum patch_select_result add_sources_of_store(const struct patch_query *query,
						     struct candidates *candidates)
{
	static struct dir_list names;
	enum patch_select_result result;
	char store[PATH_MAX], directory[PATH_MAX];

	dir_list_clear(&names);
	result = result_of(candidates,
			   file_path(store, PATCH_STORE, "/%s", query->release));
	if (!result)
		result = find_directory(query, candidates, store, directory);
	if (!result)
		result = add_names(candidates, &names, directory, "");
	for (size_t i = 0; i < names.count && !result; i++)
		if (module_name_is_file(names.name[i]))
			result = add_source_of_store(query, candidates, names.name[i]);
	return result;
}

static int compare_sources(const void *a, const void *b)
{
	const struct patch_source *one = a, *other = b;

	return strcmp(one->file, other->file);
}

static enum patch_select_result find_sources(const struct patch_query *query,
					     struct candidates *candidates)
{
	enum patch_select_result result = PATCH_SELECT_OK;

	if (!*query->files)
		result = add_sources_of_store(query, candidates);
	for (char *const *file = query->files; *file && !result; file++)
		result = add_source(candidates, *file);
	qsort(candidates->sources, candidates->source_count,
	      sizeof(candidates->sources[0]), compare_sources);
	return result;
}

static enum patch_select_result add_candidate(const struct selection *selection,
					      const struct manifest_entry *entry,
					      const struct patch_source *source)
{
	struct candidates *candidates = selection->candidates;
	struct candidate *candidate = &candidates->list[candidates->count];

	if (candidates->count == SOURCES_MAX)
		return PATCH_SELECT_OVER_LIMIT;
	candidate->entry = *entry;
	candidate->entry.release = selection->query->release;
	candidate->entry.file = source->file;
	candidate->source = source->path;
	candidates->count++;
	return PATCH_SELECT_OK;
}

static enum patch_select_result take_source(const struct selection *selection,
					    const struct manifest_entry *entry,
					    struct patch_source *source)
{
	if (source->taken) {
		tell_notice(selection, &(struct drop_in_notice){
			DROP_IN_NAMED_TWICE, .file = entry->file, .line = entry->line });
		return PATCH_SELECT_WRONG_DROP_IN;
	}
	source->taken = true;
	if (!entry->disabled)
		return add_candidate(selection, entry, source);
	tell_notice(selection,
		    &(struct drop_in_notice){ DROP_IN_DISABLES, .file = source->path });
	selection->candidates->left_out++;
	return PATCH_SELECT_OK;
}

static void note_missing(const struct selection *selection,
			 const struct manifest_entry *entry)
{
	struct candidates *candidates = selection->candidates;

	tell_notice(selection, &(struct drop_in_notice){
		entry->required ? DROP_IN_REQUIRED_MISSING : DROP_IN_NAMED_MISSING,
		.file = entry->file });
	if (!entry->required || entry->disabled)
		return;
	candidates->required_missing = true;
	if (candidates->missing_count < PATCHES_MAX)
		candidates->missing[candidates->missing_count++] = *entry;
}

/*
 * Of FILEs for several kernels, more than one may have the line's name. Each is a
 * candidate: the module tells for which kernel it is.
 */
static bool take_drop_in_line(const struct manifest_entry *entry, void *data)
{
	struct selection *selection = data;
	struct candidates *candidates = selection->candidates;
	bool found = false;

	selection->result = PATCH_SELECT_OK;
	if (strcmp(entry->release, selection->query->release))
		return true;
	for (size_t i = 0; i < candidates->source_count && !selection->result; i++) {
		if (!manifest_same_module(candidates->sources[i].file, entry->file))
			continue;
		found = true;
		selection->result =
			take_source(selection, entry, &candidates->sources[i]);
	}
	if (!found)
		note_missing(selection, entry);
	return selection->result == PATCH_SELECT_OK;
}

/* Where the drop-in @name is. One in /etc stands in for that of the package, in /usr. */
static int find_drop_in(const char *root, const char *name, char *ret)
{
	struct stat st;
	int err = root_path_of_name(ret, root, DROP_INS_ETC "/%s", name);

	/* A link that leads nowhere is an error. The other one does not count then. */
	if (!err && lstat(ret, &st) && errno == ENOENT)
		err = root_path_of_name(ret, root, DROP_INS_USR "/%s", name);
	return err;
}

/*
 * Reads the drop-in @name behind the texts of those before. Returns its length, or
 * -errno.
 */
static ssize_t read_drop_in(struct selection *selection, const char *name)
{
	const char *root = selection->query->root;
	int err = find_drop_in(root, name, selection->drop_in);

	if (err)
		return err;
	if (root_is_mask(selection->drop_in)) {
		*selection->text = '\0';
		return 0;
	}
	CLOSE_FD fd = root_open(root, selection->drop_in);
	return fd < 0 ? fd : file_read_all(fd, selection->text, selection->left);
}

/* An empty drop-in, or a link to /dev/null, has no lines. */
static enum patch_select_result take_drop_in(struct selection *selection,
					     const char *name)
{
	const struct manifest_reader reader = {
		MANIFEST_DROP_IN, take_drop_in_line, selection
	};
	struct manifest_error error;
	ssize_t len = read_drop_in(selection, name);

	if (len < 0) {
		tell_notice(selection, &(struct drop_in_notice){
			len == -EFBIG ? DROP_IN_OVER_LIMIT : DROP_IN_UNREADABLE,
			.reason = strerror((int)-len) });
		return PATCH_SELECT_WRONG_DROP_IN;
	}
	switch (manifest_parse(selection->text, (size_t)len, &reader, &error)) {
	case MANIFEST_WRONG_LINE:
		tell_notice(selection, &(struct drop_in_notice){
			DROP_IN_WRONG_LINE, .line = error.line, .reason = error.reason });
		return PATCH_SELECT_WRONG_DROP_IN;
	case MANIFEST_STOPPED:
		return selection->result;
	case MANIFEST_OK:
		break;
	}
	selection->text += len + 1;
	selection->left -= (size_t)len + 1;
	return PATCH_SELECT_OK;
}

/* Adds the names of all drop-ins, sorted. One of both directories is there twice. */
static enum patch_select_result list_drop_ins(const struct selection *selection,
					      struct dir_list *names)
{
	static const char *const directories[] = { DROP_INS_ETC, DROP_INS_USR };
	struct candidates *candidates = selection->candidates;
	enum patch_select_result result = PATCH_SELECT_OK;
	char directory[PATH_MAX];

	dir_list_clear(names);
	for (size_t i = 0; i < ARRAY_SIZE(directories) && !result; i++) {
		result = find_directory(selection->query, candidates, directories[i],
					directory);
		if (!result)
			result = add_names(candidates, names, directory, ".conf");
	}
	return result;
}

static enum patch_select_result take_drop_ins(struct selection *selection)
{
	static struct dir_list names;
	enum patch_select_result result = list_drop_ins(selection, &names);

	for (size_t i = 0; i < names.count && !result; i++)
		if (!i || strcmp(names.name[i], names.name[i - 1]))
			result = take_drop_in(selection, names.name[i]);
	return result;
}

static enum patch_select_result take_unnamed_sources(const struct selection *selection)
{
	const struct candidates *candidates = selection->candidates;
	const struct manifest_entry entry = { 0 };
	enum patch_select_result result = PATCH_SELECT_OK;

	for (size_t i = 0; i < candidates->source_count && !result; i++)
		if (!candidates->sources[i].taken)
			result =
				add_candidate(selection, &entry, &candidates->sources[i]);
	return result;
}

enum patch_select_result patch_select(const struct patch_query *query,
				      struct candidates *ret)
{
	struct selection selection = {
		.query = query, .candidates = ret, .text = ret->drop_ins,
		.left = sizeof(ret->drop_ins),
	};
	enum patch_select_result result;

	ret->count = ret->left_out = ret->source_count = ret->paths_used = 0;
	ret->required_missing = false;
	ret->missing_count = 0;
	result = find_sources(query, ret);
	if (!result)
		result = take_drop_ins(&selection);
	/* A wrong line must not keep in an initramfs what the store no longer has. */
	if (result == PATCH_SELECT_WRONG_DROP_IN && !ret->source_count) {
		ret->count = ret->missing_count = 0;
		ret->required_missing = true;
		return PATCH_SELECT_OK;
	}
	return result ? result : take_unnamed_sources(&selection);
}

const char patch_select_settings_unreadable[] =
	CONF_FILE " cannot be read, and may say enabled=no";

const char *patch_select_off_reason(const char *root, settings_notice_fn notice)
{
	struct settings settings;
	char path[PATH_MAX];
	int err = root_path(path, root, CONF_FILE);

	if (settings_read_file(path, err, notice, &settings))
		return patch_select_settings_unreadable;
	if (!settings.enabled)
		return "enabled=no in " CONF_FILE;
	if (!settings.follow_kpatch_service)
		return NULL;
	switch (kpatch_service_state(root)) {
	case KPATCH_SERVICE_DISABLED: return "kpatch.service is disabled";
	case KPATCH_SERVICE_MASKED: return "kpatch.service is masked";
	case KPATCH_SERVICE_NO_OPINION:
	case KPATCH_SERVICE_ON:
		break;
	}
	return NULL;
}
