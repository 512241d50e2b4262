// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/guard/efivar.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/file.h"

/*
 * From linux/fs.h, which musl lacks. The kernel reads and writes an int, whatever these
 * say (ioctl_getflags(); before 5.13 efivarfs_ioc_getxflags() in fs/efivarfs/file.c).
 */
#define FS_IOC_GETFLAGS		_IOR('f', 1, long)
#define FS_IOC_SETFLAGS		_IOW('f', 2, long)
#define FS_IMMUTABLE_FL		0x10

#define DIR_PATH "/sys/firmware/efi/efivars"

/* UEFI 2.10, 8.2.1: NON_VOLATILE, BOOTSERVICE_ACCESS and RUNTIME_ACCESS. */
#define ATTRIBUTES 4
#define BYTES (ATTRIBUTES + RECORD_BYTES)
static const unsigned char attributes[ATTRIBUTES] = { 7 };

enum guard_store_state efivar_open(const char *root, bool dry_run, struct mount *fs,
				   int *ret_err)
{
	int err;

	if (!file_is_there(root, DIR_PATH))
		return GUARD_STORE_NONE;
	if (*root || dry_run)
		return GUARD_STORE_OK;
	/* The rest of it says whether an earlier call has mounted it. */
	fs->type = "efivarfs";
	fs->directory = DIR_PATH;
	fs->flags = MS_NOSUID | MS_NODEV | MS_NOEXEC;
	err = mount_missing(fs);
	if (!err)
		return GUARD_STORE_OK;
	/*
	 * Without runtime services (efi=noruntime, PREEMPT_RT) there is no such file
	 * system.
	 */
	if (err == -ENODEV)
		return GUARD_STORE_HIDDEN;
	*ret_err = err;
	return GUARD_STORE_UNREADABLE;
}

static void encode_variable(const struct record *record, unsigned char ret[BYTES])
{
	memcpy(ret, attributes, ATTRIBUTES);
	record_encode(record, ret + ATTRIBUTES);
}

static enum guard_store_state fail_at_variable(int err, int *ret_err)
{
	*ret_err = err;
	return err == -ENOENT ? GUARD_STORE_NOT_MADE : GUARD_STORE_UNREADABLE;
}

/* A variable of another size is damaged. */
static enum guard_store_state read_variable(const char *path, unsigned char ret[BYTES],
					    int *ret_err)
{
	char bytes[BYTES + 2];	/* one byte more shows a longer variable, then the NUL */
	ssize_t len = file_read(path, bytes, sizeof(bytes));

	if (len < 0 && len != -EFBIG)
		return fail_at_variable((int)len, ret_err);
	if (len != BYTES)
		return GUARD_STORE_DAMAGED;
	memcpy(ret, bytes, BYTES);
	return GUARD_STORE_OK;
}

enum guard_store_state efivar_read(const char *path, struct record *ret, int *ret_err)
{
	unsigned char bytes[BYTES];
	enum guard_store_state state = read_variable(path, bytes, ret_err);

	if (state == GUARD_STORE_OK && !record_decode(bytes + ATTRIBUTES, ret))
		return GUARD_STORE_DAMAGED;
	return state;
}

/*
 * One write(2) is one SetVariable(), which the firmware does wholly or not at all.
 * Returns 0 or -errno.
 */
static int write_variable(int fd, const unsigned char bytes[BYTES])
{
	unsigned int interruptions = 0;
	ssize_t n;

	do
		n = write(fd, bytes, BYTES);
	while (n < 0 && errno == EINTR && ++interruptions < INTERRUPTIONS_MAX);
	return n < 0 ? -errno : 0;
}

static int overwrite_variable(const char *path, const unsigned char bytes[BYTES])
{
	CLOSE_FD fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);

	return fd < 0 ? -errno : write_variable(fd, bytes);
}

/* After a write that returned @err. */
static enum guard_store_state compare_variable(const char *path,
					       const unsigned char bytes[BYTES], int err,
					       int *ret_err)
{
	enum guard_store_state state;
	unsigned char now[BYTES];

	if (err)
		return fail_at_variable(err, ret_err);
	state = read_variable(path, now, ret_err);
	if (state == GUARD_STORE_OK && memcmp(now, bytes, BYTES))
		return GUARD_STORE_LOST;
	return state;
}

enum guard_store_state efivar_write(const char *path, const struct record *record,
				    int *ret_err)
{
	CLOSE_FD fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	unsigned char bytes[BYTES];
	int flags = 0, cleared, err;
	struct stat st;

	if (fd < 0 || fstat(fd, &st))
		return fail_at_variable(-errno, ret_err);
	if (st.st_size != BYTES)
		return GUARD_STORE_DAMAGED;
	/* Where the flag cannot be read or cleared, the write tells. */
	if (!ioctl(fd, FS_IOC_GETFLAGS, &flags) && flags & FS_IMMUTABLE_FL) {
		cleared = flags & ~FS_IMMUTABLE_FL;
		ioctl(fd, FS_IOC_SETFLAGS, &cleared);
	}
	encode_variable(record, bytes);
	err = overwrite_variable(path, bytes);
	if (flags & FS_IMMUTABLE_FL)
		ioctl(fd, FS_IOC_SETFLAGS, &flags);
	return compare_variable(path, bytes, err, ret_err);
}

enum guard_store_state efivar_remove(const char *path, int *ret_err)
{
	CLOSE_FD fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	int flags = 0;

	if (fd < 0)
		return fail_at_variable(-errno, ret_err);
	if (!ioctl(fd, FS_IOC_GETFLAGS, &flags) && flags & FS_IMMUTABLE_FL) {
		flags &= ~FS_IMMUTABLE_FL;
		ioctl(fd, FS_IOC_SETFLAGS, &flags);
	}
	return unlink(path) ? fail_at_variable(-errno, ret_err) : GUARD_STORE_OK;
}

enum guard_store_state efivar_create(const char *path, const struct record *record,
				     int *ret_err)
{
	CLOSE_FD fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	unsigned char bytes[BYTES];
	int err;

	if (fd < 0)
		return fail_at_variable(-errno, ret_err);
	encode_variable(record, bytes);
	err = write_variable(fd, bytes);
	if (err)
		unlink(path);	/* there is no variable, only a name in this mount */
	return compare_variable(path, bytes, err, ret_err);
}
