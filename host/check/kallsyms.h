/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of symbols that a kernel has of itself, kallsyms, found in its file. Source:
 * scripts/kallsyms.c and kernel/kallsyms.c, 5.10 to 7.3.
 */
#ifndef KALLSYMS_H
#define KALLSYMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/bounds.h"
#include "host/check/kernel_memory.h"

enum kallsyms_addresses {
	KALLSYMS_FROM_BASE,	/* an entry is an offset from the base */
	KALLSYMS_PERCPU,	/* so it is if it is negative, else it is the address */
	KALLSYMS_FROM_ENTRY,	/* it is an offset from the entry itself */
};

struct kallsyms {
	size_t count;			/* 0: nothing could be read */
	const unsigned char *names;	/* compressed; a length stands before each */
	const unsigned char *tokens, *token_index;
	const unsigned char *offsets;
	uint64_t base;			/* or the address of @offsets */
	enum kallsyms_addresses addresses;
	struct kallsyms_index *index;	/* mapped */
	size_t index_size;
};

struct kallsyms_symbol {
	size_t index;		/* in the kernel's table */
	uint64_t address;
	uint64_t next;		/* the next higher address of any; else UINT64_MAX */
	char type;		/* as nm prints it */
};

enum kallsyms_result {
	KALLSYMS_READ,
	KALLSYMS_NONE,		/* there is no such table, or its layout is not known */
	KALLSYMS_ERROR,		/* no memory for the index; errno says how */
};

/*
 * Finds the table in @memory, which must stay, and makes an index of its names. All of
 * the table is looked at once: each name ends where the next begins, the markers agree,
 * and the addresses ascend. Arm64's Image in @memory is moved to where _text is, which
 * is 0 if the file does not tell. At most KERNEL_SYMBOLS_MAX symbols. With another result
 * @ret is zeroed.
 */
enum kallsyms_result kallsyms_open(struct kallsyms *ret, struct kernel_memory *memory);

/* Unmaps the index. Does nothing to a zeroed one. */
void kallsyms_close(struct kallsyms *kallsyms);

/*
 * Returns how many symbols are called @name, whatever their type is: for 0 and position
 * 0, more than one is ambiguous to the kernel.
 */
size_t kallsyms_count(const struct kallsyms *kallsyms, const char *name);

/*
 * Finds symbol @position, from 1 on, of those called @name, in the order in which the
 * kernel counts them. False if there are less; @ret is not written then.
 */
bool kallsyms_find(const struct kallsyms *kallsyms, const char *name, size_t position,
		   struct kallsyms_symbol *ret);

/*
 * Reads symbol @index, from 0 on, in the kernel's order, and its name into @ret_name of
 * SYMBOL_NAME_MAX + 1 bytes. False behind the last.
 */
bool kallsyms_at(const struct kallsyms *kallsyms, size_t index,
		 struct kallsyms_symbol *ret, char *ret_name);

/* Finds the symbol @name, if it is the only one. */
bool kallsyms_find_only(const struct kallsyms *kallsyms, const char *name,
			struct kallsyms_symbol *ret);

/* Finds the range from the only symbol @names[0] to the only symbol @names[1]. */
struct kallsyms_range {
	uint64_t address, size;
};
bool kallsyms_range(const struct kallsyms *kallsyms, const char *const names[2],
		    struct kallsyms_range *ret);

#endif
