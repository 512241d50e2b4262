// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/patch_select.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/dir_list.h"
#include "common/file.h"
#include "common/module/module_name.h"
#include "common/paths.h"
#include "host/kpatch_service.h"

#define DROP_INS_ETC "/etc/kpatch-early/manifest.d"
#define DROP_INS_USR "/usr/lib/kpatch-early/manifest.d"

/* A module that may be baked: from the store, or given as a FILE. */
struct source {
	const char *path;
	char file[FILE_NAME_MAX + 4];	/* without folder and compression; cut if far too long */
	bool taken;			/* a drop-in's line names it */
};

static struct {
	const char *root, *release;
	void (*notice)(const char *sentence);
	struct candidates *candidates;
	struct source sources[SOURCES_MAX];
	size_t count;
	char paths[PATCHES_MAX * 512];
	size_t paths_used;
} store;

static void notice(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void notice(const char *format, ...)
{
	char sentence[PATH_MAX + 256];
	va_list args;

	va_start(args, format);
	vsnprintf(sentence, sizeof(sentence), format, args);
	va_end(args);
	store.notice(sentence);
}

static int add_source(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *base = slash ? slash + 1 : path;
	struct source *source = &store.sources[store.count];

	if (store.count == SOURCES_MAX)
		return -E2BIG;
	store.count++;
	source->path = path;
	source->taken = false;
	snprintf(source->file, sizeof(source->file), "%.*s",
		 (int)module_name_uncompressed_length(base), base);
	return 0;
}

static int compare_sources(const void *a, const void *b)
{
	return strcmp(((const struct source *)a)->file, ((const struct source *)b)->file);
}

static int find_in_store(void)
{
	static struct dir_list names;
	char folder[PATH_MAX], path[PATH_MAX];
	int err;

	dir_list_clear(&names);
	err = file_path(folder, store.root, PATCH_STORE "/%s", store.release);
	if (!err)
		err = dir_list_add(&names, folder, "");
	for (size_t i = 0; i < names.count && !err; i++) {
		char *kept = store.paths + store.paths_used;

		if (!module_name_is_file(names.name[i]))
			continue;
		err = file_path(path, folder, "/%s", names.name[i]);
		if (!err && strlen(path) >= sizeof(store.paths) - store.paths_used)
			err = -E2BIG;
		if (err)
			break;
		store.paths_used += strlen(path) + 1;
		err = add_source(strcpy(kept, path));
	}
	return err;
}

static int find_sources(char *const *files)
{
	int err = 0;

	store.count = store.paths_used = 0;
	if (!*files)
		err = find_in_store();
	for (; *files && !err; files++)
		err = add_source(*files);
	qsort(store.sources, store.count, sizeof(store.sources[0]), compare_sources);
	return err;
}

/* What @entry points to is the text of a drop-in, which may be read again meanwhile. */
static int add_candidate(const struct manifest_entry *entry, const struct source *source)
{
	struct candidates *candidates = store.candidates;
	struct candidate *candidate = &candidates->list[candidates->count];

	if (candidates->count == SOURCES_MAX)
		return -E2BIG;
	candidate->entry = *entry;
	candidate->entry.release = store.release;
	candidate->entry.file = source->file;
	candidate->source = source->path;
	candidates->count++;
	return 0;
}

static int take_source(const struct manifest_entry *entry, struct source *source,
		       const char *drop_in)
{
	if (source->taken) {
		notice("%s line %u: %s is named in another drop-in already", drop_in, entry->line,
		       entry->file);
		return -EEXIST;
	}
	source->taken = true;
	if (!entry->disabled)
		return add_candidate(entry, source);
	notice("%s is left out: %s says disabled", source->path, drop_in);
	store.candidates->left_out++;
	return 0;
}

/* Of FILEs for several kernels, more than one may have the name; the module tells whose it is. */
static int take_line(const struct manifest_entry *entry, void *drop_in)
{
	bool found = false;
	int err = 0;

	if (strcmp(entry->release, store.release))
		return 0;
	for (size_t i = 0; i < store.count && !err; i++) {
		if (!manifest_same_module(store.sources[i].file, entry->file))
			continue;
		found = true;
		err = take_source(entry, &store.sources[i], drop_in);
	}
	if (found || err)
		return err;
	notice("%s, %s in %s, is not there", entry->file,
	       entry->required ? "required" : "named", (const char *)drop_in);
	store.candidates->required_missing |= entry->required && !entry->disabled;
	return 0;
}

/* Reads and parses one drop-in. An empty one, or a link to /dev/null, has no lines. */
static int take_drop_in(const char *name, char **text, size_t *left)
{
	struct manifest_error error;
	char path[PATH_MAX];
	struct stat st;
	ssize_t len;
	int err = file_path(path, store.root, DROP_INS_ETC "/%s", name);

	/* A link that leads nowhere is an error, and does not let the other one through. */
	if (!err && lstat(path, &st) && errno == ENOENT)
		err = file_path(path, store.root, DROP_INS_USR "/%s", name);
	len = err ? err : file_read(path, *text, *left);
	if (len < 0) {
		notice("%s cannot be read: %s", path,
		       len == -EFBIG ? "drop-ins are over the limit together" : strerror((int)-len));
		return -EINVAL;
	}
	error.line = 0;
	err = manifest_parse(*text, (size_t)len, &(struct manifest_reader){
		MANIFEST_DROP_IN, take_line, path }, &error);
	if (error.line)
		notice("%s line %u: %s", path, error.line, error.reason);
	*text += len + 1;
	*left -= (size_t)len + 1;
	return err == -EEXIST ? -EINVAL : err;
}

static int take_drop_ins(void)
{
	static struct dir_list names;
	static char bytes[MANIFEST_BYTES_MAX + 1];
	char folder[PATH_MAX], *text = bytes;
	size_t left = sizeof(bytes);
	int err;

	dir_list_clear(&names);
	err = file_path(folder, store.root, DROP_INS_ETC);
	if (!err)
		err = dir_list_add(&names, folder, ".conf");
	if (!err)
		err = file_path(folder, store.root, DROP_INS_USR);
	if (!err)
		err = dir_list_add(&names, folder, ".conf");
	for (size_t i = 0; i < names.count && !err; i++)
		if (!i || strcmp(names.name[i], names.name[i - 1]))
			err = take_drop_in(names.name[i], &text, &left);
	return err;
}

static int take_the_rest(void)
{
	int err = 0;

	for (size_t i = 0; i < store.count && !err; i++) {
		struct manifest_entry entry = { 0 };

		if (!store.sources[i].taken)
			err = add_candidate(&entry, &store.sources[i]);
	}
	return err;
}

int patch_select(const char *root, const char *release, char *const *files,
		  void (*notice_fn)(const char *sentence), struct candidates *ret)
{
	int err;

	store.root = root;
	store.release = release;
	store.notice = notice_fn;
	store.candidates = ret;
	ret->count = 0;
	ret->required_missing = false;
	ret->left_out = 0;
	err = find_sources(files);
	if (!err)
		err = take_drop_ins();
	/* A wrong line must not keep a patch in an initramfs that is not in the store any more. */
	if (err == -EINVAL && !store.count) {
		ret->count = 0;
		ret->required_missing = true;
		return 0;
	}
	return err ? err : take_the_rest();
}

const char *patch_select_off_reason(const char *root, settings_notice_fn notice_fn)
{
	struct settings settings;

	if (settings_read(root, notice_fn, &settings))
		return CONF_FILE " cannot be read, and may say enabled=no";
	if (!settings.enabled)
		return "enabled=no in " CONF_FILE;
	switch (settings.follow_kpatch_service ? kpatch_service_state(root) : KPATCH_SERVICE_NO_OPINION) {
	case KPATCH_SERVICE_DISABLED: return "kpatch.service is disabled";
	case KPATCH_SERVICE_MASKED: return "kpatch.service is masked";
	case KPATCH_SERVICE_NO_OPINION:
	case KPATCH_SERVICE_ON:
		break;
	}
	return NULL;
}
