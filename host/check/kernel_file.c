// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/check/kernel_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/file.h"
#include "common/text.h"
#include "host/check/file_format.h"
#include "host/subprocess.h"

/* A compressed kernel in a unified kernel image in whatever else. */
#define LAYERS_MAX 4

static enum kernel_file_result fail_to_map(struct kernel_file *file)
{
	file->err = -errno;
	return KERNEL_FILE_ERROR;
}

/* Maps all of @fd. An empty file has no mapping, and is no kernel. */
static enum kernel_file_result map_whole(struct kernel_file *file, int fd)
{
	struct stat st;

	if (fstat(fd, &st))
		return fail_to_map(file);
	if (!S_ISREG(st.st_mode) || !st.st_size)
		return KERNEL_FILE_NO_KERNEL;
	if (st.st_size > KERNEL_BYTES_MAX)
		return KERNEL_FILE_TOO_LARGE;
	file->mapping = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (file->mapping == MAP_FAILED) {
		file->mapping = NULL;
		return fail_to_map(file);
	}
	file->mapping_size = file->size = (size_t)st.st_size;
	file->bytes = file->mapping;
	return KERNEL_FILE_READ;
}

void kernel_file_unmap(struct kernel_file *file)
{
	if (file->mapping)
		munmap(file->mapping, file->mapping_size);
	file->mapping = NULL;
	file->bytes = NULL;
	file->size = 0;
}

/* Returns a new file that has no name, or -1. */
static int open_unlinked(void)
{
	const char *folder = getenv("TMPDIR");
	char path[PATH_MAX];
	int len, fd;

	len = snprintf(path, sizeof(path), "%s/kpatch-early.XXXXXX",
		       folder && *folder ? folder : "/var/tmp");
	if (len < 0 || (size_t)len >= sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0)
		unlink(path);
	return fd;
}

/* Writes @payload of @file to a file, which the decompressor can read from its begin. */
static int write_payload(struct kernel_file *file, struct file_payload payload)
{
	int fd = open_unlinked();

	if (fd < 0) {
		file->err = -errno;
		return -1;
	}
	file->err = file_write_all(fd, payload.bytes, payload.size);
	if (!file->err && lseek(fd, 0, SEEK_SET))
		file->err = -errno;
	if (file->err) {
		close(fd);
		return -1;
	}
	return fd;
}

static enum kernel_file_result result_of_decompressor(enum subprocess_result result)
{
	switch (result) {
	case SUBPROCESS_OK:
		return KERNEL_FILE_READ;
	case SUBPROCESS_NOT_INSTALLED:
		return KERNEL_FILE_NO_DECOMPRESSOR;
	case SUBPROCESS_FAILED:
		return KERNEL_FILE_NOT_UNPACKED;
	case SUBPROCESS_OVER_LIMIT:
		return KERNEL_FILE_TOO_LARGE;
	case SUBPROCESS_NOT_READ:
	case SUBPROCESS_ERROR:
		return KERNEL_FILE_ERROR;
	}
	return KERNEL_FILE_ERROR;
}

/* Puts what @payload of @file unpacks to in place of @file. */
static enum kernel_file_result unpack_payload(struct kernel_file *file,
					      struct file_payload payload)
{
	CLOSE_FD from = write_payload(file, payload);
	CLOSE_FD to = from < 0 ? -1 : open_unlinked();
	enum kernel_file_result result;

	if (from < 0)
		return KERNEL_FILE_ERROR;
	if (to < 0)
		return fail_to_map(file);
	file->program = payload.program;
	result = result_of_decompressor(subprocess_decompress_kernel(
		payload.program, from, to, &file->err));
	if (result)
		return result;
	kernel_file_unmap(file);
	return map_whole(file, to);
}

static enum kernel_file_result find_kernel(struct kernel_file *file)
{
	for (int layer = 0; layer < LAYERS_MAX; layer++) {
		struct file_payload payload;
		enum kernel_file_result result;

		switch (file_format(file->bytes, file->size, &payload)) {
		case FILE_FORMAT_NONE:
			return KERNEL_FILE_NO_KERNEL;
		case FILE_FORMAT_DAMAGED:
			return KERNEL_FILE_DAMAGED;
		case FILE_FORMAT_KERNEL:
			return KERNEL_FILE_READ;
		case FILE_FORMAT_PART:
			file->bytes = payload.bytes;
			file->size = payload.size;
			break;
		case FILE_FORMAT_COMPRESSED:
			result = unpack_payload(file, payload);
			if (result)
				return result;
			break;
		}
	}
	return KERNEL_FILE_NO_KERNEL;
}

enum kernel_file_result kernel_file_map(int fd, struct kernel_file *ret)
{
	enum kernel_file_result result;

	*ret = (struct kernel_file){ 0 };
	result = map_whole(ret, fd);
	if (!result)
		result = find_kernel(ret);
	if (result)
		kernel_file_unmap(ret);
	return result;
}
