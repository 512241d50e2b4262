// SPDX-License-Identifier: GPL-2.0-or-later
/* /proc/loadavg says that it is patched. */
#include "standin.h"

static int patched_loadavg_proc_show(struct seq_file *m, void *v)
{
	seq_puts(m, "0.00 0.00 0.00 1/1 1 patched\n");
	return 0;
}

STANDIN_PATCH("loadavg_proc_show", patched_loadavg_proc_show);
