// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/guard/store.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/file.h"
#include "common/guard/efivar.h"
#include "common/guard/slots.h"
#include "common/input/settings.h"
#include "early/load/modprobe.h"

/* Returns 0, -ENOENT if there is none, -ENODEV if there is no EFI, -ENOTSUP if it shows none, or another -errno. */
static int read_efivar(const struct guard_store_place *place, struct guard_store *ret, struct record *ret_record)
{
	int err = file_path(ret->path, place->root, EFIVAR_FILE);

	ret->is_efivar = true;
	if (!err)
		err = efivar_open(place->root, place->release, place->look);
	return err ? err : efivar_read(ret->path, ret_record);
}

static int read_slots(const struct guard_store_place *place, struct guard_store *ret, struct record *ret_record)
{
	int err = slots_find(place->root, place->settings->guard_store, ret->path);

	return err ? err : slots_read(ret->path, ret_record, &ret->slot);
}

/* A module that can't be loaded shows in the store that does not come, or is built in. */
static int wait_for_slots(const struct guard_store_place *place, struct guard_store *ret, struct record *ret_record)
{
	unsigned long long stop = clock_now_ms() + (place->look ? 0 : place->settings->guard_wait_s * 1000ULL);
	unsigned int interval_ms = 1;
	int err;

	ret->is_efivar = false;
	if (!place->look)
		modprobe_load_each(place->root, place->release, place->settings->guard_modules);
	while ((err = read_slots(place, ret, ret_record)) == -ENOENT && clock_now_ms() < stop)
		clock_sleep(&interval_ms);
	return err;
}

/* No variable, and none that could come to light later. */
static bool is_without(int err)
{
	return err == -ENOENT || err == -ENODEV || err == -ENOTSUP;
}

int guard_store_open(const struct guard_store_place *place, struct guard_store *ret, struct record *ret_record)
{
	int err;

	*ret_record = (struct record){ 0 };
	err = read_efivar(place, ret, ret_record);
	if (is_without(err) && *place->settings->guard_store)
		err = wait_for_slots(place, ret, ret_record);
	else if (err == -ENOENT || err == -ENODEV)
		err = err == -ENOENT ? -ENODEV : -ENOENT;
	ret->sequence = ret_record->sequence;
	return err;
}

int guard_store_write(struct guard_store *memory, struct record *record)
{
	int err;

	record->sequence = memory->sequence + 1;
	err = memory->is_efivar ? efivar_write(memory->path, record) :
				  slots_write(memory->path, !memory->slot, record);
	if (err)
		return err;
	memory->sequence = record->sequence;
	memory->slot = !memory->slot;
	return 0;
}

void guard_store_close(void)
{
	efivar_close();
}

int guard_store_create(const struct guard_store_place *place, struct guard_store *ret)
{
	struct record record = { 0 };
	int err = read_efivar(place, ret, &record);

	if (err == -EBADMSG)
		return efivar_write(ret->path, &(struct record){ 0 });
	if (!is_without(err) || !*place->settings->guard_store)
		return err == -ENOENT ? efivar_create(ret->path, &record) : err;
	err = slots_find(place->root, place->settings->guard_store, ret->path);
	/* Whoever names a device means no file in /dev, which is gone at the next boot. */
	if (!err && !strncmp(place->settings->guard_store, "/dev/", 5) && access(ret->path, F_OK))
		err = -errno;
	return err ? err : slots_create(ret->path, &record);
}
