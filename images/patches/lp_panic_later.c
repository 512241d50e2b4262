// SPDX-License-Identifier: GPL-2.0-or-later
/* It panics when it was in force for a while: three seconds after somebody has read /proc/version. */
#include <linux/jiffies.h>
#include <linux/timer.h>
#include "sample.h"

static void later(struct timer_list *timer)
{
	panic("lp_panic_later panics, 3 s after /proc/version was read");
}

static DEFINE_TIMER(timer, later);

static int patched_version_proc_show(struct seq_file *m, void *v)
{
	if (!timer_pending(&timer))
		mod_timer(&timer, jiffies + 3 * HZ);
	seq_puts(m, "patched by lp_panic_later\n");
	return 0;
}

SAMPLE_PATCH(NULL, "version_proc_show", patched_version_proc_show);
