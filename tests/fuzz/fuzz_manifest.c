// SPDX-License-Identifier: GPL-2.0-or-later
/* The manifest's parser against any bytes: the first byte chooses the kind. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/input/manifest.h"

static const char *begin, *end;

static bool visit(const struct manifest_entry *entry, void *data)
{
	unsigned int *last = data;

	/* What a visitor is given lies in the text, is of its grammar, and comes in order. */
	if (entry->release < begin || entry->file >= end || entry->line <= *last ||
	    manifest_check_file_name(entry->file) || manifest_check_release(entry->release))
		abort();
	if (entry->fixes && (entry->fixes <= begin || entry->fixes >= end ||
			     strlen(entry->fixes) > FIXES_BYTES_MAX))
		abort();
	*last = entry->line;
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct manifest_reader reader = { MANIFEST_DROP_IN, visit, NULL };
	struct manifest_error error = { 0 };
	unsigned int last = 0;
	char *text;
	enum manifest_result ret;

	if (!size)
		return 0;
	text = malloc(size);
	memcpy(text, data + 1, size - 1);
	text[size - 1] = '\0';
	reader.data = &last;
	if (data[0] & 1)
		reader.kind = MANIFEST_BAKED;
	begin = text;
	end = text + size;
	ret = manifest_parse(text, size - 1, &reader, &error);
	if ((ret == MANIFEST_WRONG_LINE) != (error.line > 0) || ret == MANIFEST_STOPPED ||
	    !error.line != !error.reason)
		abort();
	free(text);
	return 0;
}
