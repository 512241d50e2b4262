/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes an archive as the kernel's initramfs has it, format "newc"
 * (Documentation/driver-api/early-userspace/buffer-format.rst), the same bytes for the same entries:
 * owner root, time 0, inodes counted up. Reads no folders, decides nothing.
 */
#ifndef CPIO_H
#define CPIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cpio {
	int fd;
	bool gzip;		/* as one member of gzip, stored: only such may begin at any byte */
	int err;		/* the first error; everything after it does nothing */
	uint32_t inode, crc;
	uint64_t size;		/* bytes before gzip */
	size_t used;
	unsigned char block[65535];	/* the most that a stored block of deflate holds */
};

/* Begins an archive on @fd. */
void cpio_open(struct cpio *cpio, int fd, bool gzip);

/*
 * Adds each folder that leads to @path ("usr/sbin/x"), in which nothing is escaped, but for those that
 * lead to @before, the path added last. Their names end in a slash: so the kernel goes through a
 * symbolic link of that name, instead of replacing it by a folder.
 */
void cpio_add_folders(struct cpio *cpio, const char *path, const char *before);

/* Adds a file of @len bytes at @bytes, with permission bits @mode. */
void cpio_add_bytes(struct cpio *cpio, const char *path, unsigned int mode, const void *bytes,
		    size_t len);

/* Adds the open file @fd, from its beginning, which must not change its size meanwhile. */
void cpio_add_file(struct cpio *cpio, const char *path, unsigned int mode, int fd);

/* Ends the archive. Returns 0 or the first -errno. */
int cpio_close(struct cpio *cpio);

#endif
