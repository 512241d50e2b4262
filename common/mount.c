// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/mount.h"

#include <errno.h>
#include <limits.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "common/file.h"

/* From linux/magic.h, which musl lacks. rootfs is one of these two (init/do_mounts.c). */
#define RAMFS_MAGIC	0x858458f6
#define TMPFS_MAGIC	0x01021994

static bool is_mount_point(const char *path)
{
	char parent[PATH_MAX];
	struct stat above, st;

	if (file_path(parent, path, "/..") || stat(parent, &above) || stat(path, &st))
		return false;
	return st.st_dev != above.st_dev;
}

int mount_missing(struct mount *fs)
{
	bool made;
	int err;

	if ((fs->sign && !access(fs->sign, F_OK)) || is_mount_point(fs->directory))
		return 0;
	made = !mkdir(fs->directory, 0755);
	/* mkdir(2) on a read-only root answers EEXIST before EROFS. */
	if (!made && errno != EEXIST)
		return -errno;
	if (!mount(fs->type, fs->directory, fs->type, fs->flags, fs->options)) {
		fs->state = made ? MOUNT_DONE_ON_NEW_DIRECTORY : MOUNT_DONE;
		return 0;
	}
	err = -errno;
	if (made)
		rmdir(fs->directory);
	return err;
}

void mount_undo(struct mount *fs)
{
	/* Detached, it goes even while a file in it is open, such as the kernel log. */
	if (fs->state != MOUNT_UNCHANGED)
		umount2(fs->directory, MNT_DETACH);
	if (fs->state == MOUNT_DONE_ON_NEW_DIRECTORY)
		rmdir(fs->directory);
	fs->state = MOUNT_UNCHANGED;
}

bool mount_root_is_in_memory(void)
{
	struct statfs root;

	if (statfs("/", &root))
		return false;
	return root.f_type == RAMFS_MAGIC || root.f_type == TMPFS_MAGIC;
}

/* A root that --root names needs the file even if it is "/". */
bool mount_is_initramfs(const char *root)
{
	if (!*root && mount_root_is_in_memory())
		return true;
	return file_is_there(root, "/etc/initrd-release");
}
