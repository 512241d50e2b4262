/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel itself said about a module, read back from /dev/kmsg, because its errno says
 * so little. Writes nothing to the log.
 */
#ifndef KMSG_READ_H
#define KMSG_READ_H

#include <stddef.h>

/* Opens the log of @root. Returns a descriptor, or -errno when there is no log. */
int kmsg_read_open(const char *root);

/* Goes to the end of @fd, which may be an error from kmsg_read_open. */
void kmsg_read_skip(int fd);

/*
 * Reads what was logged since kmsg_read_skip, or without that since the kernel started (@fd may be an error from kmsg_read_open),
 * and copies the record that best says why module @name was refused into @ret, as much as fits. Empty if none does.
 * With a @name of NULL it is the record of a driver that was refused because a patch does not fit it.
 */
void kmsg_read_reason(int fd, const char *name, char *ret, size_t size);

#endif
