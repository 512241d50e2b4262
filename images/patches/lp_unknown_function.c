// SPDX-License-Identifier: GPL-2.0-or-later
#include "sample.h"

static int patched(struct seq_file *m, void *v)
{
	return 0;
}

SAMPLE_PATCH(NULL, "kpe_no_such_function", patched);
