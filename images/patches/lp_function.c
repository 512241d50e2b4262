// SPDX-License-Identifier: GPL-2.0-or-later
/* Patches a function whose name has 512 bytes, one more than the kernel takes. */
#include "sample.h"

#define TIMES_4(text) text text text text
#define NAME TIMES_4(TIMES_4(TIMES_4("kpe_____")))

static int patched(struct seq_file *m, void *v)
{
	return 0;
}

SAMPLE_PATCH(NULL, NAME, patched);
