// SPDX-License-Identifier: GPL-2.0-or-later
/* Patches a module whose name has 56 bytes, one more than the kernel takes. */
#include "sample.h"

static int patched(struct seq_file *m, void *v)
{
	return 0;
}

SAMPLE_PATCH("kpe_0_________1_________2_________3_________4_________55", "kpe_later_show", patched);
