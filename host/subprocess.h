/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs the host's own programs: decompressors, compressors, strip, signify, and what a
 * caller names. Apply never runs any, and nothing is printed here.
 */
#ifndef SUBPROCESS_H
#define SUBPROCESS_H

#include <stddef.h>

/*
 * Copies what @from, a file named @file, holds to @to, at most MODULE_BYTES_MAX bytes. By
 * the suffix of its name the file is decompressed with xz, zstd or gzip. Returns
 *   0
 *   -EBADMSG  @from cannot be read, or the program refuses
 *   -EFBIG    it is over the limit
 *   -ENOENT   the program is not installed
 *   -errno    something is wrong with @to
 */
int subprocess_decompress(int from, const char *file, int to);

/*
 * Compresses what @from, open for reading, holds into @to, an empty file, at most
 * ARCHIVE_BYTES_MAX bytes. @program is gzip, xz or zstd. The kernel can unpack the result
 * as an initramfs (lib/decompress_unxz.c wants CRC32). Errors as above, but -ECHILD if
 * the program fails or writes nothing.
 */
int subprocess_compress(const char *program, int from, int to);

/*
 * Runs @command, found in PATH, with our own standard streams.
 * Returns
 *   0
 *   -EBADMSG  it ends with another exit status than 0
 *   -ENOENT   it is not installed
 *   -errno    it cannot be started
 */
int subprocess_run(char *const *command);

/*
 * Runs @command without input and error messages. Puts the first @size - 1 bytes that it
 * prints into @ret, and a NUL. Errors as above; @ret is filled even when there is one.
 */
int subprocess_output(char *const *command, char *ret, size_t size);

/* Removes debug sections from the file @path in place. Errors as above. */
int subprocess_strip(const char *path);

/*
 * Has signify (Debian's is signify-openbsd) sign the file @message with the secret key in
 * the file @key, and write the signature to @signature. For a key with a passphrase
 * signify asks on the terminal. Errors as above.
 */
int subprocess_sign(const char *key, const char *message, const char *signature);

#endif
