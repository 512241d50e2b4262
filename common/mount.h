/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mounts a file system of the kernel's where none is mounted yet, and unmounts it again.
 * Does not choose which, and prints nothing.
 */
#ifndef MOUNT_H
#define MOUNT_H

#include <stdbool.h>

/* What mount_missing did, for mount_undo. */
enum mount_state {
	MOUNT_UNCHANGED,		/* it mounted nothing */
	MOUNT_DONE,
	MOUNT_DONE_ON_NEW_DIRECTORY,	/* it made the directory too */
};

struct mount {
	const char *type;
	const char *directory;
	const char *sign;	/* a path that exists once it is mounted; or NULL */
	const char *options;	/* or NULL */
	unsigned long flags;	/* of mount(2) */
	bool stays;		/* a note of the caller's: it is not to be unmounted */
	enum mount_state state;
};

/*
 * Mounts @fs unless its sign exists or anything is mounted on its directory. Makes the
 * directory if it is missing.
 * Returns:
 *   0        also if there was nothing to do
 *   -errno   of mkdir(2) or mount(2); nothing is changed then
 */
int mount_missing(struct mount *fs);

/*
 * Undoes what mount_missing did, for every process at once. Does nothing after
 * MOUNT_UNCHANGED.
 */
void mount_undo(struct mount *fs);

/* True if the root's file system has no disk, as that of an initramfs. */
bool mount_root_is_in_memory(void);

/*
 * True if @root is that of an initramfs: it has /etc/initrd-release, or it is the real
 * root (empty) and in memory.
 */
bool mount_is_initramfs(const char *root);

#endif
