// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

void file_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void file_close_directory(DIR **directory)
{
	if (*directory)
		closedir(*directory);
}

static int format_path(char *ret, const char *root, const char *format, va_list args)
{
	size_t used = strlen(root);
	int len;

	if (used >= PATH_MAX)
		return -ENAMETOOLONG;
	memcpy(ret, root, used + 1);
	len = vsnprintf(ret + used, PATH_MAX - used, format, args);
	return len < 0 || (size_t)len >= PATH_MAX - used ? -ENAMETOOLONG : 0;
}

int file_path(char *ret, const char *root, const char *format, ...)
{
	va_list args;
	int err;

	va_start(args, format);
	err = format_path(ret, root, format, args);
	va_end(args);
	return err;
}

bool file_is_there(const char *root, const char *format, ...)
{
	char path[PATH_MAX];
	va_list args;
	int err;

	va_start(args, format);
	err = format_path(path, root, format, args);
	va_end(args);
	return !err && !access(path, F_OK);
}

static ssize_t read_uninterrupted(int fd, char *buf, size_t size)
{
	unsigned int interruptions = 0;
	ssize_t n;

	do
		n = read(fd, buf, size);
	while (n < 0 && errno == EINTR && ++interruptions < INTERRUPTIONS_MAX);
	return n < 0 ? -errno : n;
}

int file_open(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	return fd < 0 ? -errno : fd;
}

ssize_t file_read(const char *path, char *buf, size_t size)
{
	CLOSE_FD fd = file_open(path);

	return fd < 0 ? fd : file_read_all(fd, buf, size);
}

ssize_t file_read_all(int fd, char *buf, size_t size)
{
	size_t used = 0;
	ssize_t n;

	do {
		n = read_uninterrupted(fd, buf + used, size - used);
		if (n < 0)
			return n;
		used += (size_t)n;
		if (used == size)
			return -EFBIG;
	} while (n > 0);
	buf[used] = '\0';
	return (ssize_t)used;
}

int file_write_all(int fd, const void *buf, size_t len)
{
	const char *p = buf;

	while (len > 0) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

/* Returns a descriptor or -errno. */
static int open_directory_of(const char *path)
{
	char directory[PATH_MAX];
	const char *slash = strrchr(path, '/');
	int len = slash ? (int)(slash + 1 - path) : 0;
	int fd, err = file_path(directory, "", "%.*s.", len, path);

	if (err)
		return err;
	fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

void file_sync_directory(const char *path)
{
	CLOSE_FD fd = open_directory_of(path);

	if (fd >= 0)
		fsync(fd);
}

int file_lock_directory(const char *path)
{
	int err, fd = open_directory_of(path);

	while (fd >= 0 && flock(fd, LOCK_EX)) {
		if (errno == EINTR)
			continue;
		err = -errno;
		close(fd);
		return err;
	}
	return fd;
}

int file_put(const char *path, int flags, const char *text)
{
	CLOSE_FD fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | flags, 0644);

	return fd < 0 ? -errno : file_write_all(fd, text, strlen(text));
}

int file_make_parents(const char *path)
{
	char parent[PATH_MAX], *slash;
	int err = file_path(parent, "", "%s", path);

	if (err)
		return err;
	for (slash = parent; (slash = strchr(slash + 1, '/'));) {
		*slash = '\0';
		if (!mkdir(parent, 0755))
			file_sync_directory(parent);
		else if (errno != EEXIST && errno != EISDIR)
			return -errno;
		*slash = '/';
	}
	return 0;
}

int file_temporary(const char *path, char *ret)
{
	return file_path(ret, "", "%s.tmp", path);
}

int file_create_beside(const char *path, char *ret_temporary)
{
	int fd, err = file_temporary(path, ret_temporary);

	if (err)
		return err;
	unlink(ret_temporary);
	fd = open(ret_temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
		  0644);
	return fd < 0 ? -errno : fd;
}

int file_commit(int fd, const char *temporary, const char *path)
{
	if (fsync(fd) || rename(temporary, path)) {
		int err = -errno;

		unlink(temporary);
		return err;
	}
	file_sync_directory(path);
	return 0;
}
