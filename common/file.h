/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Small files: paths below a root, reading and writing whole. Parses nothing. */
#ifndef FILE_H
#define FILE_H

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Closes *@fd if it is a descriptor, for __attribute__((cleanup)). Sets *@fd to -1. */
void file_close(int *fd);
#define CLOSE_FD __attribute__((cleanup(file_close))) int

/* Closes *@directory unless it is NULL, for __attribute__((cleanup)). */
void file_close_directory(DIR **directory);
#define CLOSE_DIR __attribute__((cleanup(file_close_directory))) DIR

/*
 * Formats a path below @root (empty for the real root) into @ret of PATH_MAX bytes.
 * Returns 0 or -ENAMETOOLONG.
 */
int file_path(char *ret, const char *root, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * True if such a path is there. A symbolic link is followed. False if the path is too
 * long, or leads where nobody may look.
 */
bool file_is_there(const char *root, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Reads the whole of @path into @buf and adds a NUL. Does not trust st_size, so that
 * files of /proc and /sys are read too.
 * Returns:
 *   0...     the number of bytes, at most @size - 1
 *   -EFBIG   there are more bytes
 *   -errno   of open(2) or read(2)
 */
ssize_t file_read(const char *path, char *buf, size_t size);

/*
 * These two are file_read in two steps, for a caller that has a question about the file
 * first. file_open returns a descriptor or -errno. file_read_all returns what file_read
 * does.
 */
int file_open(const char *path);
ssize_t file_read_all(int fd, char *buf, size_t size);

/*
 * How often a call is repeated that a signal ended. efivarfs answers EINTR for ever once
 * the firmware has faulted (EFI_ABORTED in efi_status_to_err()).
 */
#define INTERRUPTIONS_MAX 100

/* Writes all of @buf. Returns 0 or -errno of write(2). */
int file_write_all(int fd, const void *buf, size_t len);

/*
 * Writes @text to @path. The file must exist unless @flags, of open(2), say otherwise.
 * Returns 0 or -errno.
 */
int file_put(const char *path, int flags, const char *text);

/* Makes all directories that lead to @path, mode 0755, durably. Returns 0 or -errno. */
int file_make_parents(const char *path);

/* Makes the names in @path's directory durable, which a power cut could undo before. */
void file_sync_directory(const char *path);

/* Waits for the lock on @path's directory. Returns its descriptor, or -errno. */
int file_lock_directory(const char *path);

/*
 * Writes the name of the temporary file beside @path, @path.tmp, to @ret of PATH_MAX
 * bytes. Returns 0 or -ENAMETOOLONG.
 */
int file_temporary(const char *path, char *ret);

/*
 * Opens a new file of that name. The caller writes into the file and passes it to
 * file_commit. Writers of one @path must lock each other out. Returns a descriptor or
 * -errno.
 */
int file_create_beside(const char *path, char *ret_temporary);

/*
 * Makes @temporary durable and renames it to @path: readers find the old content or the
 * new one, never half. Removes @temporary on an error. Returns 0 or -errno.
 */
int file_commit(int fd, const char *temporary, const char *path);

#endif
