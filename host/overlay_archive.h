/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes what makes an initramfs that is there already apply patches, as one archive.
 * Bakes nothing, and prints nothing.
 */
#ifndef OVERLAY_ARCHIVE_H
#define OVERLAY_ARCHIVE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

struct overlay_content {
	const char *root;	/* of the early program and the kernels' modules */
	const char *tree;	/* the directory that the baked tree is below */
	char *manifest;		/* the tree's manifest; written into */
	size_t manifest_len;
	bool add;		/* join the base's manifest, instead of replacing it */
	bool settings;		/* bring the settings of @root, and that it is guarded */
	bool has_signature;
};

enum overlay_problem {
	OVERLAY_ERROR,			/* err */
	OVERLAY_NO_PROGRAM,		/* there is no early program */
	OVERLAY_NO_PROC,		/* nor /proc, to find out what this program is */
	OVERLAY_FILE_TOO_LARGE,
	OVERLAY_FILE_CHANGED,		/* while it was read */
	OVERLAY_WRONG_MANIFEST,
	OVERLAY_OTHER_MACHINE,		/* the patch and the early program differ */
};

/* Why there is no archive. */
struct overlay_error {
	enum overlay_problem problem;
	int err;		/* -errno */
	char path[PATH_MAX];	/* of what file; empty if of the archive itself */
	unsigned int machine;	/* that it is for, as elf_machine_of */
	char program[PATH_MAX];	/* the early program, and its machine */
	unsigned int program_machine;
};

/*
 * Finds the early program to be packed, to @ret of PATH_MAX bytes. That of @root goes
 * first; else it is the one that was built or installed with this program.
 */
bool overlay_archive_find_program(const char *root, char *ret);

/*
 * Writes the archive to @fd, as gzip or plain. False, with @ret_error filled, if that
 * fails.
 */
bool overlay_archive_write(const struct overlay_content *content, int fd, bool gzip,
			   struct overlay_error *ret_error);

/*
 * Writes four zeros to @fd, an empty file. A base in LZ4 ends for the kernel only there:
 * unlz4() in lib/decompress_unlz4.c takes what follows for the next chunk, unless its
 * size is zero. A plain archive begins at a multiple of 4 behind them, as it did before.
 * Nothing else sees them: the kernel skips zeros (unpack_to_rootfs() in init/initramfs.c,
 * find_cpio_data() in lib/earlycpio.c). Returns 0 or -errno.
 */
int overlay_archive_begin(int fd);

/*
 * Appends zeros to @fd up to a multiple of 4, where a plain archive may begin. The kernel
 * skips them. Returns 0 or -errno.
 */
int overlay_archive_pad(int fd);

#endif
