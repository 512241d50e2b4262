/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's own view of live patches, /sys/kernel/livepatch, and waiting for it to change.
 * Documented in Documentation/ABI/testing/sysfs-kernel-livepatch. Loads nothing.
 */
#ifndef LIVEPATCH_H
#define LIVEPATCH_H

#include <stdbool.h>

enum livepatch_state {
	LIVEPATCH_ABSENT,	/* no live patch of that name */
	LIVEPATCH_DISABLED,
	LIVEPATCH_DISABLING,
	LIVEPATCH_ENABLING,
	LIVEPATCH_UNKNOWN,	/* there is one, but what sysfs says of it cannot be read */
	LIVEPATCH_ENABLED,	/* in force in each task: enabled is 1, transition is 0 */
};

/* State of patch @name, below @root. */
enum livepatch_state livepatch_state(const char *root, const char *name);

/*
 * Waits while @name is enabling, disabling or not to be read, at growing intervals from 1 ms, but not longer
 * than @deadline_ms, a point on the clock of clock.h. Returns the state at the end.
 */
enum livepatch_state livepatch_wait(const char *root, const char *name,
				    unsigned long long deadline_ms);

/*
 * Turns @name off by writing 0 to "enabled", also in the middle of its transition, and waits
 * for that like livepatch_wait. Returns 0, -ETIMEDOUT, or -errno of the write.
 */
int livepatch_reverse(const char *root, const char *name, unsigned long long deadline_ms);

/*
 * True if something is going on now that makes the kernel answer EBUSY and that will end:
 * any patch in transition, or module @name coming or going.
 */
bool livepatch_is_busy(const char *root, const char *name);

/*
 * True if no patch is there. A folder's links tell in sysfs (kernfs_refresh_inode() in fs/kernfs/inode.c); where a
 * file system does not count folders so, false.
 */
bool livepatch_is_none(const char *root);

/*
 * True if @name may displace the patches before it: its "replace" is 1, or the kernel, older
 * than 6.11, does not tell.
 */
bool livepatch_may_replace(const char *root, const char *name);

/* True if a module @name is in the kernel, as a live patch or not. */
bool livepatch_module_is_loaded(const char *root, const char *name);

#endif
