/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Required patches that a later one replaced: are all functions that they patched
 * patched still? Loads nothing, and does not find out which patch is replaced.
 */
#ifndef REPLACED_H
#define REPLACED_H

#include "early/boot/boot.h"

/*
 * Remembers which functions the current patch patches, if it is required and in force.
 * The kernel removes a replaced patch from sysfs, so this comes before the next load.
 */
void replaced_remember(struct boot *boot);

/*
 * Ends @patch anew, which is required and which a later one replaced, unless each of its
 * functions is patched by @by or one behind. @by is the first patch in force. If this
 * run did not see @patch in force, it fails if this boot's first run said that it failed.
 */
void replaced_check_functions(const struct boot *boot, const struct patch *by,
			      struct patch *patch);

#endif
