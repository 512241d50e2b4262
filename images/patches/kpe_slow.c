// SPDX-License-Identifier: GPL-2.0-or-later
/* A module whose init takes three seconds, and says when they begin. */
#include <linux/delay.h>
#include <linux/module.h>

void kpe_slow(const char *who);

void kpe_slow(const char *who)
{
	pr_notice("%s begins\n", who);
	msleep(3000);
}
EXPORT_SYMBOL_GPL(kpe_slow);

static int __init kpe_slow_init(void)
{
	kpe_slow("kpe_slow");
	return 0;
}

static void __exit kpe_slow_exit(void)
{
}

module_init(kpe_slow_init);
module_exit(kpe_slow_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("kpatch-early sample of a slow driver");
