// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/module.h>

static int __init not_a_patch_init(void)
{
	return 0;
}

module_init(not_a_patch_init);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("kpatch-early sample of a module that is no live patch");
