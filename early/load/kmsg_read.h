/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads back from /dev/kmsg what the kernel said about a module, because its errno says
 * so little. Writes nothing to the log.
 */
#ifndef KMSG_READ_H
#define KMSG_READ_H

#include <stddef.h>

/* Opens the log of @root. Returns a descriptor, or -errno if there is no log. */
int kmsg_read_open(const char *root);

/* Moves @fd, from kmsg_read_open and perhaps an error, to the end of the log. */
void kmsg_read_skip(int fd);

/*
 * Reads what was logged since kmsg_read_skip, without that since the kernel started.
 * Copies the record that best says why module @name was refused to @ret of @size bytes,
 * as much as fits. If @name is NULL, takes the record of a driver that was refused
 * because a patch does not fit the driver. @ret is empty if there is no such record, or
 * if @fd is an error. Reads to the newest record, however many there are, but for two
 * seconds at most.
 */
void kmsg_read_reason(int fd, const char *name, char *ret, size_t size);

#endif
