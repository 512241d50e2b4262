// SPDX-License-Identifier: GPL-2.0-or-later
/* Patches a driver that is not loaded yet. */
#include "sample.h"

static int patched_kpe_later_show(struct seq_file *m, void *v)
{
	seq_puts(m, "patched\n");
	return 0;
}

SAMPLE_PATCH("kpe_later", "kpe_later_show", patched_kpe_later_show);
