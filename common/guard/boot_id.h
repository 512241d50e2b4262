/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tells this boot from another by the kernel's boot_id. Writes nothing. */
#ifndef BOOT_ID_H
#define BOOT_ID_H

#include <stdbool.h>
#include <stdint.h>

#include "common/guard/record.h"

/*
 * Returns the checksum of /proc/sys/kernel/random/boot_id below @root, or 0 if the file
 * cannot be read.
 */
uint32_t boot_id_crc(const char *root);

/* True if @record was written at this boot, false if that cannot be told. */
bool boot_id_is_of_record(const char *root, const struct record *record);

#endif
