// SPDX-License-Identifier: GPL-2.0-or-later
#include "sample.h"

int kpe_no_such_symbol(void);

static int patched(struct seq_file *m, void *v)
{
	return kpe_no_such_symbol();
}

SAMPLE_PATCH(NULL, "version_proc_show", patched);
