/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes what makes an initramfs that is there already apply patches, as one archive.
 * Bakes nothing, and prints nothing.
 */
#ifndef OVERLAY_ARCHIVE_H
#define OVERLAY_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>

struct overlay_content {
	const char *root;	/* of the early program and the kernels' modules */
	const char *tree;	/* the directory that the baked tree is below */
	char *manifest;		/* the tree's manifest; written into */
	size_t manifest_len;
	bool add;		/* join the base's manifest, instead of replacing it */
	bool has_signature;
};

/*
 * Writes the archive to @fd, as gzip or plain. Returns 0, or -errno with the path that it
 * is about in @ret_path (PATH_MAX bytes), which is empty if that is the archive itself.
 */
int overlay_archive_write(const struct overlay_content *content, int fd, bool gzip,
			  char *ret_path);

/*
 * Appends zeros to @fd up to a multiple of 4, where a plain archive may begin. The kernel
 * skips them. Returns 0 or -errno.
 */
int overlay_archive_pad(int fd);

#endif
