// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/guard/store.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "common/file.h"
#include "common/guard/efivar.h"
#include "common/guard/slots.h"
#include "common/input/settings.h"

enum guard_store_state guard_store_open_efivar(const struct guard_store_place *place,
					       struct guard_store *ret,
					       struct record *ret_record)
{
	*ret_record = (struct record){ 0 };
	ret->is_efivar = true;
	ret->err = file_path(ret->path, place->root, EFIVAR_FILE);
	if (ret->err)
		return ret->state = GUARD_STORE_UNREADABLE;
	ret->state = efivar_open(place->root, place->dry_run, &ret->efivarfs,
				 &ret->err);
	if (ret->state == GUARD_STORE_OK)
		ret->state = efivar_read(ret->path, ret_record, &ret->err);
	ret->sequence = ret_record->sequence;
	return ret->state;
}

enum guard_store_state guard_store_open_slots(const struct guard_store_place *place,
					      struct guard_store *ret,
					      struct record *ret_record)
{
	*ret_record = (struct record){ 0 };
	ret->is_efivar = false;
	ret->state = slots_find(place->root, place->settings->guard_store, ret->path,
				&ret->err);
	if (ret->state == GUARD_STORE_OK)
		ret->state = slots_read(ret->path, ret_record, &ret->slot, &ret->err);
	ret->sequence = ret_record->sequence;
	return ret->state;
}

bool guard_store_counts(const struct guard_store_place *place,
			enum guard_store_state efivar)
{
	if (!*place->settings->guard_store)
		return false;
	return efivar == GUARD_STORE_NONE || efivar == GUARD_STORE_NOT_MADE ||
	       efivar == GUARD_STORE_HIDDEN;
}

enum guard_store_state guard_store_open(const struct guard_store_place *place,
					struct guard_store *ret,
					struct record *ret_record)
{
	enum guard_store_state state = guard_store_open_efivar(place, ret, ret_record);

	if (guard_store_counts(place, state))
		return guard_store_open_slots(place, ret, ret_record);
	return state;
}

bool guard_store_is_doubtful(const struct guard_store *store)
{
	if (store->state == GUARD_STORE_UNREADABLE)
		return store->err == -EIO;
	return store->state == GUARD_STORE_DAMAGED ||
	       store->state == GUARD_STORE_FOREIGN || store->state == GUARD_STORE_SHORT;
}

enum guard_store_state guard_store_write(struct guard_store *store,
					 struct record *record)
{
	enum guard_store_state state;

	record->sequence = store->sequence + 1;
	if (store->is_efivar && store->state == GUARD_STORE_NOT_MADE)
		state = efivar_create(store->path, record, &store->err);
	else if (store->is_efivar)
		state = efivar_write(store->path, record, &store->err);
	else
		state = slots_write(store->path, !(store->slot & 1), record, &store->err);
	if (state != GUARD_STORE_OK)
		return state;
	store->sequence = record->sequence;
	if (!(store->slot & SLOT_IS_BAD))
		store->slot = !store->slot;
	store->state = GUARD_STORE_OK;
	return GUARD_STORE_OK;
}

void guard_store_close(struct guard_store *store)
{
	mount_undo(&store->efivarfs);
}

static enum guard_store_state create_slots(const struct guard_store_place *place,
					   struct guard_store *ret)
{
	const char *name = place->settings->guard_store;
	enum guard_store_state state =
		slots_find(place->root, name, ret->path, &ret->err);

	if (state != GUARD_STORE_OK)
		return state;
	/*
	 * A name in /dev means a device. A file made there would be gone at the next
	 * boot.
	 */
	if (!strncmp(name, "/dev/", 5) && access(ret->path, F_OK)) {
		ret->err = -errno;
		return GUARD_STORE_UNREADABLE;
	}
	return slots_create(ret->path, &(struct record){ 0 }, &ret->err);
}

/* One of another size can't be overwritten. */
static enum guard_store_state replace_efivar(struct guard_store *store)
{
	const struct record nothing = { 0 };
	enum guard_store_state state = efivar_write(store->path, &nothing, &store->err);

	if (state != GUARD_STORE_DAMAGED)
		return state;
	state = efivar_remove(store->path, &store->err);
	return state == GUARD_STORE_OK ?
		       efivar_create(store->path, &nothing, &store->err) :
		       state;
}

enum guard_store_state guard_store_create(const struct guard_store_place *place,
					  struct guard_store *ret)
{
	struct record nothing = { 0 };
	enum guard_store_state state = guard_store_open_efivar(place, ret, &nothing);

	if (state == GUARD_STORE_DAMAGED)
		return replace_efivar(ret);
	if (guard_store_counts(place, state))
		return create_slots(place, ret);
	if (state == GUARD_STORE_NOT_MADE)
		return efivar_create(ret->path, &nothing, &ret->err);
	return state;
}

enum guard_store_state guard_store_remove(struct guard_store *store)
{
	return store->is_efivar ? efivar_remove(store->path, &store->err) :
				  slots_remove(store->path, &store->err);
}
