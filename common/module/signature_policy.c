// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/module/signature_policy.h"

#include <limits.h>
#include <string.h>

#include "common/file.h"

static bool file_has(const char *root, const char *name, const char *text)
{
	char path[PATH_MAX], content[128];

	return !file_path(path, root, "%s", name) &&
	       file_read(path, content, sizeof(content)) >= 0 && strstr(content, text);
}

bool signature_policy_is_strict(const char *root)
{
	static const char lockdown[] = "/sys/kernel/security/lockdown";

	return file_has(root, "/sys/module/module/parameters/sig_enforce", "Y") ||
	       file_has(root, lockdown, "[integrity]") ||
	       file_has(root, lockdown, "[confidentiality]");
}
