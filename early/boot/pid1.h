/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The program as PID 1, between the kernel and the real init, which must find everything as if it
 * had not been there. Loads no patch itself.
 */
#ifndef PID1_H
#define PID1_H

#include <stdbool.h>

/*
 * Mounts what is missing, runs @job in a child, takes the mounts back and executes the real init
 * with @argv, whose words are init's and never ours. Called before anything else: signals, streams
 * and umask are inherited, so only @job may change its own.
 * Returns, an exit status, only when nothing can be executed.
 */
int pid1_run(char **argv, int (*job)(void));

/* True in @job of pid1_run. */
bool pid1_is_parent(void);

#endif
