/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Getting at the boot guard's store early in a boot: its drivers, and waiting for its
 * device.
 */
#ifndef REACH_H
#define REACH_H

#include "common/guard/store.h"

/*
 * guard_store_open, before which modules are loaded: efivarfs, if the kernel needs it
 * for the variable; and those of guard_modules=, if the store that guard_store= names
 * counts, for which guard_wait= is waited.
 */
enum guard_store_state reach_store(const struct guard_store_place *place,
				   struct guard_store *ret, struct record *ret_record);

#endif
