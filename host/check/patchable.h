/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which functions of a kernel ftrace, and so a live patch, can redirect. Source: the
 * kernel's ftrace_location(), ftrace_free_init_mem() and arch/x86/kernel/vmlinux.lds.S.
 */
#ifndef PATCHABLE_H
#define PATCHABLE_H

#include <stddef.h>
#include <stdint.h>

#include "host/check/kallsyms.h"

enum patchable {
	PATCHABLE_UNKNOWN,	/* the kernel's list of locations cannot be read */
	PATCHABLE_YES,
	PATCHABLE_NO_CODE,	/* the symbol is a variable */
	PATCHABLE_NO_INIT,	/* in memory that the boot frees: __init, __exit */
	PATCHABLE_NO_NOINSTR,	/* in .noinstr.text, whose code is never traced */
	PATCHABLE_NO_LOCATION,	/* it has none: notrace, or assembly */
};

struct patchable_range {
	uint64_t begin, end;	/* both 0: not known */
};

struct patchable_list {
	const unsigned char *locations;	/* NULL: not known */
	size_t count;
	unsigned int bytes_in_front;	/* of a function may be its location */
	uint64_t base;		/* of symbols that count from the begin of an Image */
	struct patchable_range init, noinstr;
};

/*
 * Finds the locations and ranges by their symbols in @kallsyms. @memory must stay. They
 * are not known where klp_enable_patch itself has none, as in an Image of arm64 whose
 * locations are filled in at the boot.
 */
void patchable_open(struct patchable_list *ret, const struct kernel_memory *memory,
		    const struct kallsyms *kallsyms);

/* Whether the function @symbol can be patched, and else why not. */
enum patchable patchable_symbol(const struct patchable_list *list,
				const struct kallsyms_symbol *symbol);

#endif
