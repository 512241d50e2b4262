/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The patches for one kernel as a set, in the order of loading: RULE_SET. */
#ifndef PATCH_SET_H
#define PATCH_SET_H

#include <stddef.h>

#include "common/bounds.h"
#include "host/check/check.h"
#include "host/klp_objects.h"

/* Some 33 MB, of which only what is used takes memory. All text is in the modules. */
struct patch_set {
	size_t count;
	struct patch_set_entry {
		const char *file;	/* of the patch, for people */
		char name[NAME_MAX + 1];
		bool is_replaced;	/* by a later one, for certain */
		struct klp_objects objects;
	} list[PATCHES_MAX];
};

/*
 * Compares @module, from the file @file, with those that were added before, and adds it.
 * The file and its bytes must stay. More than PATCHES_MAX are not compared.
 */
void patch_set_add(struct patch_set *set, const struct check_module *module,
		   const char *file, struct findings *findings);

#endif
