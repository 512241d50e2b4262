/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * on_failure=: what happens to a machine that must not run unpatched, when a boot lacks
 * what is required. Loads nothing, and does not look for what is in force.
 */
#ifndef ON_FAILURE_H
#define ON_FAILURE_H

#include <stdbool.h>

#include "common/input/settings.h"
#include "common/status_file.h"

/*
 * True if the required @patch is missing: it failed, or the boot guard left it out. Not
 * if the administrator did, nor if it is for another build of the kernel or replaced.
 */
bool on_failure_is_missing(const struct status_patch *patch);

/*
 * Whether this run is part of a boot, and no administrator's on a running system: it is
 * PID 1's child, or the first run in an initramfs, below @root. @verdict is what an
 * earlier run has left.
 */
bool on_failure_is_boot(const char *root, enum status_verdict verdict);

/*
 * If a patch of @status that is required is missing, or the manifest could not be used:
 * says so and what follows from it, by kmsg_write(), and does that, if @is_boot.
 * Returns where the boot goes on: for ON_FAILURE_EMERGENCY, whose shell dracut brings
 * up when it finds run/kpatch-early/emergency, and for the others when neither
 * reboot(2) nor sysrq works. The child of PID 1 becomes the shell itself.
 */
void on_failure_act(enum on_failure action, bool is_boot, const struct status *status);

#endif
