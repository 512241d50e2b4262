/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The program as PID 1, between the kernel and the real init, which must find everything
 * as if the program had not been there. Loads no patch itself: a child does, which
 * pid1_main of verbs.h starts.
 */
#ifndef PID1_H
#define PID1_H

#include <stdbool.h>

/* True in that child. */
bool pid1_is_parent(void);

#endif
