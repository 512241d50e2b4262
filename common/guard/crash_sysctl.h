/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's settings for crashes. While a set of patches is on trial, a crash must end in a reboot, which the boot guard
 * counts, and not in a machine that stands still: stock kernels wait for ever after a panic, and go on after an oops, which
 * leaves live patching locked.
 */
#ifndef CRASH_SYSCTL_H
#define CRASH_SYSCTL_H

/* Which of kernel.panic, panic_on_oops, softlockup_panic and watchdog_thresh are 0 now below @root, as bits. */
unsigned int crash_sysctl_find_unset(const char *root);

/* Sets those of @which. They stay so until crash_sysctl_restore: the patches may crash the kernel minutes later. */
void crash_sysctl_set(const char *root, unsigned int which);

/* Sets those of @which to 0 again, unless they were changed since crash_sysctl_set. */
void crash_sysctl_restore(const char *root, unsigned int which);

#endif
