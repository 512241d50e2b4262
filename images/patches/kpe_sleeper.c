// SPDX-License-Identifier: GPL-2.0-or-later
/* A kernel thread that sleeps in one function for ever, so that no patch of it can finish. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static struct task_struct *sleeper;

int kpe_sleeper_thread(void *unused);

noinline int kpe_sleeper_thread(void *unused)
{
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}
EXPORT_SYMBOL_GPL(kpe_sleeper_thread);

static int __init kpe_sleeper_init(void)
{
	sleeper = kthread_run(kpe_sleeper_thread, NULL, "kpe_sleeper");
	return PTR_ERR_OR_ZERO(sleeper);
}

static void __exit kpe_sleeper_exit(void)
{
	kthread_stop(sleeper);
}

module_init(kpe_sleeper_init);
module_exit(kpe_sleeper_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("kpatch-early sample of a task that stalls a transition");
