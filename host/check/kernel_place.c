// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/check/kernel_place.h"

#include <stddef.h>

#include "common/file.h"
#include "common/text.h"
#include "host/root_path.h"

int kernel_place_open(const char *root, const char *release, char *ret_path)
{
	static const struct { const char *before, *behind; } places[] = {
		{ "/lib/modules/", "/vmlinuz" },
		{ "/boot/vmlinuz-", "" },
		{ "/lib/modules/", "/vmlinux" },
		{ "/boot/vmlinux-", "" },
		{ "/lib/modules/", "/Image" },
		{ "/boot/Image-", "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		int fd = file_path(ret_path, root, "%s%s%s", places[i].before, release,
				   places[i].behind);

		if (!fd)
			fd = root_open(root, ret_path);
		if (fd >= 0)
			return fd;
	}
	return -1;
}
