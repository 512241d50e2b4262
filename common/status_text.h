/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints the status file for a person to read. Compares it with nothing. */
#ifndef STATUS_TEXT_H
#define STATUS_TEXT_H

/* Each function returns an exit status. */

/* Prints @text, the contents of a status file, on standard output. Writes into @text. */
int status_text_print(char *text);

/* Says on standard error that the status file cannot be read, for @err (-errno). */
int status_text_missing(int err);

/*
 * Reads and prints status.last of the running system, if apply ran again. @text has room
 * for STATUS_BYTES_MAX bytes.
 */
int status_text_print_last(char *text);

/* Reads and prints the status file of the running system, and status.last. */
int status_text_show(void);

#endif
