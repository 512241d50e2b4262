// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/guard/slots.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/file.h"
#include "common/text.h"

#define LABEL "PARTLABEL="
#define BLOCK_FOLDER "/sys/class/block"
#define UEVENT_BYTES 4096

/* Aligned for O_DIRECT. */
static unsigned char block[SLOT_BYTES] __attribute__((aligned(4096)));

/* The value of @key, with its '=', in @text, a line each; cut off in place. NULL if it has none. */
static char *find_line(char *text, const char *key)
{
	char *line, *rest = text;

	while ((line = strsep(&rest, "\n")))
		if (!strncmp(line, key, strlen(key)))
			return line + strlen(key);
	return NULL;
}

/* Whether the kernel's block device @device has the label @label. */
static bool has_label(const char *root, const char *device, const char *label)
{
	static char text[UEVENT_BYTES];
	char path[PATH_MAX];
	const char *found;

	if (file_path(path, root, BLOCK_FOLDER "/%s/uevent", device) ||
	    file_read(path, text, sizeof(text)) < 0)
		return false;
	found = find_line(text, "PARTNAME=");
	return found && !strcmp(found, label);
}

/* The names in /sys have '!' for the '/' of /dev (drivers/base/core.c, device_get_devnode). */
int slots_find(const char *root, const char *name, char *ret)
{
	char folder_path[PATH_MAX];
	struct dirent *entry;
	int err = -ENOENT;

	*ret = '\0';
	if (strncmp(name, LABEL, strlen(LABEL)))
		return file_path(ret, root, "%s", name);
	if (file_path(folder_path, root, BLOCK_FOLDER))
		return -ENAMETOOLONG;
	CLOSE_FOLDER *folder = opendir(folder_path);
	while (folder && (entry = readdir(folder)))
		if (has_label(root, entry->d_name, name + strlen(LABEL))) {
			if (err != -ENOENT) {
				*ret = '\0';
				return -ENOTUNIQ;
			}
			for (char *c = strchr(entry->d_name, '!'); c; c = strchr(c, '!'))
				*c = '/';
			err = file_path(ret, root, "/dev/%s", entry->d_name);
		}
	return err;
}

static int open_store(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	int err = 0;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st))
		err = -errno;
	else if (!S_ISREG(st.st_mode) && !S_ISBLK(st.st_mode))
		err = -ENOTSUP;
	else if (S_ISREG(st.st_mode) && (st.st_uid != 0 || st.st_mode & (S_IWGRP | S_IWOTH)))
		err = -EPERM;
	if (err)
		file_close(&fd);
	return err ? err : fd;
}

static int move_block(int fd, unsigned int slot, bool out)
{
	off_t offset = (off_t)slot * SLOT_DISTANCE;
	ssize_t n;

	do
		n = out ? pwrite(fd, block, SLOT_BYTES, offset) : pread(fd, block, SLOT_BYTES, offset);
	while (n < 0 && errno == EINTR);
	if (n < 0 || (out && fsync(fd)))
		return -errno;
	return n == SLOT_BYTES ? 0 : -ENOSPC;
}

/*
 * Between the block and a slot. Without the page cache where that can be, so that what is read back
 * is the disk's: EINVAL says that the file system, or a disk with larger sectors, cannot.
 */
static int transfer(const char *path, unsigned int slot, bool out)
{
	static const int cache[] = { O_DIRECT, 0 };
	int err = -EINVAL;

	for (size_t i = 0; i < ARRAY_SIZE(cache) && err == -EINVAL; i++) {
		CLOSE_FD fd = open_store(path, (out ? O_RDWR : O_RDONLY) | cache[i]);

		err = fd < 0 ? fd : move_block(fd, slot, out);
	}
	return err;
}

static bool is_empty(void)
{
	for (size_t i = 0; i < sizeof(block); i++)
		if (block[i])
			return false;
	return true;
}

/* What is in a slot that has been read. */
static enum guard_store_state look_at_block(struct record *ret)
{
	if (is_empty())
		return GUARD_STORE_NOT_MADE;
	if (!record_is_one(block))
		return GUARD_STORE_FOREIGN;
	return record_decode(block, ret) ? GUARD_STORE_DAMAGED : GUARD_STORE_OK;
}

