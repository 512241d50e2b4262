// SPDX-License-Identifier: GPL-2.0-or-later
/* Does not fit the file system of the root: the kernel takes it, and refuses that when it comes. */
#include "sample.h"

static void patched(void)
{
}

SAMPLE_PATCH("ext4", "kpe_no_such_function", patched);
