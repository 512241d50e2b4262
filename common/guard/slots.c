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
#define BLOCK_DIR "/sys/class/block"
#define UEVENT_BYTES 4096
#define SLOTS_BYTES (SLOT_DISTANCE + SLOT_BYTES)	/* both, with what is between */

/* The bytes of a slot, aligned for O_DIRECT. */
struct block {
	unsigned char bytes[SLOT_BYTES];
} __attribute__((aligned(SLOT_DISTANCE)));

/* Whether a block goes to the disk or comes from there. */
enum direction { DIRECTION_READ, DIRECTION_WRITE };

/*
 * Returns the value of @key, which ends with '=', or NULL. @text has a line for each key,
 * and is cut up in place.
 */
static char *find_uevent_value(char *text, const char *key)
{
	char *line, *rest = text;

	while ((line = strsep(&rest, "\n")))
		if (!strncmp(line, key, strlen(key)))
			return line + strlen(key);
	return NULL;
}

/* True if the kernel's block device @device has the label @label. */
static bool has_partition_label(const char *root, const char *device, const char *label)
{
	char path[PATH_MAX], text[UEVENT_BYTES];
	const char *found;

	if (file_path(path, root, BLOCK_DIR "/%s/uevent", device) ||
	    file_read(path, text, sizeof(text)) < 0)
		return false;
	found = find_uevent_value(text, "PARTNAME=");
	return found && !strcmp(found, label);
}

/* /sys has '!' for a '/' of /dev (device_get_devnode() in drivers/base/core.c). */
static int path_of_device(const char *root, char *device, char *ret)
{
	for (char *c = strchr(device, '!'); c; c = strchr(c, '!'))
		*c = '/';
	return file_path(ret, root, "/dev/%s", device);
}

static enum guard_store_state find_partition(const char *root, const char *label,
					     char *ret, int *ret_err)
{
	enum guard_store_state state = GUARD_STORE_MISSING;
	char block_dir[PATH_MAX];
	struct dirent *entry;

	*ret_err = file_path(block_dir, root, BLOCK_DIR);
	CLOSE_DIR *directory = *ret_err ? NULL : opendir(block_dir);
	while (directory && !*ret_err && (entry = readdir(directory))) {
		if (!has_partition_label(root, entry->d_name, label))
			continue;
		if (state == GUARD_STORE_OK) {
			*ret = '\0';
			return GUARD_STORE_AMBIGUOUS;
		}
		*ret_err = path_of_device(root, entry->d_name, ret);
		state = GUARD_STORE_OK;
	}
	return *ret_err ? GUARD_STORE_UNREADABLE : state;
}

enum guard_store_state slots_find(const char *root, const char *name, char *ret,
				  int *ret_err)
{
	*ret = '\0';
	if (!strncmp(name, LABEL, strlen(LABEL)))
		return find_partition(root, name + strlen(LABEL), ret, ret_err);
	*ret_err = file_path(ret, root, "%s", name);
	return *ret_err ? GUARD_STORE_UNREADABLE : GUARD_STORE_OK;
}

/* Whether what @fd names may be used. */
static enum guard_store_state check_store_file(int fd, int *ret_err)
{
	struct stat st;

	if (fstat(fd, &st)) {
		*ret_err = -errno;
		return GUARD_STORE_UNREADABLE;
	}
	if (S_ISBLK(st.st_mode))
		return GUARD_STORE_OK;
	if (!S_ISREG(st.st_mode))
		return GUARD_STORE_NO_FILE;
	return st.st_uid != 0 || st.st_mode & (S_IWGRP | S_IWOTH) ? GUARD_STORE_WRITABLE :
								    GUARD_STORE_OK;
}

/*
 * Opens the store with @flags, of open(2), but only after a check, since some devices do
 * something when they are opened. What was checked is opened, whatever has its name now.
 * The caller closes *@ret_fd unless it is -1.
 */
