/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The frame of a sample live patch: one function of one object is replaced, and with SAMPLE_FUNCTIONs behind it others, too.
 * OBJECT is NULL for vmlinux. With SAMPLE_REPLACE, all patches before are displaced.
 */
#include <linux/kernel.h>
#include <linux/livepatch.h>
#include <linux/module.h>
#include <linux/seq_file.h>

#ifndef SAMPLE_REPLACE
#define SAMPLE_REPLACE false
#endif
#ifndef SAMPLE_POSITION
#define SAMPLE_POSITION 0
#endif
#ifndef SAMPLE_CALLBACKS
#define SAMPLE_CALLBACKS { }
#endif
#ifndef SAMPLE_INIT
#define SAMPLE_INIT klp_enable_patch(&patch)
#endif

#define SAMPLE_FUNCTION(old, new)						\
	{ .old_name = old, .new_func = new, .old_sympos = SAMPLE_POSITION }

#define SAMPLE_PATCH(object, old, new, ...)					\
	static struct klp_func funcs[] = {					\
		SAMPLE_FUNCTION(old, new), ##__VA_ARGS__, { }			\
	};									\
	static struct klp_object objects[] = {					\
		{ .name = object, .funcs = funcs,				\
		  .callbacks = SAMPLE_CALLBACKS }, { }				\
	};									\
	static struct klp_patch __maybe_unused patch = {			\
		.mod = THIS_MODULE, .objs = objects, .replace = SAMPLE_REPLACE,	\
	};									\
	static int __init sample_init(void) { return SAMPLE_INIT; }		\
	static void __exit sample_exit(void) { }				\
	module_init(sample_init);						\
	module_exit(sample_exit);						\
	MODULE_LICENSE("GPL");							\
	MODULE_DESCRIPTION("kpatch-early sample patch");			\
	MODULE_INFO(livepatch, "Y")
