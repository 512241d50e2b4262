// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/addon_report.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "common/text.h"
#include "host/stub_version.h"

/* systemd's first versions whose stub takes these sections of an addon. */
#define CMDLINE_SINCE 254
#define INITRD_SINCE 257

#define IMAGE_SUFFIX ".efi"
#define ADDONS_SUFFIX ".extra.d"

static void report_stub(const struct addon_place *place, const char *what,
			unsigned int version)
{
	unsigned int since = place->has_initrd ? INITRD_SINCE : CMDLINE_SINCE;
	const char *does = "ignores this addon";

	if (!version || version >= since)
		return;
	if (place->has_cmdline && version >= CMDLINE_SINCE)
		does = "takes the words of this addon and not its patches,";
	fprintf(stderr, "kpatch-early: overlay: %s has systemd-stub %u, which %s without "
		"a word; it needs %u\n", what, version, does, since);
}

/* The image whose directory of addons @output is in, to @ret of PATH_MAX bytes. */
static bool find_image_of(const char *output, char *ret)
{
	const char *slash = strrchr(output, '/');
	size_t len = slash ? (size_t)(slash - output) : 0;

	if (len < strlen(IMAGE_SUFFIX ADDONS_SUFFIX) || len >= PATH_MAX)
		return false;
	memcpy(ret, output, len);
	ret[len] = '\0';
	if (!text_ends_with(ret, IMAGE_SUFFIX ADDONS_SUFFIX))
		return false;
	ret[len - strlen(ADDONS_SUFFIX)] = '\0';
	return true;
}

void addon_report_stubs(const struct addon_place *place)
{
	char image[PATH_MAX];

	if (find_image_of(place->output, image))
		report_stub(place, image, stub_version_of_image(image));
	else
		report_stub(place, "this system", stub_version_of_system(place->root));
}
