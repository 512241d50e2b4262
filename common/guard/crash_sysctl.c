// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/guard/crash_sysctl.h"

#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include "common/file.h"
#include "common/text.h"

static const struct {
	const char *name, *value;
} sysctls[] = {
	{ "panic", "11\n" },	/* seconds to the reboot, to read the console; not 10, which others use */
	{ "panic_on_oops", "2\n" },	/* any number is yes; this one is ours */
	{ "watchdog_thresh", "11\n" },	/* one more than the kernel's default; 0 is no watchdog for soft lockups */
	{ "softlockup_panic", "1\n" },	/* it knows no other; so whose it is, the others have to tell */
};

static bool is_now(const char *root, const char *name, const char *value)
{
	char path[PATH_MAX], now[16];

	return !file_path(path, root, "/proc/sys/kernel/%s", name) &&
	       file_read(path, now, sizeof(now)) > 0 && !strcmp(now, value);
}

/* Makes the sysctl @name @to, if it is @from. */
static bool change(const char *root, const char *name, const char *from, const char *to)
{
	char path[PATH_MAX];

	if (!is_now(root, name, from) || file_path(path, root, "/proc/sys/kernel/%s", name))
		return false;
	return !file_put(path, 0, to);
}

unsigned int crash_sysctl_find_unset(const char *root)
{
	unsigned int which = 0;

	for (size_t i = 0; i < ARRAY_SIZE(sysctls); i++)
		if (is_now(root, sysctls[i].name, "0\n"))
			which |= 1U << i;
	return which;
}

void crash_sysctl_set(const char *root, unsigned int which)
{
	for (size_t i = 0; i < ARRAY_SIZE(sysctls); i++)
		if (which & 1U << i)
			change(root, sysctls[i].name, "0\n", sysctls[i].value);
}

void crash_sysctl_restore(const char *root, unsigned int which)
{
	bool is_ours = true;

	for (size_t i = 0; i < ARRAY_SIZE(sysctls); i++)
		if (which & 1U << i && (is_ours || i < ARRAY_SIZE(sysctls) - 1))
			is_ours &= change(root, sysctls[i].name, sysctls[i].value, "0\n");
}
