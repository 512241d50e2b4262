// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/guard/crash_sysctl.h"

#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include "common/file.h"
#include "common/text.h"

/*
 * Each value is one that others do not set, so that crash_sysctl_restore knows ours.
 * softlockup_panic has only 1 for yes: it counts as ours if all others are.
 */
static const struct {
	const char *name, *value;
} sysctls[] = {
	{ "panic", "11\n" },		/* seconds to read the console; others use 10 */
	{ "panic_on_oops", "2\n" },	/* any number but 0 is yes */
	{ "watchdog_thresh", "11\n" },	/* the kernel's default is 10; 0 is no watchdog */
	{ "softlockup_panic", "1\n" },
};

static bool sysctl_has_value(const char *root, const char *name, const char *value)
{
	char path[PATH_MAX], now[16];

	return !file_path(path, root, "/proc/sys/kernel/%s", name) &&
	       file_read(path, now, sizeof(now)) > 0 && !strcmp(now, value);
}

/* Returns true if the sysctl @name was @from and is @to now. */
static bool replace_sysctl(const char *root, const char *name, const char *from,
			   const char *to)
{
	char path[PATH_MAX];

	if (!sysctl_has_value(root, name, from) ||
	    file_path(path, root, "/proc/sys/kernel/%s", name))
		return false;
	return !file_put(path, 0, to);
}

unsigned int crash_sysctl_find_unset(const char *root)
{
	unsigned int which = 0;

	for (size_t i = 0; i < ARRAY_SIZE(sysctls); i++)
		if (sysctl_has_value(root, sysctls[i].name, "0\n"))
			which |= 1U << i;
	return which;
}

void crash_sysctl_set(const char *root, unsigned int which)
{
	for (size_t i = 0; i < ARRAY_SIZE(sysctls); i++)
		if (which & 1U << i)
			replace_sysctl(root, sysctls[i].name, "0\n", sysctls[i].value);
}

void crash_sysctl_restore(const char *root, unsigned int which)
{
	bool all_ours = true;

	for (size_t i = 0; i < ARRAY_SIZE(sysctls); i++) {
		bool is_softlockup = i == ARRAY_SIZE(sysctls) - 1;

		if (which & 1U << i && (all_ours || !is_softlockup))
			all_ours &= replace_sysctl(root, sysctls[i].name,
						   sysctls[i].value, "0\n");
	}
}
