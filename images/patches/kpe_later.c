// SPDX-License-Identifier: GPL-2.0-or-later
/* Stands for a driver that is loaded after the patch for it: /proc/kpe_later. */
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>

static noinline int kpe_later_show(struct seq_file *m, void *v)
{
	seq_puts(m, "original\n");
	return 0;
}

static int __init kpe_later_init(void)
{
	return proc_create_single("kpe_later", 0444, NULL, kpe_later_show) ? 0 : -ENOMEM;
}

static void __exit kpe_later_exit(void)
{
	remove_proc_entry("kpe_later", NULL);
}

module_init(kpe_later_init);
module_exit(kpe_later_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("kpatch-early sample driver");
