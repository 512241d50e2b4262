// SPDX-License-Identifier: GPL-2.0-or-later
/* The formats of files with a kernel against any bytes. */
#include <stdint.h>
#include <stdlib.h>

#include "host/check/file_format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct file_payload payload;
	enum file_format format = file_format(data, size, &payload);

	if (format != FILE_FORMAT_PART && format != FILE_FORMAT_COMPRESSED)
		return 0;
	if (payload.bytes < data || payload.bytes > data + size ||
	    payload.size > (size_t)(data + size - payload.bytes))
		abort();
	if (!payload.program != (format == FILE_FORMAT_PART))
		abort();
	return 0;
}
