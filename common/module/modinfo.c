// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/module/modinfo.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/file.h"
#include "common/module/kmod_context.h"
#include "common/module/livepatch.h"
#include "common/module/module_name.h"

#define LIVEPATCH_BYTES 8

/*
 * Copies the first @len bytes of @value. Of several fields of a key the kernel takes the
 * first.
 * Returns:
 *   0
 *   -EOVERFLOW   they do not fit into @size
 *   -EBADMSG     an earlier field had another value
 */
static int copy_field(char *ret, size_t size, const char *value, size_t len)
{
	if (len >= size)
		return -EOVERFLOW;
	if (*ret && (strncmp(ret, value, len) || ret[len]))
		return -EBADMSG;
	memcpy(ret, value, len);
	ret[len] = '\0';
	return 0;
}

struct modinfo_fields {
	struct modinfo info;
	char livepatch[LIVEPATCH_BYTES];
};

static int take_modinfo_field(const char *key, const char *value, void *data)
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
	return 0;
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

int modinfo_each_field(int fd, modinfo_field_fn visit, void *data)
{
	struct kmod_ctx *ctx = context_for_files();
	KMOD_MODULE *module = NULL;
	KMOD_INFO *fields = NULL;
	struct kmod_list *field;
	char path[64];
	int err;

	if (!ctx)
		return -ENOMEM;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	err = kmod_module_new_from_path(ctx, path, &module);
	if (!err)
		err = kmod_module_get_info(module, &fields);
	if (err < 0)
		return err == -EINVAL ? -ENOEXEC : err;
	kmod_list_foreach(field, fields) {
		err = visit(kmod_module_info_get_key(field),
			    kmod_module_info_get_value(field), data);
		if (err)
			return err;
	}
	return 0;
}

int modinfo_read(int fd, struct modinfo *ret)
{
	struct modinfo_fields fields = { 0 };
	int err = modinfo_each_field(fd, take_modinfo_field, &fields);

	if (err)
		return err;
	fields.info.livepatch = !strcmp(fields.livepatch, "Y");
	*ret = fields.info;
	return 0;
}

int modinfo_module_name(const char *path, char *ret)
{
	CLOSE_FD fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	char file[PATH_MAX];
	struct modinfo info;

	if (fd < 0)
		return -errno;
	if (!modinfo_read(fd, &info) && info.name[0])
		return module_name_of_file(info.name, ret, FILE_NAME_MAX + 1);
	if (file_path(file, "", "%.*s", (int)module_name_uncompressed_length(path), path))
		return -ENAMETOOLONG;
	return module_name_of_file(file, ret, FILE_NAME_MAX + 1);
}
