// SPDX-License-Identifier: GPL-2.0-or-later
/* Good, but its load takes three seconds, and that of the module it needs before it, too. */
#include <linux/utsname.h>
#define SAMPLE_INIT (kpe_slow("lp_slow"), klp_enable_patch(&patch))
#include "sample.h"

void kpe_slow(const char *who);

static int patched_version_proc_show(struct seq_file *m, void *v)
{
	seq_printf(m, "%s version %s (patched before the root was mounted)\n",
		   utsname()->sysname, utsname()->release);
	return 0;
}

SAMPLE_PATCH(NULL, "version_proc_show", patched_version_proc_show);
