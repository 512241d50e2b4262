/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The boot guard's record and its store in words. Decides nothing. */
#ifndef EXPLAIN_H
#define EXPLAIN_H

#include <stddef.h>

#include "common/guard/record.h"

/*
 * Writes why the set of @trial is not loaded to @ret of @size bytes. It is quarantined or
 * it failed.
 */
void explain_trial(const struct trial *trial, char *ret, size_t size);

/* Returns why a store in @state, with -errno @err, cannot be used. */
const char *explain_store(enum guard_store_state state, int err);

#endif
