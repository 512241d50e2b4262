// SPDX-License-Identifier: GPL-2.0-or-later
/* Needs a stock module, crc7, and shows in /proc/softirqs that it is there. */
#include <linux/crc7.h>
#include "sample.h"

static int patched_show_softirqs(struct seq_file *m, void *v)
{
	seq_printf(m, "patched, crc7 %02x\n", crc7_be(0, (const u8 *)"kpatch", 6));
	return 0;
}

SAMPLE_PATCH(NULL, "show_softirqs", patched_show_softirqs);
