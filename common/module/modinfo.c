// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/module/modinfo.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/file.h"
#include "common/module/core_module.h"
#include "common/module/kmod_context.h"
#include "common/module/livepatch.h"
#include "common/module/module_name.h"
#include "common/verdict.h"

#define LIVEPATCH_BYTES 8

/*
 * Copies the first @len bytes of @value. Of several fields of a key the kernel takes the
 * first, so another value in a later one is an error.
 */
static enum modinfo_result copy_field(char *ret, size_t size, const char *value,
				      size_t len)
{
	if (len >= size)
		return MODINFO_OVER_LIMIT;
	if (*ret && (strncmp(ret, value, len) || ret[len]))
		return MODINFO_CONTRADICTS;
	memcpy(ret, value, len);
	ret[len] = '\0';
	return MODINFO_OK;
}

struct modinfo_fields {
	struct modinfo info;
	char livepatch[LIVEPATCH_BYTES];
};

static enum modinfo_result take_modinfo_field(const char *key, const char *value,
					      void *data)
{
	struct modinfo_fields *fields = data;
	struct modinfo *info = &fields->info;
	size_t len = strlen(value);

	if (!strcmp(key, "name"))
		return copy_field(info->name, sizeof(info->name), value, len);
	if (!strcmp(key, "vermagic"))
		return copy_field(info->release, sizeof(info->release), value,
				  strcspn(value, " "));
	if (!strcmp(key, "depends"))
		return copy_field(info->depends, sizeof(info->depends), value, len);
	if (!strcmp(key, "livepatch"))
		return copy_field(fields->livepatch, sizeof(fields->livepatch), value,
				  len);
	return MODINFO_OK;
}

/*
 * Each signed module ends with this line (kernel/module_signature.c). libkmod shows only
 * the signatures that it can read, and the others must not get lost either.
 */
bool modinfo_is_signed(int fd)
{
	static const char magic[] = "~Module signature appended~\n";
	char end[sizeof(magic) - 1];
	off_t size = lseek(fd, 0, SEEK_END);
	ssize_t n;

	if (size <= (off_t)sizeof(end))
		return false;
	n = pread(fd, end, sizeof(end), size - (off_t)sizeof(end));
	return n == (ssize_t)sizeof(end) && !memcmp(end, magic, sizeof(end));
}

/*
 * All files of a run share one context. One for each file costs 30,000 instructions,
 * mostly since libkmod parses /proc/cmdline; tests/cli/budget.bats counts them.
 */
static struct kmod_ctx *context_for_files(void)
{
	static struct kmod_ctx *ctx;

	if (!ctx)
		ctx = kmod_context_new(NULL, NULL);
	return ctx;
}

/* libkmod takes what it cannot parse for a wrong argument. */
static enum modinfo_result result_of_kmod(int err, int *ret_err)
{
	*ret_err = err;
	return err == -EINVAL || err == -ENOEXEC ? MODINFO_NO_ELF : MODINFO_UNREADABLE;
}

enum modinfo_result modinfo_each_field(int fd, modinfo_field_fn visit, void *data,
				       int *ret_err)
{
	enum modinfo_result result = MODINFO_OK;
	struct kmod_ctx *ctx = context_for_files();
	KMOD_MODULE *module = NULL;
	KMOD_INFO *fields = NULL;
	struct kmod_list *field;
	char path[64];
	int err;

	if (!ctx)
		return result_of_kmod(-ENOMEM, ret_err);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	err = kmod_module_new_from_path(ctx, path, &module);
	if (!err)
		err = kmod_module_get_info(module, &fields);
	if (err < 0)
		result = result_of_kmod(err, ret_err);
	/* The file is open, so it is /proc that is missing. */
	if (err == -ENOENT)
		result = modinfo_without_proc(fd, visit, data);
	if (err < 0)
		return result;
	kmod_list_foreach(field, fields) {
		result = visit(kmod_module_info_get_key(field),
			       kmod_module_info_get_value(field), data);
		if (result != MODINFO_OK)
			break;
	}
	return result;
}

enum modinfo_result modinfo_read(int fd, struct modinfo *ret, int *ret_err)
{
	struct modinfo_fields fields = { 0 };
	enum modinfo_result result =
		modinfo_each_field(fd, take_modinfo_field, &fields, ret_err);

	if (result != MODINFO_OK)
		return result;
	fields.info.livepatch = !strcmp(fields.livepatch, "Y") ||
				core_module_is_needed(fields.info.depends);
	*ret = fields.info;
	return MODINFO_OK;
}

const char *modinfo_result_text(enum modinfo_result result, int err)
{
	switch (result) {
	case MODINFO_NO_ELF: return "it is not a whole ELF module";
	case MODINFO_OVER_LIMIT: return "a field is over its limit";
	case MODINFO_CONTRADICTS: return "it is damaged";
	case MODINFO_OK:
	case MODINFO_UNREADABLE: break;
	}
	return verdict_errno_text(err);
}

bool modinfo_module_name(const char *path, char *ret)
{
	CLOSE_FD fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	char file[PATH_MAX];
	struct modinfo info;
	int err;

	if (fd < 0)
		return false;
	if (modinfo_read(fd, &info, &err) == MODINFO_OK && info.name[0])
		return !module_name_of_file(info.name, ret, FILE_NAME_MAX + 1);
	return !file_path(file, "", "%.*s", (int)module_name_uncompressed_length(path),
			  path) &&
	       !module_name_of_file(file, ret, FILE_NAME_MAX + 1);
}
