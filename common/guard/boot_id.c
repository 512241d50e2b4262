// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/guard/boot_id.h"

#include <limits.h>
#include <sys/types.h>

#include "common/crc32.h"
#include "common/file.h"

uint32_t boot_id_crc(const char *root)
{
	char path[PATH_MAX], text[64];
	ssize_t len;

	if (file_path(path, root, "/proc/sys/kernel/random/boot_id"))
		return 0;
	len = file_read(path, text, sizeof(text));
	return len > 0 ? crc32_of(0, text, (size_t)len) : 0;
}

bool boot_id_is_of_record(const char *root, const struct record *record)
{
	return record->boot_id_crc && record->boot_id_crc == boot_id_crc(root);
}
