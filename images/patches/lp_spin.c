// SPDX-License-Identifier: GPL-2.0-or-later
/* It spins in its init for ever, and lets interrupts in. Without cpu_relax(), which costs emulation a hundred times the loop. */
#define SAMPLE_INIT ({ for (;;) barrier(); 0; })
#include "sample.h"

static int patched(struct seq_file *m, void *v)
{
	return 0;
}

SAMPLE_PATCH(NULL, "version_proc_show", patched);
