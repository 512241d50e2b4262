// SPDX-License-Identifier: GPL-2.0-or-later
/* It sleeps in its init for ever. */
#include <linux/sched.h>
#define SAMPLE_INIT ({ set_current_state(TASK_UNINTERRUPTIBLE); schedule(); 0; })
#include "sample.h"

static int patched(struct seq_file *m, void *v)
{
	return 0;
}

SAMPLE_PATCH(NULL, "version_proc_show", patched);
