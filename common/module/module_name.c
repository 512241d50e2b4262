// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/module/module_name.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/file.h"
#include "common/text.h"

static const char *const module_suffixes[] = { "", ".xz", ".zst", ".gz" };

int module_name_of_file(const char *file, char *ret, size_t size)
{
	const char *slash = strrchr(file, '/');
	const char *base = slash ? slash + 1 : file;
	size_t len = strlen(base);

	if (len > 3 && !strcmp(base + len - 3, ".ko"))
		len -= 3;
	if (len >= size)
		return -ENAMETOOLONG;
	for (size_t i = 0; i < len; i++)
		ret[i] = base[i] == '-' ? '_' : base[i];
	ret[len] = '\0';
	return 0;
}

size_t module_name_uncompressed_length(const char *file)
{
	size_t length = strlen(file);

	for (size_t i = 1; i < ARRAY_SIZE(module_suffixes); i++)
		if (text_ends_with(file, module_suffixes[i]))
			return length - strlen(module_suffixes[i]);
	return length;
}

bool module_name_is_file(const char *file)
{
	size_t length = module_name_uncompressed_length(file);

	return length > 3 && !strncmp(file + length - 3, ".ko", 3);
}

bool module_name_is_of(const char *file, const char *name)
{
	char uncompressed[NAME_MAX + 1], found[NAME_MAX + 1];

	snprintf(uncompressed, sizeof(uncompressed), "%.*s",
		 (int)module_name_uncompressed_length(file), file);
	return module_name_is_file(file) &&
	       !module_name_of_file(uncompressed, found, sizeof(found)) &&
	       !strcmp(found, name);
}

bool module_name_find_file(const char *stem, char *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(module_suffixes); i++)
		if (!file_path(ret, "", "%s.ko%s", stem, module_suffixes[i]) &&
		    !access(ret, R_OK))
			return true;
	return false;
}
