/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which boot this is, as the kernel's boot_id tells. */
#ifndef BOOT_ID_H
#define BOOT_ID_H

#include <stdbool.h>
#include <stdint.h>

#include "common/guard/record.h"

/* The checksum of /proc/sys/kernel/random/boot_id below @root; 0 if that can't be read. */
uint32_t boot_id_crc(const char *root);

/* True if @record was written at this boot. False if that can't be told. */
bool boot_id_is_of_record(const char *root, const struct record *record);

#endif
