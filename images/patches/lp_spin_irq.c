// SPDX-License-Identifier: GPL-2.0-or-later
/* It spins in its init for ever, with interrupts off: nothing runs on that CPU any more. */
#include <linux/irqflags.h>
#define SAMPLE_INIT ({ local_irq_disable(); for (;;) barrier(); 0; })
#include "sample.h"

static int patched(struct seq_file *m, void *v)
{
	return 0;
}

SAMPLE_PATCH(NULL, "version_proc_show", patched);
