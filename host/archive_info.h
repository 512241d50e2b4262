/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints what an overlay, or an addon of a unified kernel image, holds. */
#ifndef ARCHIVE_INFO_H
#define ARCHIVE_INFO_H

#include <stdbool.h>

/* False, with nothing printed, if the file @path is neither, or can't be unpacked. */
bool archive_info_print(const char *path);

#endif
