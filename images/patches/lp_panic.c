// SPDX-License-Identifier: GPL-2.0-or-later
/* What a boot guard is for: it panics before anything of it is in force. */
#define SAMPLE_INIT (panic("lp_panic panics in its init"), 0)
#include "sample.h"

static int patched(struct seq_file *m, void *v)
{
	return 0;
}

SAMPLE_PATCH(NULL, "version_proc_show", patched);
