/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Small files: joining paths to a root, reading and writing whole. Parses nothing. */
#ifndef FILE_H
#define FILE_H

#include <dirent.h>
#include <stddef.h>
#include <sys/types.h>

/* Closes *@fd if it is one; for __attribute__((cleanup)). */
void file_close(int *fd);
#define CLOSE_FD __attribute__((cleanup(file_close))) int

/* The same for a folder. */
void file_close_folder(DIR **folder);
#define CLOSE_FOLDER __attribute__((cleanup(file_close_folder))) DIR

/*
 * Formats a path below @root (empty for the real root) into @ret of PATH_MAX bytes.
 * Returns 0, or -ENAMETOOLONG.
 */
int file_path(char *ret, const char *root, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * Reads the whole of @path into @buf and adds a NUL.
 * Returns the number of bytes, at most @size - 1, or -errno; -EFBIG if there is more.
 * Does not trust st_size, so that it reads /proc and /sys too.
 */
ssize_t file_read(const char *path, char *buf, size_t size);

/* The same in two steps, for who asks something of the file first. A descriptor, or -errno. */
int file_open(const char *path);
ssize_t file_read_all(int fd, char *buf, size_t size);

/* Writes all of @buf. Returns 0 or -errno. */
int file_write_all(int fd, const void *buf, size_t len);

/* Writes @text to @path, which must be there unless @flags, of open(2), say otherwise. Returns 0 or -errno. */
int file_put(const char *path, int flags, const char *text);

/* Makes all folders that lead to @path, mode 0755, durably. Returns 0 or -errno. */
int file_make_parents(const char *path);

/* Makes the names in @path's folder durable: without it a power cut may undo a change. */
void file_sync_folder(const char *path);

/* Waits for the lock on @path's folder. Returns a descriptor that holds it, or -errno. */
int file_lock_folder(const char *path);

/* The name of a file beside @path, @path.tmp, to @ret of PATH_MAX bytes. Returns 0 or -errno. */
int file_temporary(const char *path, char *ret);

/*
 * Opens a new file, file_temporary of @path, to be filled and handed to file_commit.
 * Writers of one @path must lock each other out. Returns a descriptor or -errno.
 */
int file_create_beside(const char *path, char *ret_temporary);

/*
 * Makes @temporary durable and gives it the name @path: the old content or the new, never half.
 * Removes @temporary when it fails. Returns 0 or -errno.
 */
int file_commit(int fd, const char *temporary, const char *path);

#endif
