// SPDX-License-Identifier: GPL-2.0-or-later
/* Fits no function of a driver that is not loaded yet: the kernel takes it, and refuses the driver when that comes. */
#include "sample.h"

static void patched(void)
{
}

SAMPLE_PATCH("kpe_later", "kpe_no_such_function", patched);
