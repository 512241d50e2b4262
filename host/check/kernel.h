/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All that a check asks of a kernel, from its file. Judges nothing and prints nothing.
 * What cannot be read is unknown, and the rest is there all the same.
 */
#ifndef KERNEL_H
#define KERNEL_H

#include <stdbool.h>
#include <stddef.h>

#include "common/module/buildid.h"
#include "host/check/answer.h"
#include "host/check/certificates.h"
#include "host/check/exports.h"
#include "host/check/kallsyms.h"
#include "host/check/kernel_file.h"
#include "host/check/kernel_memory.h"
#include "host/check/patchable.h"

/* It refers to itself, so it must not be copied. Some 40 KB. */
struct kernel {
	struct kernel_file file;
	struct kernel_memory memory;	/* .machine is known whenever it is open */
	struct kallsyms kallsyms;	/* .count is 0 if it is not known */
	struct exports exports;		/* .have_crcs: whether it has modversions */
	struct patchable_list patchable;
	struct certificates certificates;
	const char *vermagic;		/* as modules have it; NULL: unknown */
	char release[RELEASE_MAX + 1];	/* its first word; "": unknown */
	struct build_id build_id;	/* .len is 0: unknown, or it has none */
	enum answer has_livepatch;	/* whether it has klp_enable_patch */
};

/*
 * Opens the kernel in @fd, a file as kernel_file_map takes it, which the caller may close
 * then. Results are those of kernel_file_map, with @ret->file.program and .err;
 * KERNEL_FILE_NO_KERNEL also if the ELF file is no program, or one of another byte order.
 */
enum kernel_file_result kernel_open(int fd, struct kernel *ret);

/*
 * The same for a kernel that is unpacked: @bytes of @size bytes, which must stay. False
 * if they are no kernel.
 */
bool kernel_open_bytes(struct kernel *ret, const void *bytes, size_t size);

/* Frees it. Does nothing to a zeroed one; for __attribute__((cleanup)). */
void kernel_close(struct kernel *kernel);
#define KERNEL __attribute__((cleanup(kernel_close))) struct kernel

#endif