static enum guard_store_state read_slot(const char *path, unsigned int slot, struct record *ret,
					int *ret_err)
{
	int err = transfer(path, slot, false);

	if (!err)
		return look_at_block(ret);
	if (err == -ENOSPC)
		return GUARD_STORE_SHORT;
	*ret_err = err;
	return GUARD_STORE_UNREADABLE;
}

/* Of the states of two slots, the one that counts for both: the first of these that one of them is in. */
static enum guard_store_state worse(enum guard_store_state a, enum guard_store_state b)
{
	static const enum guard_store_state order[] = {
		GUARD_STORE_OK, GUARD_STORE_UNREADABLE, GUARD_STORE_SHORT, GUARD_STORE_FOREIGN,
		GUARD_STORE_DAMAGED,
	};

	for (size_t i = 0; i < ARRAY_SIZE(order); i++)
		if (a == order[i] || b == order[i])
			return order[i];
	return GUARD_STORE_NOT_MADE;
}

enum guard_store_state slots_read(const char *path, struct record *ret, unsigned int *ret_slot,
				  int *ret_err)
{
	enum guard_store_state states[2];
	struct record records[2];
	unsigned int newest;

	for (unsigned int slot = 0; slot < 2; slot++) {
		states[slot] = read_slot(path, slot, &records[slot], ret_err);
		/* What is true of the whole place, as that it is missing. A bad sector is of one slot. */
		if (states[slot] == GUARD_STORE_UNREADABLE && *ret_err != -EIO)
			return GUARD_STORE_UNREADABLE;
	}
	if (states[0] == GUARD_STORE_OK && states[1] == GUARD_STORE_OK)
		newest = records[1].sequence >= records[0].sequence;
	else
		newest = states[1] == GUARD_STORE_OK;
	if (states[newest] == GUARD_STORE_OK) {
		*ret = records[newest];
		*ret_slot = newest;
	}
	return worse(states[0], states[1]);
}

static void fill(const struct record *record)
{
	memset(block, 0, sizeof(block));
	record_encode(record, block);
}

int slots_write(const char *path, unsigned int slot, const struct record *record)
{
	unsigned char written[RECORD_BYTES];
	int err;

	fill(record);
	memcpy(written, block, sizeof(written));
	err = transfer(path, slot, true);
	if (!err)
		err = transfer(path, slot, false);
	return err ? err : memcmp(written, block, sizeof(written)) ? -EIO : 0;
}

/* A file to its full length: the early writes need no room. */
static int make_file(const char *path)
{
	CLOSE_FD fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int err = 0;

	if (fd < 0)
		return errno == EEXIST ? 0 : -errno;
	memset(block, 0, sizeof(block));
	for (size_t len = 0; len < SLOT_DISTANCE + SLOT_BYTES && !err; len += SLOT_BYTES)
		err = file_write_all(fd, block, SLOT_BYTES);
	if (!err)
		file_sync_folder(path);
	return err;
}

/* Swap and small file systems begin with zeros: all of it must be zero, but for slots. A device in use is EBUSY. */
static int check_is_free(const char *path)
{
	CLOSE_FD fd = open_store(path, O_RDONLY | O_EXCL);

	if (fd < 0)
		return fd;
	for (off_t at = 0; at <= SLOT_DISTANCE; at += SLOT_BYTES) {
		ssize_t n = pread(fd, block, SLOT_BYTES, at);

		if (n != SLOT_BYTES)
			return n < 0 ? -errno : -ENOSPC;
		if (!is_empty() && (at % SLOT_DISTANCE || !record_is_one(block)))
			return -EEXIST;
	}
	return 0;
}

enum guard_store_state slots_create(const char *path, const struct record *record, int *ret_err)
{
	enum guard_store_state state;
	struct record found;
	unsigned int slot;
	int err = make_file(path);

	if (!err)
		err = check_is_free(path);
	*ret_err = err;
	if (err == -EEXIST)
		return GUARD_STORE_FOREIGN;
	if (err)
		return err == -ENOSPC ? GUARD_STORE_SHORT : GUARD_STORE_UNREADABLE;
	state = slots_read(path, &found, &slot, ret_err);
	if (state != GUARD_STORE_DAMAGED && state != GUARD_STORE_NOT_MADE)
		return state;
	*ret_err = slots_write(path, 0, record);
	return *ret_err ? GUARD_STORE_UNREADABLE : GUARD_STORE_OK;
}