static enum guard_store_state open_slots(const char *path, int flags, int *ret_fd,
					 int *ret_err)
{
	CLOSE_FD place = open(path, O_PATH | O_CLOEXEC);
	char again[32];
	enum guard_store_state state;

	*ret_fd = -1;
	if (place < 0) {
		*ret_err = -errno;
		return errno == ENOENT ? GUARD_STORE_MISSING : GUARD_STORE_UNREADABLE;
	}
	state = check_store_file(place, ret_err);
	if (state != GUARD_STORE_OK)
		return state;
	snprintf(again, sizeof(again), "/proc/self/fd/%d", place);
	*ret_fd = open(again, flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (*ret_fd >= 0)
		return GUARD_STORE_OK;
	*ret_err = -errno;
	return GUARD_STORE_UNREADABLE;
}

/* What moves a block to or from a slot. */
struct transfer {
	const char *path;
	unsigned int slot;
	enum direction direction;
	struct block *block;
};

/* Returns the number of bytes, fewer if the place ends in the slot; or -errno. */
static ssize_t transfer_block(const struct transfer *transfer, int fd)
{
	off_t offset = (off_t)transfer->slot * SLOT_DISTANCE;
	unsigned char *bytes = transfer->block->bytes;
	bool is_write = transfer->direction == DIRECTION_WRITE;
	unsigned int interruptions = 0;
	ssize_t n;

	do
		n = is_write ? pwrite(fd, bytes, SLOT_BYTES, offset) :
			       pread(fd, bytes, SLOT_BYTES, offset);
	while (n < 0 && errno == EINTR && ++interruptions < INTERRUPTIONS_MAX);
	return n < 0 || (is_write && fsync(fd)) ? -errno : n;
}

static enum guard_store_state transfer_with(const struct transfer *transfer, int flags,
					    int *ret_err)
{
	int mode = transfer->direction == DIRECTION_WRITE ? O_RDWR : O_RDONLY;
	CLOSE_FD fd = -1;
	enum guard_store_state state =
		open_slots(transfer->path, mode | flags, &fd, ret_err);
	ssize_t n;

	if (state != GUARD_STORE_OK)
		return state;
	n = transfer_block(transfer, fd);
	if (n >= 0)
		return n == SLOT_BYTES ? GUARD_STORE_OK : GUARD_STORE_SHORT;
	*ret_err = (int)n;
	return GUARD_STORE_UNREADABLE;
}

/*
 * Moves a block past the page cache if possible: then the disk's own bytes are read
 * back. A file system that cannot, or a disk with larger sectors, answers EINVAL.
 */
static enum guard_store_state transfer_slot(const struct transfer *transfer, int *ret_err)
{
	enum guard_store_state state = transfer_with(transfer, O_DIRECT, ret_err);

	return state == GUARD_STORE_UNREADABLE && *ret_err == -EINVAL ?
		       transfer_with(transfer, 0, ret_err) :
		       state;
}

static bool has_only_zeros(const unsigned char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (bytes[i])
			return false;
	return true;
}

static enum guard_store_state decode_block(const struct block *block, struct record *ret)
{
	if (has_only_zeros(block->bytes, SLOT_BYTES))
		return GUARD_STORE_NOT_MADE;
	if (!record_has_magic(block->bytes))
		return GUARD_STORE_FOREIGN;
	return record_decode(block->bytes, ret) ? GUARD_STORE_OK : GUARD_STORE_DAMAGED;
}

static enum guard_store_state read_slot(const char *path, unsigned int slot,
					struct record *ret, int *ret_err)
{
	struct block block;
	enum guard_store_state state = transfer_slot(&(struct transfer){
		path, slot, DIRECTION_READ, &block }, ret_err);

	return state == GUARD_STORE_OK ? decode_block(&block, ret) : state;
}

/*
 * Returns the state that counts for both slots: the first of these that one of them is
 * in.
 */
static enum guard_store_state state_of_both(enum guard_store_state a,
					    enum guard_store_state b)
{
	static const enum guard_store_state order[] = {
		GUARD_STORE_OK, GUARD_STORE_MISSING, GUARD_STORE_NO_FILE,
		GUARD_STORE_WRITABLE, GUARD_STORE_UNREADABLE, GUARD_STORE_SHORT,
		GUARD_STORE_FOREIGN, GUARD_STORE_DAMAGED,
	};

	for (size_t i = 0; i < ARRAY_SIZE(order); i++)
		if (a == order[i] || b == order[i])
			return order[i];
	return GUARD_STORE_NOT_MADE;
}

enum guard_store_state slots_read(const char *path, struct record *ret,
				  unsigned int *ret_slot, int *ret_err)
{
	enum guard_store_state states[2];
	struct record records[2];
	unsigned int newest;

	for (unsigned int slot = 0; slot < 2; slot++) {
		states[slot] = read_slot(path, slot, &records[slot], ret_err);
		/* A bad sector is of one slot. Any other error is of the whole place. */
		if (states[slot] == GUARD_STORE_UNREADABLE && *ret_err != -EIO)
			return GUARD_STORE_UNREADABLE;
	}
	if (states[0] == GUARD_STORE_OK && states[1] == GUARD_STORE_OK)
		newest = (int32_t)(records[1].sequence - records[0].sequence) >= 0;
	else
		newest = states[1] == GUARD_STORE_OK;
	if (states[newest] == GUARD_STORE_OK) {
		*ret = records[newest];
		/* The next write goes to the other one, but to no bad sector. */
		*ret_slot = newest;
		if (states[!newest] == GUARD_STORE_UNREADABLE)
			*ret_slot = (newest ^ 1) | SLOT_IS_BAD;
	}
	return state_of_both(states[0], states[1]);
}

enum guard_store_state slots_write(const char *path, unsigned int slot,
				   const struct record *record, int *ret_err)
{
	unsigned char written[RECORD_BYTES];
	struct block block;
	struct transfer transfer = { path, slot, DIRECTION_WRITE, &block };
	enum guard_store_state state;

	memset(&block, 0, sizeof(block));
	record_encode(record, block.bytes);
	memcpy(written, block.bytes, sizeof(written));
	state = transfer_slot(&transfer, ret_err);
	transfer.direction = DIRECTION_READ;
	if (state == GUARD_STORE_OK)
		state = transfer_slot(&transfer, ret_err);
	if (state != GUARD_STORE_OK)
		return state;
	return memcmp(written, block.bytes, sizeof(written)) ? GUARD_STORE_LOST :
							       GUARD_STORE_OK;
}

/*
 * Finds whether nothing but zeros and records is there, up to the end of the slots. It is
 * not enough to look at the begin, since swap and small file systems begin with zeros.
 * Returns:
 *   GUARD_STORE_OK
 *   GUARD_STORE_FOREIGN      something else is there
 *   GUARD_STORE_SHORT        the place ends before the slots do
 *   another state            as open_slots; *@ret_err is -EBUSY for a device in use
 */
static enum guard_store_state check_is_free(const char *path, int *ret_err)
{
	CLOSE_FD fd = -1;
	enum guard_store_state state =
		open_slots(path, O_RDONLY | O_EXCL, &fd, ret_err);
	struct block block;

	if (state != GUARD_STORE_OK)
		return state;
	for (off_t at = 0; at <= SLOT_DISTANCE; at += SLOT_BYTES) {
		ssize_t n = pread(fd, block.bytes, SLOT_BYTES, at);

		if (n < 0) {
			*ret_err = -errno;
			return GUARD_STORE_UNREADABLE;
		}
		if (n != SLOT_BYTES)
			return GUARD_STORE_SHORT;
		if (has_only_zeros(block.bytes, SLOT_BYTES))
			continue;
		if (at % SLOT_DISTANCE || !record_has_magic(block.bytes))
			return GUARD_STORE_FOREIGN;
	}
	return GUARD_STORE_OK;
}

/*
 * Writes zeros to a short file up to the end of the slots, so that the writes early in a
 * boot need no room. The file is new, or a crash has left it: it has only zeros. Another
 * one, and a short device, stays GUARD_STORE_SHORT.
 */
static enum guard_store_state fill_up(const char *path, int *ret_err)
{
	unsigned char bytes[SLOTS_BYTES] = { 0 };
	CLOSE_FD fd = -1;
	enum guard_store_state state = open_slots(path, O_RDWR, &fd, ret_err);
	struct stat st;

	if (state != GUARD_STORE_OK)
		return state;
	if (fstat(fd, &st) || pread(fd, bytes, sizeof(bytes), 0) < 0)
		*ret_err = -errno;
	else if (S_ISREG(st.st_mode) && has_only_zeros(bytes, sizeof(bytes)))
		*ret_err = file_write_all(fd, bytes, sizeof(bytes));
	else
		return GUARD_STORE_SHORT;
	if (*ret_err)
		return GUARD_STORE_UNREADABLE;
	file_sync_directory(path);
	return GUARD_STORE_OK;
}

static enum guard_store_state write_first(const char *path, const struct record *record,
					  int *ret_err)
{
	enum guard_store_state state = check_is_free(path, ret_err);
	struct record found;
	unsigned int slot;

	if (state == GUARD_STORE_SHORT)
		state = fill_up(path, ret_err);
	if (state != GUARD_STORE_OK)
		return state;
	state = slots_read(path, &found, &slot, ret_err);
	if (state != GUARD_STORE_DAMAGED && state != GUARD_STORE_NOT_MADE)
		return state;
	return slots_write(path, 0, record, ret_err);
}

enum guard_store_state slots_create(const char *path, const struct record *record,
				    int *ret_err)
{
	CLOSE_FD made = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	enum guard_store_state state = GUARD_STORE_UNREADABLE;

	if (made < 0 && errno != EEXIST)
		*ret_err = -errno;
	else
		state = write_first(path, record, ret_err);
	if (made >= 0 && state != GUARD_STORE_OK)
		unlink(path);
	return state;
}

enum guard_store_state slots_remove(const char *path, int *ret_err)
{
	struct block block;
	struct stat st;

	/* An initializer would be 4 KB of the program, and as many to align them. */
	memset(&block, 0, sizeof(block));
	for (unsigned int slot = 0; slot < 2; slot++) {
		const struct transfer transfer = { path, slot, DIRECTION_WRITE, &block };
		enum guard_store_state state = transfer_slot(&transfer, ret_err);

		if (state != GUARD_STORE_OK)
			return state;
	}
	if (!stat(path, &st) && S_ISREG(st.st_mode) && unlink(path)) {
		*ret_err = -errno;
		return GUARD_STORE_UNREADABLE;
	}
	return GUARD_STORE_OK;
}
