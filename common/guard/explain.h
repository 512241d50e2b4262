/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The boot guard's record in words. Decides nothing. */
#ifndef EXPLAIN_H
#define EXPLAIN_H

#include <stddef.h>

#include "common/guard/record.h"

/*
 * Writes why the set in @record is not loaded to @ret of @size bytes. The set is
 * quarantined or it failed.
 */
void explain_record(const struct record *record, char *ret, size_t size);

#endif
