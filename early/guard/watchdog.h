/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machine's own watchdog, /dev/watchdog0, which resets the machine when nobody pings
 * it any more. It is for what no kernel recovers from by itself, as a CPU that spins with
 * its interrupts off. Decides nothing, and loads no driver.
 */
#ifndef WATCHDOG_H
#define WATCHDOG_H

/*
 * Starts it for @seconds, or for its own time if it cannot do so many. Does so only if
 * there is one below @root that can be stopped again and that nobody uses. watchdog_ping
 * is due each second from then on. Returns a descriptor, or -1 if it is not started.
 */
int watchdog_start(const char *root, unsigned int seconds);

/* Gives it its full time again. Does nothing for -1. */
void watchdog_ping(int watchdog);

/* Stops it and sets *@watchdog to -1. Does nothing for -1. */
void watchdog_stop(int *watchdog);

#endif
