// SPDX-License-Identifier: GPL-2.0-or-later
/* Patches a function by its position among those of its name, of which there are not so many. */
#define SAMPLE_POSITION 7777
#include "sample.h"

static int patched(struct seq_file *m, void *v)
{
	seq_puts(m, "patched by lp_position\n");
	return 0;
}

SAMPLE_PATCH(NULL, "version_proc_show", patched);
