// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Shuts ftrace down, as the kernel does itself after an inconsistency. The function is not
 * exported, so a kprobe tells where it is.
 */
#include <linux/kprobes.h>
#include <linux/module.h>

static int __init kpe_kill_ftrace_init(void)
{
	struct kprobe probe = { .symbol_name = "ftrace_kill" };
	void (*kill)(void);
	int err = register_kprobe(&probe);

	if (err)
		return err;
	kill = (void (*)(void))probe.addr;
	unregister_kprobe(&probe);
	kill();
	return 0;
}

module_init(kpe_kill_ftrace_init);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("kpatch-early sample of a kernel whose ftrace is dead");
