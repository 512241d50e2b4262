// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/kpatch_service.h"

#include <limits.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>

#include "common/dir_list.h"
#include "common/file.h"
#include "common/text.h"
#include "host/root_path.h"
#include "host/subprocess.h"

#define UNIT "kpatch.service"
#define UNIT_BYTES_MAX (64 * 1024)

static const char *const unit_directories[] = {
	"/etc/systemd/system", "/run/systemd/system", "/usr/local/lib/systemd/system",
	"/lib/systemd/system", "/usr/lib/systemd/system",
};

/* Finds the unit, which systemd takes from the first directory that has the name. */
static bool find_unit(const char *root, char *ret)
{
	struct stat st;

	for (size_t i = 0; i < ARRAY_SIZE(unit_directories); i++)
		if (!root_path_of_name(ret, root, "%s/" UNIT, unit_directories[i]) &&
		    !lstat(ret, &st))
			return true;
	return false;
}

/* Whether a target wants or requires the unit, by a link of any kind in @units. */
static bool has_link_to_unit(const char *root, const char *units)
{
	struct dir_list targets;
	char path[PATH_MAX];
	struct stat st;

	targets.count = targets.used = 0;
	if (root_path(path, root, "%s", units) ||
	    dir_list_add(&targets, path, ".wants") ||
	    dir_list_add(&targets, path, ".requires"))
		return false;
	for (size_t i = 0; i < targets.count; i++)
		if (!root_path_of_name(path, root, "%s/%s/" UNIT, units,
				       targets.name[i]) &&
		    !lstat(path, &st))
			return true;
	return false;
}

/*
 * What systemctl would say of another system. It is not asked: it follows links out of
 * that system's root (seen with systemd 252), and an image may be made where there is
 * none. An empty unit is masked. One without [Install] is static, so nobody enables it.
 */
static enum kpatch_service_state state_in_root(const char *root)
{
	char path[PATH_MAX], text[UNIT_BYTES_MAX + 1];
	ssize_t len;

	if (!find_unit(root, path))
		return KPATCH_SERVICE_NO_OPINION;
	if (root_is_mask(path))
		return KPATCH_SERVICE_MASKED;
	CLOSE_FD fd = root_open(root, path);
	len = fd < 0 ? fd : file_read_all(fd, text, sizeof(text));
	if (!len)
		return KPATCH_SERVICE_MASKED;
	for (size_t i = 0; i < ARRAY_SIZE(unit_directories); i++)
		if (has_link_to_unit(root, unit_directories[i]))
			return KPATCH_SERVICE_ON;
	return len < 0 || strstr(text, "[Install]") ? KPATCH_SERVICE_DISABLED :
						      KPATCH_SERVICE_ON;
}

/* systemctl(1) lists the words. For "disabled" it exits with 1, so the word counts. */
enum kpatch_service_state kpatch_service_state(const char *root)
{
	char program[] = "systemctl", verb[] = "is-enabled", unit[] = UNIT;
	char option[] = "--root=/", word[64];
	char *const command[] = { program, option, verb, unit, NULL };

	if (*root)
		return state_in_root(root);
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
