// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/patch_remarks.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "common/file.h"
#include "common/module/core_module.h"
#include "common/module/modinfo.h"
#include "common/paths.h"

static void print_remarks_on(const char *name, int fd)
{
	struct modinfo info;
	int err = 0;

	if (!modinfo_is_signed(fd))
		fprintf(stderr, "kpatch-early: overlay: %s is not signed: with Secure "
			"Boot, where lockdown is on, the kernel refuses it; sign it with "
			"a key that the kernel trusts\n", name);
	if (!modinfo_read(fd, &info, &err) && *info.depends &&
	    strcmp(info.depends, CORE_MODULE))
		fprintf(stderr, "kpatch-early: overlay: %s needs %s: the initramfs must "
			"have that in lib/modules, if the kernel has not\n", name,
			info.depends);
}

void patch_remarks_print(const char *tree, const char *release)
{
	char path[PATH_MAX], file[PATH_MAX];
	struct dirent *entry;

	if (file_path(path, tree, PATCHES_DIR "/%s", release))
		return;
	CLOSE_DIR *directory = opendir(path);
	while (directory && (entry = readdir(directory))) {
		if (*entry->d_name == '.' || file_path(file, path, "/%s", entry->d_name))
			continue;
		CLOSE_FD fd = open(file, O_RDONLY | O_CLOEXEC);
		if (fd >= 0)
			print_remarks_on(entry->d_name, fd);
	}
}
