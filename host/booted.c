// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/booted.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "common/file.h"
#include "common/input/manifest.h"
#include "common/module/module_name.h"
#include "common/paths.h"

struct search {
	const char *release, *name;
	const unsigned char *digest;
	bool same_name, same_file;
};

/* For the status file, which is smaller, and then for the manifest. */
static char text[MANIFEST_BYTES_MAX + 1];

static int compare(const struct manifest_entry *entry, void *data)
{
	struct search *search = data;
	char name[FILE_NAME_MAX + 1];

	if (strcmp(entry->release, search->release) ||
	    module_name_of_file(entry->file, name, sizeof(name)))
		return 0;
	search->same_name |= !strcmp(name, search->name);
	search->same_file |= !memcmp(entry->sha256, search->digest, SHA256_BYTES);
	return 0;
}

static enum booted find_in_manifest(struct search *search)
{
	struct manifest_error error;
	ssize_t len = file_read(MANIFEST_FILE, text, sizeof(text));

	if (len < 0 ||
	    manifest_parse(text, (size_t)len, &(struct manifest_reader){
		MANIFEST_BAKED, compare, search }, &error))
		return BOOTED_NAME;
	if (search->same_file)
		return BOOTED_YES;
	return search->same_name ? BOOTED_OTHER : BOOTED_NAME;
}

enum booted booted_find(const char *release, const char *name,
		      const unsigned char digest[SHA256_BYTES])
{
	struct search search = { .release = release, .name = name, .digest = digest };
	char line[MODULE_NAME_MAX + 16];

	if (file_read(STATUS_FILE, text, sizeof(text)) < 0)
		return BOOTED_NO_STATUS;
	snprintf(line, sizeof(line), "\npatch=%s ", name);
	if (strstr(text, line))
		return find_in_manifest(&search);
	if (strstr(text, "\npatch=") || strstr(text, "\nstate=nothing\n"))
		return BOOTED_NO;
	/* Without a patch, a state that fails is the manifest's; all others are switches. */
	return strstr(text, "\nstate=failed\n") ? BOOTED_INVALID : BOOTED_DISABLED;
}
