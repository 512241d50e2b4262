// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/booted.h"

#include <stdio.h>
#include <string.h>

#include "common/file.h"
#include "common/input/manifest.h"
#include "common/module/module_name.h"
#include "common/paths.h"

struct booted_search {
	const char *release, *name;
	const unsigned char *digest;
	enum booted found;	/* so far; the digest counts more than the name */
};

static bool compare_with_line(const struct manifest_entry *entry, void *data)
{
	struct booted_search *search = data;
	char name[FILE_NAME_MAX + 1];

	if (strcmp(entry->release, search->release) ||
	    module_name_of_file(entry->file, name, sizeof(name)))
		return true;
	if (!memcmp(entry->sha256, search->digest, SHA256_BYTES))
		search->found = BOOTED_YES;
	else if (search->found != BOOTED_YES && !strcmp(name, search->name))
		search->found = BOOTED_OTHER;
	return true;
}

static enum booted find_in_manifest(char *text, size_t size, struct booted_search *search)
{
	struct manifest_error error;
	ssize_t len = file_read(MANIFEST_FILE, text, size);

	search->found = BOOTED_NAME;
	if (len < 0 || manifest_parse(text, (size_t)len, &(struct manifest_reader){
		MANIFEST_BAKED, compare_with_line, search }, &error))
		return BOOTED_NAME;
	return search->found;
}

enum booted booted_find(const char *release, const char *name,
			const unsigned char digest[SHA256_BYTES])
{
	/* For the status file, which is smaller, and then for the manifest. */
	static char text[MANIFEST_BYTES_MAX + 1];
	struct booted_search search = {
		.release = release, .name = name, .digest = digest
	};
	char line[MODULE_NAME_MAX + 16];

	if (file_read(STATUS_FILE, text, sizeof(text)) < 0)
		return BOOTED_NO_STATUS;
	snprintf(line, sizeof(line), "\npatch=%s ", name);
	if (strstr(text, line))
		return find_in_manifest(text, sizeof(text), &search);
	if (strstr(text, "\npatch=") || strstr(text, "\nstate=nothing\n"))
		return BOOTED_NO;
	/* Without a patch, "failed" is about the manifest, all else is a switch. */
	return strstr(text, "\nstate=failed\n") ? BOOTED_INVALID : BOOTED_DISABLED;
}
