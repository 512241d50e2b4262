// SPDX-License-Identifier: GPL-2.0-or-later
/* /proc/version says that it is patched. */
#include <linux/utsname.h>
#include "standin.h"

static int patched_version_proc_show(struct seq_file *m, void *v)
{
	seq_printf(m, "%s version %s (patched before the root was mounted)\n",
		   utsname()->sysname, utsname()->release);
	return 0;
}

STANDIN_PATCH("version_proc_show", patched_version_proc_show);
