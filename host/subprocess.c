// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/subprocess.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/bounds.h"
#include "common/file.h"
#include "common/text.h"

#define STATUS_NOT_FOUND 127

static const struct {
	const char *suffix, *program;
} decompressors[] = {
	{ ".xz", "xz" },
	{ ".zst", "zstd" },
	{ ".gz", "gzip" },
};

struct transfer {
	int from, to;
	size_t limit;
	int *ret_err;
};

/* Passes @result on, and notes the errno that it comes from. */
static enum subprocess_result fail_transfer(const struct transfer *transfer,
					    enum subprocess_result result)
{
	*transfer->ret_err = -errno;
	return result;
}

static const char *find_decompressor(const char *file)
{
	for (size_t i = 0; i < ARRAY_SIZE(decompressors); i++)
		if (text_ends_with(file, decompressors[i].suffix))
			return decompressors[i].program;
	return NULL;
}

static bool is_compressor_option(const char *variable)
{
	static const char *const prefixes[] = { "XZ_", "ZSTD_", "GZIP=", "BZIP",
						"LZOP=" };

	for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++)
		if (!strncmp(variable, prefixes[i], strlen(prefixes[i])))
			return true;
	return false;
}

/* Compressors take options from the environment: another format, other bytes. */
static void unset_compressor_options(void)
{
	char **to = environ;

	for (char **from = environ; *from; from++)
		if (!is_compressor_option(*from))
			*to++ = *from;
	*to = NULL;
}

/* Executes @command with @from and @to as standard streams. Never returns. */
static void execute_between(char *const *command, int from, int to)
{
	if (dup2(from, STDIN_FILENO) < 0 || dup2(to, STDOUT_FILENO) < 0)
		_exit(STATUS_NOT_FOUND - 1);
	unset_compressor_options();
	execvp(command[0], command);
	_exit(STATUS_NOT_FOUND);
}

/* With SUBPROCESS_ERROR errno is that of waitpid(2). */
static enum subprocess_result wait_for_command(pid_t child)
{
	int status;

	while (waitpid(child, &status, 0) < 0) {
		if (errno != EINTR)
			return SUBPROCESS_ERROR;
		/* Our caller catches signals to clean up, so the child has to end. */
		kill(child, SIGTERM);
	}
	if (WIFEXITED(status) && WEXITSTATUS(status) == STATUS_NOT_FOUND)
		return SUBPROCESS_NOT_INSTALLED;
	return WIFEXITED(status) && !WEXITSTATUS(status) ? SUBPROCESS_OK :
							   SUBPROCESS_FAILED;
}

static enum subprocess_result copy_up_to_limit(const struct transfer *transfer)
{
	char chunk[64 * 1024];
	size_t total = 0;
	ssize_t n;

