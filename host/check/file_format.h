/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tells by its bytes what a file with a kernel is. Opens and unpacks nothing. */
#ifndef FILE_FORMAT_H
#define FILE_FORMAT_H

#include <stddef.h>

struct file_payload {
	const unsigned char *bytes;	/* in the file */
	size_t size;
	const char *program;		/* that unpacks it, with -dc */
};

enum file_format {
	FILE_FORMAT_NONE,
	FILE_FORMAT_DAMAGED,	/* its payload is not in the file */
	FILE_FORMAT_KERNEL,	/* an ELF file, or arm64's Image */
	FILE_FORMAT_PART,	/* the payload is a file again */
	FILE_FORMAT_COMPRESSED,	/* the payload is one that is compressed */
};

/*
 * Looks at @bytes of @size bytes. Fills @ret with the payload of FILE_FORMAT_PART, which
 * a unified kernel image and an uncompressed bzImage have, and FILE_FORMAT_COMPRESSED.
 */
enum file_format file_format(const void *bytes, size_t size, struct file_payload *ret);

#endif
