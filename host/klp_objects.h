/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds which functions of which objects (vmlinux or a module) a live patch replaces,
 * from its file before it is loaded. Reads no file, and asks no kernel.
 */
#ifndef KLP_OBJECTS_H
#define KLP_OBJECTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/bounds.h"

struct klp_objects {
	size_t count;
	bool is_partial;	/* there is more, which cannot be read */
	struct {
		const char *object;	/* "vmlinux" or a module's name */
		const char *function;
		uint64_t position;	/* among the symbols of that name; 0: the only */
		bool is_vmlinux_by_name; /* instead of by a NULL, as it has to be */
	} list[FUNCTIONS_MAX];		/* in the file's order; text in the file */
};

/*
 * Fills @ret from @module of @len bytes, which must stay.
 *
 * The source is the struct klp_patch that the module hands to klp_enable_patch
 * (linux/livepatch.h). klp_patch, klp_object and klp_func begin alike in all kernels; the
 * size of the latter two is found out. A position is there since 4.5. Without such a
 * struct the source is kpatch-build's section .kpatch.funcs (kmod/patch/kpatch-patch.h of
 * kpatch), or else klp-build's .init.klp_objects, earlier __klp_objects
 * (linux/livepatch_external.h).
 *
 * False if none of them is there, or klp-build's cannot be read to its end, if this is no
 * x86-64 module, or if there are more than FUNCTIONS_MAX functions, or too much to look
 * through.
 */
bool klp_objects_of_module(const void *module, size_t len, struct klp_objects *ret);

/* Whether a live patch turns off the patches that are in force when it comes. */
enum klp_replace {
	KLP_REPLACE_UNKNOWN,	/* the file does not tell, or says that it does not */
	KLP_REPLACE_BY_DEFAULT,	/* its builder makes such, unless told otherwise */
	KLP_REPLACE_YES,
};

/*
 * Returns what @module of @len bytes says of that. The source is the byte "replace" of
 * its struct klp_patch, as the struct is since 5.5 (linux/livepatch.h); before, a list
 * that is empty lies there. kpatch-build and klp-build set it in code, where it isn't
 * looked for: true by default (kmod/patch/livepatch-patch-hook.c of kpatch,
 * scripts/livepatch/init.c).
 */
enum klp_replace klp_replace_of_module(const void *module, size_t len);

#endif
