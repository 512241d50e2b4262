// SPDX-License-Identifier: GPL-2.0-or-later
/* Fits no driver of the root's disk: the kernel takes it, and refuses the driver when that comes. */
#include "sample.h"

static void patched(void)
{
}

SAMPLE_PATCH("virtio_blk", "kpe_no_such_function", patched);
