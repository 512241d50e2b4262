// SPDX-License-Identifier: GPL-2.0-or-later
/* A cumulative patch: displaces every patch loaded before it. */
#define SAMPLE_REPLACE true
#include "sample.h"

static int replaced_loadavg_proc_show(struct seq_file *m, void *v)
{
	seq_puts(m, "0.00 0.00 0.00 1/1 1 replaced\n");
	return 0;
}

SAMPLE_PATCH(NULL, "loadavg_proc_show", replaced_loadavg_proc_show);
