// SPDX-License-Identifier: GPL-2.0-or-later
/* /proc/execdomains says that it is patched. Its file has a dash, its module an underscore. */
#include "sample.h"

static int patched_execdomains_proc_show(struct seq_file *m, void *v)
{
	seq_puts(m, "0-0\tLinux           \t[patched]\n");
	return 0;
}

SAMPLE_PATCH(NULL, "execdomains_proc_show", patched_execdomains_proc_show);
