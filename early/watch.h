/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * While a set of patches is on trial, a crash or a hang must end in a reboot, which the boot guard counts, and not in a
 * machine that stands still: stock kernels wait for ever after a panic, and go on after an oops,
 * which leaves live patching locked. Counts nothing itself.
 */
#ifndef WATCH_H
#define WATCH_H

/*
 * Sets kernel.panic, panic_on_oops and softlockup_panic where they are 0, and notes in run/kpatch-early/armed below @root
 * which. They stay so until watch_disarm: the patches may crash the kernel minutes later.
 */
void watch_arm(const char *root);

/* Sets back what watch_arm set, unless it was changed since. */
void watch_disarm(const char *root);

/*
 * Begins to watch one load, instead of the one watched before: a child restarts the machine after @seconds, at once and by
 * sysrq, since reboot(2) hangs while a module's init holds a CPU.
 */
void watch_begin(const char *root, unsigned int seconds);

/* Ends that; nothing if there is none. */
void watch_end(void);

#endif
