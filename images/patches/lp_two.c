// SPDX-License-Identifier: GPL-2.0-or-later
/* Patches two functions, whose names are of the same length. */
#include "sample.h"

static int patched_version(struct seq_file *m, void *v)
{
	seq_puts(m, "patched by lp_two\n");
	return 0;
}

static int patched_loadavg(struct seq_file *m, void *v)
{
	seq_puts(m, "0.00 0.00 0.00 1/1 1 patched by lp_two\n");
	return 0;
}

SAMPLE_PATCH(NULL, "version_proc_show", patched_version, SAMPLE_FUNCTION("loadavg_proc_show", patched_loadavg));
