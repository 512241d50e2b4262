/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads .modinfo without libkmod, where /proc is missing: modinfo_without_proc of
 * modinfo.h. Of a signature it finds nothing. The module is of 64 bits and little endian.
 */
#ifndef MODINFO_SECTION_H
#define MODINFO_SECTION_H

#include "common/module/modinfo.h"

#define MODINFO_SECTION_BYTES_MAX (256 * 1024)

#endif
