// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/module/core_module.h"

#include <stdio.h>
#include <string.h>

#include "common/file.h"
#include "common/module/modinfo.h"
#include "common/text.h"

bool core_module_is_needed(const char *depends)
{
	char list[MODINFO_DEPENDS_MAX + 2];

	snprintf(list, sizeof(list), ",%s,", depends);
	return strstr(list, "," CORE_MODULE ",");
}

int core_module_place(size_t index, const char *root, const char *release, char *ret)
{
	static const char *const above[] = {
		"/usr/local/lib/kpatch", "/usr/lib/kpatch",
		"/usr/local/lib/modules", "/usr/lib/modules", "/lib/modules",
	};

	_Static_assert(ARRAY_SIZE(above) == CORE_MODULE_PLACES, "each place has one");
	return file_path(ret, root, "%s/%s%s/" CORE_MODULE ".ko", above[index], release,
			 index < 2 ? "" : "/extra/kpatch");
}
