// SPDX-License-Identifier: GPL-2.0-or-later
/* It oopses in its init. */
#include <linux/sched.h>
#define SAMPLE_INIT ({ *(volatile int *)8 = 1; 0; })
#include "sample.h"

static int patched(struct seq_file *m, void *v)
{
	return 0;
}

SAMPLE_PATCH(NULL, "version_proc_show", patched);
