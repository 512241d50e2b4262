// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Wants a symbol, and never uses it. That no kernel has it is what tests/boot/rules.sh makes other wants of: another name, or
 * a livepatch relocation of this section.
 */
#include "sample.h"

extern char kpe_wanted[];

static const void *wanted __used __section(".wanted") = kpe_wanted;

static int patched(struct seq_file *m, void *v)
{
	seq_puts(m, "patched by lp_wants\n");
	return 0;
}

SAMPLE_PATCH(NULL, "version_proc_show", patched);
