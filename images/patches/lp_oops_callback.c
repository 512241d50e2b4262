// SPDX-License-Identifier: GPL-2.0-or-later
/* It oopses in its callback, where the kernel holds the lock of all live patching. */
#define SAMPLE_CALLBACKS { .pre_patch = oops }
#include "sample.h"

static int patched(struct seq_file *m, void *v)
{
	return 0;
}

static int oops(struct klp_object *object)
{
	*(volatile int *)8 = 1;
	return 0;
}

SAMPLE_PATCH(NULL, "version_proc_show", patched);
