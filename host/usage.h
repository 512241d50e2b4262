/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Wrong verbs and options: says which word is wrong, and what may be meant. Does nothing
 * about it.
 */
#ifndef USAGE_H
#define USAGE_H

struct option;

/*
 * Does what getopt_long(3) does, and returns the same, but says '?' in words of its own.
 */
int usage_next_option(int argc, char **argv, const char *shorts,
		      const struct option *options);

#endif
