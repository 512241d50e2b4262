/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's own view of live patches, /sys/kernel/livepatch: reads it, waits for a
 * change, and has a patch turned off. Loads nothing. The source is
 * Documentation/ABI/testing/sysfs-kernel-livepatch. Where kpatch's core module patches,
 * its view is /sys/kernel/kpatch; the source is kmod/patch/kpatch-patch-hook.c of kpatch.
 */
#ifndef LIVEPATCH_H
#define LIVEPATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "common/bounds.h"

struct status;

enum livepatch_state {
	LIVEPATCH_ABSENT,	/* there is no live patch of that name */
	LIVEPATCH_DISABLED,
	LIVEPATCH_DISABLING,
	LIVEPATCH_ENABLING,
	LIVEPATCH_UNKNOWN,	/* there is one, but its attributes cannot be read */
	LIVEPATCH_ENABLED,	/* in force in each task: enabled is 1, transition is 0 */
};

/*
 * Returns the directory, without @root, in which the kernel tells of patch @name; its own
 * if nothing does. If @name is empty, the first such directory that is there.
 */
const char *livepatch_directory(const char *root, const char *name);

/*
 * True if kpatch's core module is loaded. It patches at once or refuses: there is no
 * transition, and EBUSY is its answer while a task is in a function that would change
 * (kpatch_verify_activeness_safety() in kmod/core/core.c of kpatch).
 */
bool livepatch_is_by_core(const char *root);

/* Returns the state of patch @name, below @root. */
enum livepatch_state livepatch_state(const char *root, const char *name);

/*
 * Returns kpatch's word for @state. A patch that sysfs does not show, as a replaced one,
 * is disabled.
 */
const char *livepatch_state_word(enum livepatch_state state);

/*
 * Waits while @name is enabling, disabling or unknown, but not longer than @deadline_ms,
 * a point on the clock of clock.h. Looks at growing intervals from 1 ms. Returns the
 * state at the end.
 */
enum livepatch_state livepatch_wait(const char *root, const char *name,
				    unsigned long long deadline_ms);

/*
 * Begins to turn @name off by writing 0 to "enabled", also in the middle of its
 * transition. Waits for nothing. Returns 0 or -errno.
 */
int livepatch_reverse(const char *root, const char *name);

/*
 * True if the kernel answers EBUSY now for a reason that will pass: any patch is in
 * transition, or module @name is coming or going.
 */
bool livepatch_is_busy(const char *root, const char *name);

/*
 * True if there is no patch. In sysfs the links of a directory count its directories
 * (kernfs_refresh_inode() in fs/kernfs/inode.c). False in a file system that does not
 * count so.
 */
bool livepatch_is_none(const char *root);

/*
 * True if @name may replace the patches before it: its "replace" is 1, or the kernel is
 * older than 6.11 and has no such attribute. With the core module, it was asked to.
 */
bool livepatch_may_replace(const char *root, const char *name);

/* True if the kernel says that @name replaces them. Before 6.11 it never does. */
bool livepatch_replaces(const char *root, const char *name);

/* Functions of some patches, as OBJECT/FUNCTION,POSITION, with a NUL behind each. */
struct livepatch_functions {
	size_t used;
	char text[KNOWN_FUNCTIONS_BYTES_MAX];
};

/*
 * Adds the functions that patch @name patches to @functions. Adds none, and returns
 * false, if they do not fit or cannot be read, as with the core module.
 */
bool livepatch_add_functions(const char *root, const char *name,
			     struct livepatch_functions *functions);

/*
 * True if patch @name patches @function, which is one of struct livepatch_functions. In
 * the transition of a patch that replaces others, it has their functions too
 * (klp_add_nops() in kernel/livepatch/core.c), but not after its transition.
 */
bool livepatch_has_function(const char *root, const char *name, const char *function);

/* True if a module @name is in the kernel, be it a live patch or not. */
bool livepatch_module_is_loaded(const char *root, const char *name);

/*
 * True if module @name is being loaded: its init has not returned
 * (/sys/module/NAME/initstate).
 */
bool livepatch_module_is_coming(const char *root, const char *name);

/*
 * Returns the name of a patch that failed, as @status says, and that is still being
 * loaded; NULL if there is none. Such a load holds klp_mutex (klp_enable_patch() in
 * kernel/livepatch/core.c), and whoever writes to "enabled" waits behind it.
 */
const char *livepatch_find_coming(const char *root, const struct status *status);

#endif
