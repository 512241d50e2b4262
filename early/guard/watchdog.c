// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Documentation/watchdog/watchdog-api.rst,
 * Documentation/ABI/testing/sysfs-class-watchdog.
 */
#include "early/guard/watchdog.h"

#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "common/file.h"

/* From linux/watchdog.h, which musl lacks. */
#define WDIOC_SETTIMEOUT _IOWR('W', 6, int)

static bool watchdog_attribute_is(const char *root, const char *name, const char *value)
{
	char path[PATH_MAX], text[32];

	return !file_path(path, root, "/sys/class/watchdog/watchdog0/%s", name) &&
	       file_read(path, text, sizeof(text)) > 0 && !strcmp(text, value);
}

/*
 * To open it is to start it. With nowayout it could not be stopped when the boot is
 * through.
 */
int watchdog_start(const char *root, unsigned int seconds)
{
	char path[PATH_MAX];
	int fd, timeout = (int)seconds;

	if (!watchdog_attribute_is(root, "nowayout", "0\n") ||
	    !watchdog_attribute_is(root, "state", "inactive\n") ||
	    file_path(path, root, "/dev/watchdog0"))
		return -1;
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	/* On an error it keeps its own timeout, of several seconds. */
	ioctl(fd, WDIOC_SETTIMEOUT, &timeout);
	return fd;
}

/* Any byte will do. */
void watchdog_ping(int watchdog)
{
	if (watchdog >= 0)
		file_write_all(watchdog, "", 1);
}

/* With a driver that knows this letter, a close without it does not stop. */
void watchdog_stop(int *watchdog)
{
	if (*watchdog >= 0)
		file_write_all(*watchdog, "V", 1);
	file_close(watchdog);
}