	while ((n = read(transfer->from, chunk, sizeof(chunk))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail_transfer(transfer, SUBPROCESS_NOT_READ);
		total += (size_t)n;
		if (total > transfer->limit)
			return SUBPROCESS_OVER_LIMIT;
		*transfer->ret_err = file_write_all(transfer->to, chunk, (size_t)n);
		if (*transfer->ret_err)
			return SUBPROCESS_ERROR;
	}
	return SUBPROCESS_OK;
}

/*
 * The output comes through a pipe for two reasons. A full disk is told from a damaged
 * file, and a small file that unpacks to a huge one ends at the limit.
 */
static enum subprocess_result copy_through_command(char *const *command,
						   const struct transfer *transfer)
{
	struct transfer output = *transfer;
	enum subprocess_result result, end;
	int fds[2];
	pid_t child;

	if (pipe2(fds, O_CLOEXEC))
		return fail_transfer(transfer, SUBPROCESS_ERROR);
	child = fork();
	if (!child)
		execute_between(command, transfer->from, fds[1]);
	result = child < 0 ? fail_transfer(transfer, SUBPROCESS_ERROR) : SUBPROCESS_OK;
	close(fds[1]);
	output.from = fds[0];
	if (!result)
		result = copy_up_to_limit(&output);
	close(fds[0]);
	end = child < 0 ? SUBPROCESS_OK : wait_for_command(child);
	if (!result && end == SUBPROCESS_ERROR)
		fail_transfer(transfer, end);
	return result ? result : end;
}

/* execvp takes writable strings, because C once had no const. They are not written to. */
static enum subprocess_result decompress_with(const char *program,
					      const struct transfer *transfer)
{
	const char *const command[] = { program, "-qdc", NULL };

	return copy_through_command((char *const *)command, transfer);
}

enum subprocess_result subprocess_decompress(int from, const char *file, int to,
					     int *ret_err)
{
	const struct transfer transfer = { from, to, MODULE_BYTES_MAX, ret_err };
	const char *program = find_decompressor(file);

	return program ? decompress_with(program, &transfer) :
			 copy_up_to_limit(&transfer);
}

enum subprocess_result subprocess_decompress_kernel(const char *program, int from, int to,
						    int *ret_err)
{
	const struct transfer transfer = { from, to, KERNEL_UNPACKED_MAX, ret_err };

	return decompress_with(program, &transfer);
}

/* Every compressor writes something even for an empty archive: no bytes, no success. */
static enum subprocess_result compress_with(char *const *command,
					    const struct transfer *transfer)
{
	off_t begin = lseek(transfer->to, 0, SEEK_CUR);
	enum subprocess_result result = copy_through_command(command, transfer);

	if (result || lseek(transfer->to, 0, SEEK_CUR) != begin)
		return result;
	return SUBPROCESS_FAILED;
}

enum subprocess_result subprocess_compress(const char *program, int from, int to,
					   int *ret_err)
{
	const struct transfer transfer = { from, to, ARCHIVE_BYTES_MAX, ret_err };
	char gzip[] = "gzip", gzip_options[] = "-9nc";
	char xz[] = "xz", xz_options[] = "-6cT1", xz_check[] = "--check=crc32";
	char zstd[] = "zstd", zstd_options[] = "-19qc";
	char *const commands[][4] = {
		{ gzip, gzip_options, NULL },
		{ xz, xz_options, xz_check, NULL },
		{ zstd, zstd_options, NULL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		if (!strcmp(commands[i][0], program))
			return compress_with(commands[i], &transfer);
	return SUBPROCESS_NOT_INSTALLED;
}

enum subprocess_result subprocess_run(char *const *command)
{
	pid_t child = fork();

	if (!child) {
		execvp(command[0], command);
		_exit(STATUS_NOT_FOUND);
	}
	return child < 0 ? SUBPROCESS_ERROR : wait_for_command(child);
}

/* Keeps what fits, and reads the rest too: a program must not fail for its last line. */
static void read_first_bytes(int from, char *ret, size_t size)
{
	char rest[256] = "";
	size_t used = 0;
	ssize_t n;

	do {
		size_t room = size - 1 - used;

		if (!room) {
			n = read(from, rest, sizeof(rest));
			continue;
		}
		n = read(from, ret + used, room);
		if (n > 0)
			used += (size_t)n;
	} while (n > 0 || (n < 0 && errno == EINTR));
	ret[used] = '\0';
}

enum subprocess_result subprocess_output(char *const *command, char *ret, size_t size)
{
	CLOSE_FD nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
	int fds[2];
	pid_t child;

	*ret = '\0';
	if (nothing < 0 || pipe2(fds, O_CLOEXEC))
		return SUBPROCESS_ERROR;
	child = fork();
	if (!child) {
		dup2(nothing, STDERR_FILENO);
		execute_between(command, nothing, fds[1]);
	}
	close(fds[1]);
	if (child > 0)
		read_first_bytes(fds[0], ret, size);
	close(fds[0]);
	return child < 0 ? SUBPROCESS_ERROR : wait_for_command(child);
}

/* They are not written to here, either. */
static enum subprocess_result run_constant(const char *const *command)
{
	return subprocess_run((char *const *)command);
}

enum subprocess_result subprocess_strip(const char *path)
{
	const char *const command[] = { "strip", "--strip-debug", "--", path, NULL };

	return run_constant(command);
}

enum subprocess_result subprocess_sign(const char *key, const char *message,
				       const char *signature)
{
	/* On Debian "signify" may be another program, so that name comes second. */
	const char *command[] = {
		"signify-openbsd", "-S", "-s", key, "-m", message, "-x", signature, NULL
	};
	enum subprocess_result result = run_constant(command);

	if (result != SUBPROCESS_NOT_INSTALLED)
		return result;
	command[0] = "signify";
	return run_constant(command);
}

enum subprocess_result subprocess_sign_program(const struct program_signer *signer,
					       const char *from, const char *to)
{
	const char *const sbsign[] = {
		"sbsign", "--key", signer->key, "--cert", signer->certificate, "--output",
		to, from, NULL
	};
	const char *const systemd_sbsign[] = {
		"/usr/lib/systemd/systemd-sbsign", "sign", "--private-key", signer->key,
		"--certificate", signer->certificate, "--output", to, from, NULL
	};
	enum subprocess_result result = run_constant(sbsign);

	return result == SUBPROCESS_NOT_INSTALLED ? run_constant(systemd_sbsign) : result;
}
