// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/bake_strip.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/file.h"
#include "common/module/modinfo.h"
#include "host/module_bytes.h"
#include "host/module_compare.h"
#include "host/subprocess.h"

static enum bake_strip_result fail_strip(struct bake_strip *strip, int err)
{
	strip->err = err;
	return BAKE_STRIP_ERROR;
}

static int open_again(const char *path, int *fd)
{
	file_close(fd);
	*fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	if (*fd < 0)
		return -errno;
	return fchmod(*fd, 0644) ? -errno : 0;
}

static int put_back(int fd, const struct module_bytes *module)
{
	if (ftruncate(fd, 0) || lseek(fd, 0, SEEK_SET))
		return -errno;
	return file_write_all(fd, module->bytes, module->len);
}

/* @fd is open for the stripped file. */
static enum bake_strip_result compare_with(const struct module_bytes *before, int fd,
					   struct bake_strip *ret)
{
	MODULE_BYTES after = { 0 };
	const char *section;
	int err = module_bytes_read(fd, &after);

	if (err)
		return fail_strip(ret, err);
	if (module_compare(before, &after, &section))
		return BAKE_STRIP_DONE;
	snprintf(ret->section, sizeof(ret->section), "%s", section ? section : "");
	err = put_back(fd, before);
	if (err)
		return fail_strip(ret, err);
	return section ? BAKE_STRIP_CHANGES : BAKE_STRIP_NOT_COMPARED;
}

static enum bake_strip_result strip_and_compare(const char *path, int *fd,
						struct bake_strip *ret)
{
	MODULE_BYTES before = { 0 };
	int err = module_bytes_read(*fd, &before);

	if (err)
		return fail_strip(ret, err);
	switch (subprocess_strip(path)) {
	case SUBPROCESS_OK:
		break;
	case SUBPROCESS_NOT_INSTALLED:
		return BAKE_STRIP_NOT_INSTALLED;
	case SUBPROCESS_FAILED:
	case SUBPROCESS_OVER_LIMIT:
	case SUBPROCESS_NOT_READ:
	case SUBPROCESS_ERROR:
		return BAKE_STRIP_FAILED;
	}
	err = open_again(path, fd);
	return err ? fail_strip(ret, err) : compare_with(&before, *fd, ret);
}

void bake_strip(const char *path, int *fd, struct bake_strip *ret)
{
	ret->result = modinfo_is_signed(*fd) ? BAKE_STRIP_SIGNED :
					       strip_and_compare(path, fd, ret);
}
