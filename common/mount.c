// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/mount.h"

#include <errno.h>
#include <limits.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "common/file.h"

/* linux/magic.h, which musl does not have. rootfs is one or the other (init/do_mounts.c). */
#define RAMFS_MAGIC	0x858458f6
#define TMPFS_MAGIC	0x01021994

static bool is_mount_point(const char *folder)
{
	char parent[PATH_MAX];
	struct stat above, st;

	return !file_path(parent, folder, "/..") && !stat(parent, &above) && !stat(folder, &st) &&
	       st.st_dev != above.st_dev;
}

int mount_missing(struct mount *fs)
{
	int err;

	if ((fs->sign && !access(fs->sign, F_OK)) || is_mount_point(fs->folder))
		return 0;
	fs->made_folder = !mkdir(fs->folder, 0755);
	/* A read-only root answers EROFS only where the folder is missing. */
	if (!fs->made_folder && errno != EEXIST)
		return -errno;
	fs->mounted = !mount(fs->type, fs->folder, fs->type, fs->flags, fs->options);
	if (fs->mounted)
		return 0;
	err = -errno;
	mount_undo(fs);
	return err;
}

void mount_undo(struct mount *fs)
{
	/* Lazily: what is still open in it, such as the kernel log, would keep it busy. */
	if (fs->mounted)
		umount2(fs->folder, MNT_DETACH);
	if (fs->made_folder)
		rmdir(fs->folder);
	fs->mounted = fs->made_folder = false;
}

bool mount_root_is_in_memory(void)
{
	struct statfs root;

	return !statfs("/", &root) && (root.f_type == RAMFS_MAGIC || root.f_type == TMPFS_MAGIC);
}

/* What --root names has to have the mark, since it may be "/". */
bool mount_is_initramfs(const char *root)
{
	char path[PATH_MAX];

	return (!*root && mount_root_is_in_memory()) ||
	       (!file_path(path, root, "/etc/initrd-release") && !access(path, F_OK));
}
