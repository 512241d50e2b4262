/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The program as PID 1, between the kernel and the real init, which must find everything
 * as if the program had not been there. Loads no patch itself: a child does, which
 * pid1_main starts.
 */
#ifndef PID1_H
#define PID1_H

#include <stdbool.h>

#include "common/verbs.h"

/*
 * The early program as PID 1: starts the system. The first process of a container is PID
 * 1 too, and may be called for one of @verbs. Returns:
 *   false   this process is not the PID 1 that starts a system
 *   true    no init can be executed; *@ret_status is the exit status
 */
bool pid1_main(const struct verb *verbs, int argc, char **argv, int *ret_status);

/* True in that child. */
bool pid1_is_parent(void);

#endif
