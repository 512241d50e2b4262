// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/guard/store.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "common/file.h"
#include "common/guard/efivar.h"
#include "common/guard/slots.h"
#include "common/input/settings.h"

static enum guard_store_state unreadable(struct guard_store *ret, int err)
{
	ret->err = err;
	return ret->state = GUARD_STORE_UNREADABLE;
}

enum guard_store_state guard_store_open_efivar(const struct guard_store_place *place,
					       struct guard_store *ret, struct record *ret_record)
{
	int err = file_path(ret->path, place->root, EFIVAR_FILE);

	*ret_record = (struct record){ 0 };
	ret->is_efivar = true;
	if (err)
		return unreadable(ret, err);
	ret->state = efivar_open(place->root, place->look, &ret->err);
	if (ret->state == GUARD_STORE_OK)
		ret->state = efivar_read(ret->path, ret_record, &ret->err);
	ret->sequence = ret_record->sequence;
	return ret->state;
}

enum guard_store_state guard_store_open_slots(const struct guard_store_place *place,
					      struct guard_store *ret, struct record *ret_record)
{
	int err = slots_find(place->root, place->settings->guard_store, ret->path);

	*ret_record = (struct record){ 0 };
	ret->is_efivar = false;
	if (err)
		return unreadable(ret, err);
	ret->state = slots_read(ret->path, ret_record, &ret->slot, &ret->err);
	ret->sequence = ret_record->sequence;
	return ret->state;
}

bool guard_store_counts(const struct guard_store_place *place, enum guard_store_state efivar)
{
	return *place->settings->guard_store &&
	       (efivar == GUARD_STORE_NONE || efivar == GUARD_STORE_NOT_MADE ||
		efivar == GUARD_STORE_HIDDEN);
}

enum guard_store_state guard_store_open(const struct guard_store_place *place,
					struct guard_store *ret, struct record *ret_record)
{
	enum guard_store_state state = guard_store_open_efivar(place, ret, ret_record);

	return guard_store_counts(place, state) ? guard_store_open_slots(place, ret, ret_record) : state;
}

bool guard_store_is_doubtful(const struct guard_store *store)
{
	switch (store->state) {
	case GUARD_STORE_DAMAGED:
	case GUARD_STORE_FOREIGN:
	case GUARD_STORE_SHORT:
		return true;
	case GUARD_STORE_UNREADABLE:
		return store->err == -EIO;
	case GUARD_STORE_OK:
	case GUARD_STORE_NONE:
	case GUARD_STORE_NOT_MADE:
	case GUARD_STORE_HIDDEN:
		break;
	}
	return false;
}

int guard_store_write(struct guard_store *store, struct record *record)
{
	int err;

	record->sequence = store->sequence + 1;
	err = store->is_efivar ? efivar_write(store->path, record) :
				 slots_write(store->path, !store->slot, record);
	if (err)
		return err;
	store->sequence = record->sequence;
	store->slot = !store->slot;
	return 0;
}

void guard_store_close(void)
{
	efivar_close();
}

/* Returns the state that a write of @err leads to. */
static enum guard_store_state written(struct guard_store *ret, int err)
{
	return err ? unreadable(ret, err) : GUARD_STORE_OK;
}

static enum guard_store_state create_slots(const struct guard_store_place *place,
					   struct guard_store *ret)
{
	const char *name = place->settings->guard_store;
	int err = slots_find(place->root, name, ret->path);

	/* Whoever names a device means no file in /dev, which is gone at the next boot. */
	if (!err && !strncmp(name, "/dev/", 5) && access(ret->path, F_OK))
		err = -errno;
	if (err)
		return unreadable(ret, err);
	return slots_create(ret->path, &(struct record){ 0 }, &ret->err);
}

enum guard_store_state guard_store_create(const struct guard_store_place *place, struct guard_store *ret)
{
	struct record nothing = { 0 };
	enum guard_store_state state = guard_store_open_efivar(place, ret, &nothing);

	if (state == GUARD_STORE_DAMAGED)
		return written(ret, efivar_write(ret->path, &nothing));
	if (guard_store_counts(place, state))
		return create_slots(place, ret);
	if (state == GUARD_STORE_NOT_MADE)
		return written(ret, efivar_create(ret->path, &nothing));
	return state;
}
