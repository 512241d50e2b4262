/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Loads that the boot did not wait for to their end: the boot's verdict says hung, or
 * budget, and the kernel may say something else by now. Reads sysfs.
 */
#ifndef LATE_LOAD_H
#define LATE_LOAD_H

#include <stdbool.h>

#include "common/status_file.h"

/* True if the boot went on while @patch was loading, or might have been. */
bool late_load_was_left(const struct status_patch *patch);

/*
 * Tells of each such patch of @status on standard error, whether it is in force or still
 * loading.
 */
void late_load_print(const struct status *status);

/* True if a patch of @status failed and its load has not returned yet, below @root. */
bool late_load_goes_on(const char *root, const struct status *status);

#endif
