/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What patches of the tests hand to the core module that stands in for kpatch's. The real
 * one takes many functions of many objects, and other structs.
 */
#include <linux/ftrace.h>
#include <linux/kobject.h>
#include <linux/module.h>
#include <linux/seq_file.h>

struct standin_patch {
	struct module *mod;
	char *function;			/* of vmlinux, whose place @replacement takes */
	void *replacement;
	bool enabled;
	struct ftrace_ops ops;
	struct kobject kobj, *object, *function_kobj;
};

int kpatch_register(struct standin_patch *patch);
void kpatch_remove(struct standin_patch *patch);

#define STANDIN_PATCH(old, new)							\
	static struct standin_patch patch = {					\
		.mod = THIS_MODULE, .function = old, .replacement = new,	\
	};									\
	static int __init patch_init(void) { return kpatch_register(&patch); }	\
	static void __exit patch_exit(void) { kpatch_remove(&patch); }		\
	module_init(patch_init);						\
	module_exit(patch_exit);						\
	MODULE_LICENSE("GPL");							\
	MODULE_DESCRIPTION("kpatch-early sample patch for a stand-in core module")
