/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a kernel exports to modules. Source: include/linux/export.h,
 * include/asm-generic/vmlinux.lds.h and kernel/module/main.c, 5.10 to 7.3.
 */
#ifndef EXPORTS_H
#define EXPORTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/bounds.h"
#include "host/check/answer.h"
#include "host/check/kallsyms.h"

#define EXPORT_TABLES 2

struct exports {
	const struct kernel_memory *memory;
	enum answer are_read;		/* never ANSWER_NO */
	enum answer have_crcs;		/* whether the kernel has modversions */
	struct export_table {
		uint64_t address;	/* of the first entry */
		size_t count;
		const unsigned char *crcs;	/* 4 bytes each, or NULL */
		const unsigned char *flags;	/* 1 byte each since 7.0, or NULL */
		bool is_gpl_only;		/* without flags */
	} tables[EXPORT_TABLES];
};

struct export {
	uint64_t address;
	bool is_gpl_only;
	bool has_crc;
	uint32_t crc;
	const char *namespace;	/* in the file; NULL: none. "module:A,B" since 6.16 */
};

/*
 * Finds the tables by their symbols in @kallsyms, and looks at each entry once: names are
 * text in the file, and in the order by which the kernel searches. @memory must stay. If
 * any of that fails, @ret->are_read is ANSWER_UNKNOWN. At most EXPORTS_MAX entries.
 */
void exports_open(struct exports *ret, const struct kernel_memory *memory,
		  const struct kallsyms *kallsyms);

/* Finds the export @name. ANSWER_UNKNOWN if the tables are not read. */
enum answer exports_find(const struct exports *exports, const char *name,
			 struct export *ret);

/*
 * Reads export @index, from 0 on, of all tables, and returns its name. NULL behind the
 * last.
 */
const char *exports_at(const struct exports *exports, size_t index, struct export *ret);

#endif
