// SPDX-License-Identifier: GPL-2.0-or-later
/* The command line's parser against any bytes. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/input/cmdline.h"

static void notice(const char *word, const char *complaint)
{
	if (strncmp(word, "kpatch.", 7) || !*complaint)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cmdline cmdline;
	char *text = malloc(size + 1);

	memcpy(text, data, size);
	text[size] = '\0';
	cmdline_parse(text, size, notice, &cmdline);
	if (cmdline.skip && (cmdline.skip < text || cmdline.skip > text + size))
		abort();
	if (cmdline.init && (cmdline.init < text || cmdline.init >= text + size))
		abort();
	cmdline_skips(&cmdline, "lp_a");

	/* With the switch as the first word nothing that follows but its own kind takes it back. */
	if (!memmem(data, size, "kpatch", 6)) {
		memcpy(text, "kpatch.disable=1 ", 17 < size ? 17 : size);
		if (size > 17) {
			memcpy(text + 17, data + 17, size - 17);
			text[size] = '\0';
			cmdline_parse(text, size, notice, &cmdline);
			if (!cmdline.disabled_by)
				abort();
		}
	}
	free(text);
	return 0;
}
