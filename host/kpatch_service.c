// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/kpatch_service.h"

#include <limits.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>

#include "common/file.h"
#include "common/text.h"
#include "host/root_path.h"
#include "host/subprocess.h"

#define UNIT "kpatch.service"
#define UNITS_ETC "/etc/systemd/system"

static const char *const unit_directories[] = {
	UNITS_ETC, "/run/systemd/system", "/usr/local/lib/systemd/system",
	"/lib/systemd/system", "/usr/lib/systemd/system",
};

/* Whether the links on the way to @directory, as the kernel follows them, leave @root. */
static bool leads_out(const char *root, const char *directory)
{
	char path[PATH_MAX];
	struct stat found = { 0 }, inside = { 0 };

	if (file_path(path, root, "%s", directory) || stat(path, &found))
		found.st_ino = 0;
	if (root_path(path, root, "%s", directory) || stat(path, &inside))
		inside.st_ino = 0;
	return found.st_ino != inside.st_ino ||
	       (found.st_ino && found.st_dev != inside.st_dev);
}

/*
 * systemctl --root follows a link of these directories out of the root (seen with systemd
 * 252): where /lib is one, the host's units would decide for an image.
 */
static bool can_ask_systemctl(const char *root)
{
	for (size_t i = 0; *root && i < ARRAY_SIZE(unit_directories); i++)
		if (leads_out(root, unit_directories[i]))
			return false;
	return true;
}

/* Whether the unit is there, as a file or as any link, below @directory. */
static bool has_unit(const char *root, const char *directory)
{
	char path[PATH_MAX];
	struct stat st;

	return !root_path_of_name(path, root, "%s/" UNIT, directory) && !lstat(path, &st);
}

/* What systemctl would say, as far as it needs no more than the unit's own [Install]. */
static enum kpatch_service_state find_state(const char *root)
{
	char path[PATH_MAX];
	size_t i = 0;

	while (i < ARRAY_SIZE(unit_directories) && !has_unit(root, unit_directories[i]))
		i++;
	if (i == ARRAY_SIZE(unit_directories))
		return KPATCH_SERVICE_NO_OPINION;
	if (!root_path_of_name(path, root, "%s/" UNIT, unit_directories[i]) &&
	    root_is_mask(path))
		return KPATCH_SERVICE_MASKED;
	return has_unit(root, UNITS_ETC "/multi-user.target.wants") ?
		       KPATCH_SERVICE_ON : KPATCH_SERVICE_DISABLED;
}

/* systemctl(1) lists the words. For "disabled" it exits with 1, so the word counts. */
enum kpatch_service_state kpatch_service_state(const char *root)
{
	char program[] = "systemctl", verb[] = "is-enabled", unit[] = UNIT;
	char option[PATH_MAX], word[64];
	char *const command[] = { program, option, verb, unit, NULL };

	if (!can_ask_systemctl(root))
		return find_state(root);
	if (file_path(option, "--root=", "%s", *root ? root : "/"))
		return KPATCH_SERVICE_NO_OPINION;
	subprocess_output(command, word, sizeof(word));
	word[strcspn(word, "\n")] = '\0';
	if (!*word || !strcmp(word, "not-found"))
		return KPATCH_SERVICE_NO_OPINION;
	if (!strcmp(word, "masked") || !strcmp(word, "masked-runtime"))
		return KPATCH_SERVICE_MASKED;
	return strcmp(word, "disabled") ? KPATCH_SERVICE_ON : KPATCH_SERVICE_DISABLED;
}

bool kpatch_service_enable(void)
{
	char program[] = "systemctl", verb[] = "enable", unit[] = UNIT;
	char *const command[] = { program, verb, unit, NULL };

	return subprocess_run(command) == SUBPROCESS_OK;
}
