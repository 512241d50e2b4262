// SPDX-License-Identifier: GPL-2.0-or-later
/* Its transition cannot end: kpe_sleeper, which it needs, sleeps in the patched function. */
#include "sample.h"

int kpe_sleeper_thread(void *unused);

/* The reference that makes depmod and modinfo see the need. */
static int (*volatile needed)(void *unused) = kpe_sleeper_thread;

static int patched_kpe_sleeper_thread(void *unused)
{
	return !needed;
}

SAMPLE_PATCH("kpe_sleeper", "kpe_sleeper_thread", patched_kpe_sleeper_thread);
