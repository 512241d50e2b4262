/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Maps the kernel that is in a file, unpacked. Knows the formats of files, and nothing of
 * what is in a kernel.
 */
#ifndef KERNEL_FILE_H
#define KERNEL_FILE_H

#include <stddef.h>

#include "common/bounds.h"

enum kernel_file_result {
	KERNEL_FILE_READ,
	KERNEL_FILE_NO_KERNEL,		/* it has no format of a kernel that is known */
	KERNEL_FILE_DAMAGED,		/* an offset or a length in it leads out of it */
	KERNEL_FILE_TOO_LARGE,		/* over KERNEL_BYTES_MAX or KERNEL_UNPACKED_MAX */
	KERNEL_FILE_NO_DECOMPRESSOR,	/* @program is not installed */
	KERNEL_FILE_NOT_UNPACKED,	/* @program has failed */
	KERNEL_FILE_ERROR,		/* a system call failed; @err says how */
};

struct kernel_file {
	const unsigned char *bytes;	/* an ELF file, or arm64's Image; NULL: nothing */
	size_t size;
	void *mapping;			/* bytes lies in it */
	size_t mapping_size;
	const char *program;		/* of the last two results */
	int err;			/* -errno */
};

/*
 * Maps the kernel in @fd, a regular file that the caller closes when it likes:
 *   - x86's bzImage (Documentation/arch/x86/boot.rst, payload_offset and payload_length)
 *   - an uncompressed vmlinux, an ELF file
 *   - arm64's Image (Documentation/arch/arm64/booting.rst), bare or compressed as a whole
 *   - an EFI zboot image (drivers/firmware/efi/libstub/zboot-header.S)
 *   - a unified kernel image: what is in its section .linux is one of these again
 *
 * What is compressed is unpacked by gzip, xz, zstd, lz4, bzip2 or lzop into an unlinked
 * file in $TMPDIR, else in /var/tmp. What is not is mapped as it is: if such a file
 * shrinks meanwhile, a signal ends the program.
 */
enum kernel_file_result kernel_file_map(int fd, struct kernel_file *ret);

/* Unmaps it. Does nothing to one that is zeroed, or that could not be mapped. */
void kernel_file_unmap(struct kernel_file *file);

#endif
