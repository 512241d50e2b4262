/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What every unit test includes; cmocka wants these headers before its own. */
#ifndef UNIT_H
#define UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/text.h"

/* For e_ident of what a test makes. */
#define OWN_BYTE_ORDER (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 2 : 1)

#endif
