/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compares the initramfs that booted this machine with the patch store. Changes nothing,
 * and reads no image.
 */
#ifndef DRIFT_H
#define DRIFT_H

#include "common/status_file.h"

/*
 * Prints a line on standard error for each patch of the running kernel that is in one of
 * the two alone, or in another build. Says too what is wrong in the settings and drop-ins
 * that the next rebuild will read.
 *
 * Compares nothing where nothing is known: after a boot that was switched off, or whose
 * manifest was invalid. @status is the boot's; NULL if there is none.
 */
void drift_print(const struct status *status);

#endif
