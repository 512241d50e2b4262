/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes the kernel restart the machine after a crash, while a set of patches is on trial.
 * Does not decide when. The boot guard can only count a crash that ends in another boot.
 * A stock kernel waits for ever after a panic, and goes on after an oops, which leaves
 * live patching locked.
 */
#ifndef CRASH_SYSCTL_H
#define CRASH_SYSCTL_H

/*
 * Returns, as bits, which of kernel.panic, panic_on_oops, watchdog_thresh and
 * softlockup_panic are 0 below @root.
 */
unsigned int crash_sysctl_find_unset(const char *root);

/*
 * Sets those of @which that are still 0. They stay set until crash_sysctl_restore, since
 * a patch may crash the kernel minutes later.
 */
void crash_sysctl_set(const char *root, unsigned int which);

/* Sets those of @which to 0 again that have the values of crash_sysctl_set. */
void crash_sysctl_restore(const char *root, unsigned int which);

#endif
