/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The status file for a person to read. Compares it with nothing. */
#ifndef STATUS_TEXT_H
#define STATUS_TEXT_H

/* Each of these returns an exit status. */

/* Prints @text, which a status file holds, on standard output. Cuts it into pieces. */
int status_text_print(char *text);

/* Says on standard error that there is no status file to be read, for @err (-errno). */
int status_text_missing(int err);

/* Reads and prints the status file of the running system. */
int status_text_show(void);

#endif
