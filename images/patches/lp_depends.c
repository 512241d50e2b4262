// SPDX-License-Identifier: GPL-2.0-or-later
/* Needs a stock module that all kernels of the tests have, crc-itu-t, and shows in /proc/softirqs that it is there. */
#include <linux/crc-itu-t.h>
#include "sample.h"

static int patched_show_softirqs(struct seq_file *m, void *v)
{
	seq_printf(m, "patched, crc_itu_t %04x\n", crc_itu_t(0, (const u8 *)"kpatch", 6));
	return 0;
}

SAMPLE_PATCH(NULL, "show_softirqs", patched_show_softirqs);
