// SPDX-License-Identifier: GPL-2.0-or-later
/* Needs a stock module, crc7, and shows in /proc/softirqs that it is there. */
#include <linux/version.h>
#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 0, 0)
#include <linux/crc7.h>
#define NEEDED "crc7 %02x", crc7_be(0, (const u8 *)"kpatch", 6)
#else
/* Debian's 7.x kernels have no crc7 any more. */
#include <linux/crc-itu-t.h>
#define NEEDED "crc_itu_t %04x", crc_itu_t(0, (const u8 *)"kpatch", 6)
#endif
#include "sample.h"

static int patched_show_softirqs(struct seq_file *m, void *v)
{
	seq_printf(m, "patched, " NEEDED);
	seq_puts(m, "\n");
	return 0;
}

SAMPLE_PATCH(NULL, "show_softirqs", patched_show_softirqs);
