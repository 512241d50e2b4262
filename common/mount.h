/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One of the kernel's file systems: mounting it where nothing is yet, and undoing that. Does not
 * choose which, and never speaks.
 */
#ifndef MOUNT_H
#define MOUNT_H

#include <stdbool.h>

struct mount {
	const char *type;
	const char *folder;
	const char *sign;	/* is there where something is mounted; NULL: only a mount tells */
	const char *options;	/* or NULL */
	unsigned long flags;	/* of mount(2) */
	bool stays;		/* for the caller: never to be undone */
	bool made_folder;	/* these two for mount_undo */
	bool mounted;
};

/*
 * Mounts @fs unless its sign, or any mount, is there already; makes its folder where that is missing.
 * Returns 0, also when there was nothing to do, or -errno; then nothing has changed.
 */
int mount_missing(struct mount *fs);

/* Takes back what mount_missing did, for every process at once; nothing if it did nothing. */
void mount_undo(struct mount *fs);

/* True if the root is an initramfs, as far as that can be told: its file system has no disk. */
bool mount_root_is_in_memory(void);

/* Whether @root, empty for the real one, is that of an initramfs: it is in memory, or has /etc/initrd-release. */
bool mount_is_initramfs(const char *root);

#endif
