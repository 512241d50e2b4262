/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs the host's own programs: decompressors, compressors, strip, signify, sbsign, and
 * what a caller names. Apply never runs any, and nothing is printed here.
 */
#ifndef SUBPROCESS_H
#define SUBPROCESS_H

#include <stddef.h>

enum subprocess_result {
	SUBPROCESS_OK,
	SUBPROCESS_NOT_INSTALLED,
	SUBPROCESS_FAILED,	/* a signal ended the program, or another status than 0 */
	SUBPROCESS_OVER_LIMIT,	/* it writes too much */
	SUBPROCESS_NOT_READ,	/* what is to be copied cannot be read */
	SUBPROCESS_ERROR,	/* another system call failed */
};

/*
 * Copies what @from, a file named @file, holds to @to, at most MODULE_BYTES_MAX bytes. By
 * the suffix of its name the file is decompressed with xz, zstd or gzip. *@ret_err is the
 * -errno of SUBPROCESS_NOT_READ and SUBPROCESS_ERROR. Without such a suffix no program is
 * run.
 */
enum subprocess_result subprocess_decompress(int from, const char *file, int to,
					     int *ret_err);

/*
 * Has @program (gzip, xz, zstd, lz4, bzip2 or lzop) decompress what @from, a file, holds
 * from where it is now. Writes at most KERNEL_UNPACKED_MAX bytes to @to. Results and
 * *@ret_err as above.
 */
enum subprocess_result subprocess_decompress_kernel(const char *program, int from, int to,
						    int *ret_err);

/*
 * Compresses what @from, open for reading, holds to where @to, a file, is now, at most
 * ARCHIVE_BYTES_MAX bytes. @program is gzip, xz or zstd. The kernel can unpack the result
 * as an initramfs (lib/decompress_unxz.c wants CRC32). Results as above, and
 * SUBPROCESS_FAILED also if the program writes nothing.
 */
enum subprocess_result subprocess_compress(const char *program, int from, int to,
					   int *ret_err);

/*
 * Runs @command, found in PATH, with our own standard streams. SUBPROCESS_ERROR: it
 * cannot be started, or not be waited for.
 */
enum subprocess_result subprocess_run(char *const *command);

/*
 * Runs @command without input and error messages. Puts the first @size - 1 bytes that it
 * prints into @ret, and a NUL. Results as above; @ret is filled whatever the result.
 */
enum subprocess_result subprocess_output(char *const *command, char *ret, size_t size);

/* Removes debug sections from the file @path in place. Results as above. */
enum subprocess_result subprocess_strip(const char *path);

/*
 * Has signify (Debian's is signify-openbsd) sign the file @message with the secret key in
 * the file @key, and write the signature to @signature. For a key with a passphrase
 * signify asks on the terminal. Results as above.
 */
enum subprocess_result subprocess_sign(const char *key, const char *message,
				       const char *signature);

/*
 * Has sbsign, or else systemd-sbsign, sign the EFI program in the file @from with
 * @signer, and write the signed one to the file @to. Results as above.
 */
struct program_signer {
	const char *key, *certificate;	/* files, in PEM */
};
enum subprocess_result subprocess_sign_program(const struct program_signer *signer,
					       const char *from, const char *to);

#endif
