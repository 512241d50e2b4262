/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The host's own programs: decompressors, strip, signify, and what a caller names. Never run by apply.
 */
#ifndef SUBPROCESS_H
#define SUBPROCESS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Writes what @from, a file named @file, holds to @to: as it is, or through xz, zstd or gzip
 * by the suffix of its name. At most MODULE_BYTES_MAX bytes.
 * Returns 0; -EBADMSG if @from cannot be read or the program refuses, -EFBIG over the limit,
 * -ENOENT if the program is not installed; or -errno, which is about @to.
 */
int subprocess_decompress(int from, const char *file, int to);

/*
 * Writes what @from, open for reading, holds to @to, an empty file, through @program, which is gzip, xz
 * or zstd, in a way that the kernel unpacks as an initramfs (lib/decompress_unxz.c wants CRC32): at most
 * ARCHIVE_BYTES_MAX bytes. Errors as above, but -ECHILD if the program fails or makes nothing.
 */
int subprocess_compress(const char *program, int from, int to);

/*
 * Runs @command, found in PATH, with our own standard streams.
 * Returns 0, -EBADMSG if it ends with another exit status than 0, -ENOENT if it is not
 * installed, or -errno.
 */
int subprocess_run(char *const *command);

/*
 * Runs @command without input and error messages, and takes the first @size - 1 bytes that it
 * prints, with a NUL behind them. Errors as above; @ret is filled even when it ends in one.
 */
int subprocess_output(char *const *command, char *ret, size_t size);

/* Removes debug sections from the file @path in place. Errors as above. */
int subprocess_strip(const char *path);

/*
 * Has signify (Debian's is signify-openbsd) sign the file @message with the secret key in the file
 * @key, and write the signature to @signature. It asks for the key's passphrase, if there is one, on
 * the terminal. Errors as above.
 */
int subprocess_sign(const char *key, const char *message, const char *signature);

#endif
