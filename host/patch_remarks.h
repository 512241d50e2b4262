/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Says what a patch wants of the kernel and initramfs that it goes to, where neither is
 * at hand. Refuses nothing.
 */
#ifndef PATCH_REMARKS_H
#define PATCH_REMARKS_H

#include <stdbool.h>

/*
 * Names, on standard error and as @verb, each patch for @release in the baked @tree that
 * has no signature or, if nobody @brings_modules into the initramfs, needs some. bake
 * itself tells of kpatch's core module.
 */
void patch_remarks_print(const char *verb, const char *tree, const char *release,
			 bool brings_modules);

#endif
