/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes an archive as the kernel's initramfs has it, the same bytes for the same
 * entries. Reads no directories, and decides nothing.
 *
 * The format is "newc" (Documentation/driver-api/early-userspace/buffer-format.rst), with
 * owner root, time 0, and inodes counted up.
 */
#ifndef CPIO_H
#define CPIO_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cpio {
	int fd;
	bool gzip;		/* one member, stored: only gzip may begin at any byte */
	int err;		/* of the first write that failed; no more are tried */
	uint32_t inode, crc;
	uint64_t size;		/* bytes before gzip */
	char last[PATH_MAX];	/* the path whose directories were added last */
	size_t used;
	unsigned char block[65535];	/* as much as a stored block can hold */
};

/* What became of a file that is to be added. */
enum cpio_result {
	CPIO_ADDED,
	CPIO_TOO_LARGE,		/* no archive can hold it */
	CPIO_CHANGED,		/* its size is another now */
	CPIO_NOT_READ,		/* errno says why */
};

/* Begins an archive on @fd. */
void cpio_open(struct cpio *cpio, int fd, bool gzip);

/*
 * Adds each directory that leads to @path ("usr/sbin/x"), but for those that the call
 * before added. @path has less than PATH_MAX bytes, and nothing in it is escaped.
 *
 * The directories' names end in a slash. So the kernel follows a symbolic link of that
 * name, instead of replacing the link by a directory.
 */
void cpio_add_directories(struct cpio *cpio, const char *path);

/* Adds a file that holds @text, with permission bits @mode. */
void cpio_add_text(struct cpio *cpio, const char *path, unsigned int mode,
		   const char *text);

/*
 * Adds all of the open file @fd. With another result than CPIO_ADDED the archive is
 * damaged.
 */
enum cpio_result cpio_add_file(struct cpio *cpio, const char *path, unsigned int mode,
			       int fd);

/* Ends the archive. Returns 0, or -errno of the first write that failed. */
int cpio_close(struct cpio *cpio);

#endif
