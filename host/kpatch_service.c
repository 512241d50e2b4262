// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/kpatch_service.h"

#include <limits.h>
#include <stddef.h>
#include <string.h>

#include "common/file.h"
#include "host/subprocess.h"

#define UNIT "kpatch.service"

/* systemctl(1) lists the words. For "disabled" it exits with 1, so the word counts. */
enum kpatch_service_state kpatch_service_state(const char *root)
{
	char program[] = "systemctl", verb[] = "is-enabled", unit[] = UNIT;
	char option[PATH_MAX], word[64];
	char *const command[] = { program, option, verb, unit, NULL };

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
