// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/cpio.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/crc32.h"
#include "common/file.h"

#define ALIGNMENT 4
#define TRAILER "TRAILER!!!"

static void put_little_endian(unsigned char *ret, uint32_t value, size_t size)
{
	for (size_t i = 0; i < size; i++)
		ret[i] = (unsigned char)(value >> 8 * i);
}

static void write_to_fd(struct cpio *cpio, const void *bytes, size_t len)
{
	if (!cpio->err)
		cpio->err = file_write_all(cpio->fd, bytes, len);
}

/*
 * Writes the block that was gathered. As a stored block of deflate (RFC 1951, section
 * 3.2.4) its header says whether it is the @last, its length, and that length inverted.
 */
static void flush_block(struct cpio *cpio, bool last)
{
	unsigned char header[5] = { last };

	if (cpio->gzip) {
		put_little_endian(header + 1, (uint32_t)cpio->used, 2);
		put_little_endian(header + 3, ~(uint32_t)cpio->used, 2);
		write_to_fd(cpio, header, sizeof(header));
		cpio->crc = crc32_of(cpio->crc, cpio->block, cpio->used);
	}
	write_to_fd(cpio, cpio->block, cpio->used);
	cpio->used = 0;
}

static void append(struct cpio *cpio, const void *bytes, size_t len)
{
	const unsigned char *p = bytes;

	cpio->size += len;
	while (len > 0) {
		size_t some = sizeof(cpio->block) - cpio->used;

		some = len < some ? len : some;
		memcpy(cpio->block + cpio->used, p, some);
		cpio->used += some;
		p += some;
		len -= some;
		if (cpio->used == sizeof(cpio->block))
			flush_block(cpio, false);
	}
}

static void align(struct cpio *cpio)
{
	static const char zeros[ALIGNMENT];

	append(cpio, zeros, (size_t)-cpio->size % ALIGNMENT);
}

static void append_header(struct cpio *cpio, const char *name, unsigned int mode,
			  size_t size)
{
	char header[6 + 13 * 8 + 1];
	unsigned int links = S_ISDIR(mode) ? 2 : 1;

	snprintf(header, sizeof(header),
		 "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x",
		 cpio->inode++, mode, 0, 0, links, 0, (uint32_t)size, 0, 0, 0, 0,
		 (unsigned int)strlen(name) + 1, 0);
	append(cpio, header, sizeof(header) - 1);
	append(cpio, name, strlen(name) + 1);
	align(cpio);
}

void cpio_open(struct cpio *cpio, int fd, bool gzip)
{
	/* No name, no time, "unknown" system: nothing that differs from run to run. */
	static const unsigned char member[10] = { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255 };

	cpio->fd = fd;
	cpio->gzip = gzip;
	cpio->err = 0;
	cpio->inode = 1;
	cpio->crc = 0;
	cpio->size = cpio->used = 0;
	cpio->last[0] = '\0';
	if (gzip)
		write_to_fd(cpio, member, sizeof(member));
}

void cpio_add_directories(struct cpio *cpio, const char *path)
{
	char directory[PATH_MAX];

	for (const char *slash = strchr(path, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		size_t len = (size_t)(slash - path) + 1;

		if (!strncmp(path, cpio->last, len))
			continue;
		memcpy(directory, path, len);
		directory[len] = '\0';
		append_header(cpio, directory, S_IFDIR | 0755, 0);
	}
	strcpy(cpio->last, path);
}

void cpio_add_text(struct cpio *cpio, const char *path, unsigned int mode,
		   const char *text)
{
	append_header(cpio, path, S_IFREG | mode, strlen(text));
	append(cpio, text, strlen(text));
	align(cpio);
}

enum cpio_result cpio_add_file(struct cpio *cpio, const char *path, unsigned int mode,
			       int fd)
{
	char chunk[64 * 1024];
	struct stat st;
	off_t offset = 0;

	if (fstat(fd, &st))
		return CPIO_NOT_READ;
	if (st.st_size > UINT32_MAX)
		return CPIO_TOO_LARGE;
	append_header(cpio, path, S_IFREG | mode, (size_t)st.st_size);
	while (offset < st.st_size && !cpio->err) {
		ssize_t n = pread(fd, chunk, sizeof(chunk), offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return CPIO_NOT_READ;
		if (!n || n > st.st_size - offset)
			return CPIO_CHANGED;
		append(cpio, chunk, (size_t)n);
		offset += n;
	}
	align(cpio);
	return CPIO_ADDED;
}

int cpio_close(struct cpio *cpio)
{
	unsigned char end[8];

	append_header(cpio, TRAILER, 0, 0);
	flush_block(cpio, true);
	if (!cpio->gzip)
		return cpio->err;
	put_little_endian(end, cpio->crc, 4);
	put_little_endian(end + 4, (uint32_t)cpio->size, 4);
	write_to_fd(cpio, end, sizeof(end));
	return cpio->err;
}
