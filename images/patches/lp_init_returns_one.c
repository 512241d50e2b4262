// SPDX-License-Identifier: GPL-2.0-or-later
#define SAMPLE_INIT 1
#include "sample.h"

static int patched(struct seq_file *m, void *v)
{
	return 0;
}

SAMPLE_PATCH(NULL, "version_proc_show", patched);
