// SPDX-License-Identifier: GPL-2.0-or-later
#include "early/guard/reach.h"

#include "common/clock.h"
#include "common/input/settings.h"
#include "early/load/modprobe.h"

static enum guard_store_state reach_efivar(const struct guard_store_place *place,
					   struct guard_store *ret,
					   struct record *ret_record)
{
	enum guard_store_state state = guard_store_open_efivar(place, ret, ret_record);

	if (state == GUARD_STORE_HIDDEN &&
	    modprobe_load_helper(place->release, "efivarfs"))
		state = guard_store_open_efivar(place, ret, ret_record);
	return state;
}

/* A module that can't be loaded shows in the store that does not come, or is built in. */
static enum guard_store_state reach_slots(const struct guard_store_place *place,
					  struct guard_store *ret,
					  struct record *ret_record)
{
	const struct settings *settings = place->settings;
	unsigned long long stop = clock_now_ms() + settings->guard_wait_s * 1000ULL;
	unsigned int interval_ms = 1;

	modprobe_load_each(place->root, place->release, settings->guard_modules);
	while (guard_store_open_slots(place, ret, ret_record) == GUARD_STORE_MISSING &&
	       clock_now_ms() < stop)
		clock_sleep(&interval_ms);
	return ret->state;
}

enum guard_store_state reach_store(const struct guard_store_place *place,
				   struct guard_store *ret, struct record *ret_record)
{
	enum guard_store_state state;

	if (place->dry_run)
		return guard_store_open(place, ret, ret_record);
	state = reach_efivar(place, ret, ret_record);
	return guard_store_counts(place, state) ? reach_slots(place, ret, ret_record) :
						  state;
}
