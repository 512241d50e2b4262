// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/patch_remarks.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "common/dir_list.h"
#include "common/file.h"
#include "common/module/core_module.h"
#include "common/module/modinfo.h"
#include "common/paths.h"
#include "host/root_path.h"

static void remark_unsigned(const char *verb, const char *name, int fd)
{
	if (!modinfo_is_signed(fd))
		fprintf(stderr, "kpatch-early: %s: %s is not signed: with Secure Boot, "
			"where lockdown is on, the kernel refuses it; sign it with a key "
			"that the kernel trusts\n", verb, name);
}

static void remark_needs(const char *verb, const char *name, int fd)
{
	struct modinfo info;
	int err = 0;

	if (!modinfo_read(fd, &info, &err) && *info.depends &&
	    strcmp(info.depends, CORE_MODULE))
		fprintf(stderr, "kpatch-early: %s: %s needs %s: the initramfs must have "
			"that in lib/modules, if the kernel has not\n", verb, name,
			info.depends);
}

void patch_remarks_print(const char *verb, const char *tree, const char *release,
			 bool brings_modules)
{
	struct dir_list patches;
	char directory[PATH_MAX], path[PATH_MAX];

	patches.count = patches.used = 0;
	if (root_path(directory, tree, PATCHES_DIR "/%s", release) ||
	    dir_list_add(&patches, directory, ".ko"))
		return;
	for (size_t i = 0; i < patches.count; i++) {
		if (file_path(path, directory, "/%s", patches.name[i]))
			continue;
		CLOSE_FD fd = file_open(path);
		if (fd < 0)
			continue;
		remark_unsigned(verb, patches.name[i], fd);
		if (!brings_modules)
			remark_needs(verb, patches.name[i], fd);
	}
}
