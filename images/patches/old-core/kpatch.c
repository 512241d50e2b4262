// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Stands in for kpatch's core module in tests: it has that one's name, its place in sysfs,
 * and its answer EBUSY. It patches by ftrace too, but does not look whether a task is in a
 * function that changes. Not for use: the real one is kmod/core of kpatch.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/string.h>
#include "standin.h"

static bool old_layout;
module_param(old_layout, bool, 0444);
MODULE_PARM_DESC(old_layout, "sysfs is as before kpatch 0.4");

static int busy;
module_param(busy, int, 0444);
MODULE_PARM_DESC(busy, "so many registrations are refused as if a task was in the function");

static struct kobject *top, *patches;

static void notrace standin_handler(unsigned long ip, unsigned long parent_ip,
				    struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	struct standin_patch *patch = container_of(ops, struct standin_patch, ops);

	ftrace_get_regs(fregs)->ip = (unsigned long)patch->replacement;
}

static int standin_enable(struct standin_patch *patch)
{
	int ret;

	if (busy > 0) {
		busy--;
		pr_err("activeness safety check failed for '%s'\n", patch->function);
		return -EBUSY;
	}
	patch->ops.func = standin_handler;
	patch->ops.flags = FTRACE_OPS_FL_SAVE_REGS | FTRACE_OPS_FL_IPMODIFY;
	ret = ftrace_set_filter(&patch->ops, patch->function, strlen(patch->function), 1);
	if (!ret)
		ret = register_ftrace_function(&patch->ops);
	if (ret)
		return ret;
	__module_get(patch->mod);
	patch->enabled = true;
	pr_notice("loaded patch module '%s'\n", patch->mod->name);
	return 0;
}

static int standin_disable(struct standin_patch *patch)
{
	int ret = unregister_ftrace_function(&patch->ops);

	if (ret)
		return ret;
	patch->enabled = false;
	module_put(patch->mod);
	pr_notice("unloaded patch module '%s'\n", patch->mod->name);
	return 0;
}

static ssize_t enabled_show(struct kobject *kobj, struct kobj_attribute *attribute, char *text)
{
	return sprintf(text, "%d\n", container_of(kobj, struct standin_patch, kobj)->enabled);
}

static ssize_t enabled_store(struct kobject *kobj, struct kobj_attribute *attribute,
			     const char *text, size_t count)
{
	struct standin_patch *patch = container_of(kobj, struct standin_patch, kobj);
	bool enable;
	int ret = kstrtobool(text, &enable);

	if (!ret && enable == patch->enabled)
		ret = -EINVAL;
	if (!ret)
		ret = enable ? standin_enable(patch) : standin_disable(patch);
	return ret ? ret : count;
}

static struct kobj_attribute enabled_attribute = __ATTR(enabled, 0644, enabled_show, enabled_store);
static struct attribute *standin_attrs[] = { &enabled_attribute.attr, NULL };
ATTRIBUTE_GROUPS(standin);

static void standin_release(struct kobject *kobj)
{
}

static struct kobj_type standin_type = {
	.release = standin_release,
	.sysfs_ops = &kobj_sysfs_ops,
	.default_groups = standin_groups,
};

/* A directory for the object and one in it for the function, or "functions" and one. */
static int standin_add_directories(struct standin_patch *patch)
{
	char name[KSYM_NAME_LEN + 2];

	snprintf(name, sizeof(name), old_layout ? "%s" : "%s,1", patch->function);
	patch->object = kobject_create_and_add(old_layout ? "functions" : "vmlinux", &patch->kobj);
	if (!patch->object)
		return -ENOMEM;
	patch->function_kobj = kobject_create_and_add(name, patch->object);
	return patch->function_kobj ? 0 : -ENOMEM;
}

void kpatch_remove(struct standin_patch *patch)
{
	kobject_put(patch->function_kobj);
	kobject_put(patch->object);
	kobject_put(&patch->kobj);
}
EXPORT_SYMBOL_GPL(kpatch_remove);

int kpatch_register(struct standin_patch *patch)
{
	int ret = kobject_init_and_add(&patch->kobj, &standin_type, patches, "%s", patch->mod->name);

	if (!ret)
		ret = standin_add_directories(patch);
	if (!ret)
		ret = standin_enable(patch);
	if (ret)
		kpatch_remove(patch);
	return ret;
}
EXPORT_SYMBOL_GPL(kpatch_register);

static int __init standin_init(void)
{
	top = kobject_create_and_add("kpatch", kernel_kobj);
	if (!top)
		return -ENOMEM;
	patches = old_layout ? kobject_create_and_add("patches", top) : kobject_get(top);
	if (patches)
		return 0;
	kobject_put(top);
	return -ENOMEM;
}

static void __exit standin_exit(void)
{
	kobject_put(patches);
	kobject_put(top);
}

module_init(standin_init);
module_exit(standin_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("stands in for kpatch's core module in tests of kpatch-early");
