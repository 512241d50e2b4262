// SPDX-License-Identifier: GPL-2.0-or-later
#include "memory.h"

#include <errno.h>

#include "efivar.h"
#include "file.h"
#include "slots.h"

/* Returns 0, -ENOENT if there is none, -ENODEV if there is no EFI, or another -errno. */
static int read_efivar(const char *root, const char *release, bool look, struct memory *ret,
		       struct record *ret_record)
{
	int err = efivar_open(root, release, look);

	ret->is_efivar = true;
	if (!err)
		err = file_path(ret->path, root, EFIVAR_FILE);
	return err ? err : efivar_read(ret->path, ret_record);
}

static int read_slots(const char *root, const char *name, struct memory *ret, struct record *ret_record)
{
	int err = slots_find(root, name, ret->path);

	ret->is_efivar = false;
	return err ? err : slots_read(ret->path, ret_record, &ret->slot);
}

int memory_open(const char *root, const char *release, const char *name, bool look, struct memory *ret,
		struct record *ret_record)
{
	int err;

	*ret_record = (struct record){ 0 };
	err = read_efivar(root, release, look, ret, ret_record);
	if (*name && (err == -ENOENT || err == -ENODEV))
		err = read_slots(root, name, ret, ret_record);
	else if (err == -ENOENT || err == -ENODEV)
		err = err == -ENOENT ? -ENODEV : -ENOENT;
	ret->sequence = ret_record->sequence;
	return err;
}

int memory_write(struct memory *memory, struct record *record)
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

void memory_close(void)
{
	efivar_close();
}

static int create_efivar(const char *root, const char *release, struct memory *ret)
{
	struct record record = { 0 };
	int err = read_efivar(root, release, false, ret, &record);

	if (err == -ENOENT)
		return efivar_create(ret->path, &record);
	return err == -EBADMSG ? efivar_write(ret->path, &record) : err;
}

int memory_create(const char *root, const char *release, const char *name, struct memory *ret)
{
	const struct record record = { 0 };
	int err;

	if (!*name)
		return create_efivar(root, release, ret);
	err = slots_find(root, name, ret->path);
	return err ? err : slots_create(ret->path, &record);
}
