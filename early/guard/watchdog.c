// SPDX-License-Identifier: GPL-2.0-or-later
/* Documentation/watchdog/watchdog-api.rst, and Documentation/ABI/testing/sysfs-class-watchdog. */
#include "early/guard/watchdog.h"

#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "common/file.h"

/* From linux/watchdog.h, which musl's headers do not have. */
#define WDIOC_SETTIMEOUT _IOWR('W', 6, int)

static int device = -1;

static bool attribute_is(const char *root, const char *name, const char *value)
{
	char path[PATH_MAX], text[32];

	return !file_path(path, root, "/sys/class/watchdog/watchdog0/%s", name) &&
	       file_read(path, text, sizeof(text)) > 0 && !strcmp(text, value);
}

/* To open it is to start it. One that can't be stopped would need somebody to go on when we are through. */
void watchdog_start(const char *root, unsigned int seconds)
{
	char path[PATH_MAX];
	int timeout = (int)seconds;

	if (!attribute_is(root, "nowayout", "0\n") || !attribute_is(root, "state", "inactive\n") ||
	    file_path(path, root, "/dev/watchdog0"))
		return;
	device = open(path, O_WRONLY | O_CLOEXEC);
	if (device >= 0)
		ioctl(device, WDIOC_SETTIMEOUT, &timeout);	/* else it keeps its own, of several seconds */
}

/* Any byte will do. */
void watchdog_ping(void)
{
	if (device >= 0)
		file_write_all(device, "", 1);
}

/* A close without this letter leaves it running, with drivers that know it. */
void watchdog_stop(void)
{
	if (device >= 0)
		file_write_all(device, "V", 1);
	file_close(&device);
}
