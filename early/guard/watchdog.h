/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machine's own watchdog, /dev/watchdog0, which resets it when nobody asks for time any more: for what no kernel gets out
 * of by itself, as a CPU that spins with its interrupts off.
 */
#ifndef WATCHDOG_H
#define WATCHDOG_H

/*
 * Starts it for @seconds, or for what it can, if there is one below @root that can be stopped again and that nobody uses.
 * watchdog_ping is due each second from then on.
 */
void watchdog_start(const char *root, unsigned int seconds);

/* Gives it its full time again; nothing if it was not started. */
void watchdog_ping(void);

void watchdog_stop(void);

#endif
