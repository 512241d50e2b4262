/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether the initramfs that booted this machine and the patch store still agree. Changes nothing.
 */
#ifndef DRIFT_H
#define DRIFT_H

/*
 * Prints a line on standard error for each patch of the running kernel that is in the one and not,
 * or in another build, in the other; and for what is wrong in the settings and drop-ins that the next
 * rebuild will read. Compares nothing where nothing is known: after a boot that was switched off, or
 * whose manifest was invalid.
 */
void drift_print(void);

#endif
