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

static const char *find_decompressor(const char *file)
{
	for (size_t i = 0; i < ARRAY_SIZE(decompressors); i++)
		if (text_ends_with(file, decompressors[i].suffix))
			return decompressors[i].program;
	return NULL;
}

/* xz, zstd and gzip take options from the environment: another format, other bytes. */
static void unset_compressor_options(void)
{
	char **to = environ;

	for (char **from = environ; *from; from++)
		if (strncmp(*from, "XZ_", 3) && strncmp(*from, "ZSTD_", 5) &&
		    strncmp(*from, "GZIP=", 5))
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

static int wait_for_command(pid_t child)
{
	int status;

	while (waitpid(child, &status, 0) < 0) {
		if (errno != EINTR)
			return -errno;
		/* Our caller catches signals to clean up, so the child has to end. */
		kill(child, SIGTERM);
	}
	if (WIFEXITED(status) && WEXITSTATUS(status) == STATUS_NOT_FOUND)
		return -ENOENT;
	return WIFEXITED(status) && !WEXITSTATUS(status) ? 0 : -EBADMSG;
}

/* Copies at most @limit bytes, else -EFBIG. -EBADMSG: @from cannot be read. */
static int copy_up_to(int from, int to, size_t limit)
{
	char chunk[64 * 1024];
	size_t total = 0;
	ssize_t n;
	int err;

	while ((n = read(from, chunk, sizeof(chunk))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -EBADMSG;
		total += (size_t)n;
		err = total > limit ? -EFBIG : file_write_all(to, chunk, (size_t)n);
		if (err)
			return err;
	}
	return 0;
}

/*
 * The output comes through a pipe for two reasons. A full disk is told from a damaged
 * file, and a small file that unpacks to a huge one ends at the limit.
 */
static int copy_through_command(char *const *command, int from, int to, size_t limit)
{
	int fds[2], err, child_err;
	pid_t child;

	if (pipe2(fds, O_CLOEXEC))
		return -errno;
	child = fork();
	if (!child)
		execute_between(command, from, fds[1]);
	err = child < 0 ? -errno : 0;
	close(fds[1]);
	if (!err)
		err = copy_up_to(fds[0], to, limit);
	close(fds[0]);
	child_err = child < 0 ? 0 : wait_for_command(child);
	return err ? err : child_err;
}

int subprocess_decompress(int from, const char *file, int to)
{
	char quiet[] = "-qdc", program[8];
	char *const command[] = { program, quiet, NULL };
	const char *found = find_decompressor(file);

	if (!found)
		return copy_up_to(from, to, MODULE_BYTES_MAX);
	memcpy(program, found, strlen(found) + 1);
	return copy_through_command(command, from, to, MODULE_BYTES_MAX);
}

/* Every compressor writes something even for an empty archive: no bytes, no success. */
static int compress_with(char *const *command, int from, int to)
{
	int err = copy_through_command(command, from, to, ARCHIVE_BYTES_MAX);

	if (!err && !lseek(to, 0, SEEK_CUR))
		err = -EBADMSG;
	return err == -EBADMSG ? -ECHILD : err;
}

int subprocess_compress(const char *program, int from, int to)
{
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
			return compress_with(commands[i], from, to);
	return -ENOENT;
}

int subprocess_run(char *const *command)
{
	pid_t child = fork();

	if (!child) {
		execvp(command[0], command);
		_exit(STATUS_NOT_FOUND);
	}
	return child < 0 ? -errno : wait_for_command(child);
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

int subprocess_output(char *const *command, char *ret, size_t size)
{
	CLOSE_FD nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
	int fds[2];
	pid_t child;

	*ret = '\0';
	if (nothing < 0 || pipe2(fds, O_CLOEXEC))
		return -errno;
	child = fork();
	if (!child) {
		dup2(nothing, STDERR_FILENO);
		execute_between(command, nothing, fds[1]);
	}
	close(fds[1]);
	if (child > 0)
		read_first_bytes(fds[0], ret, size);
	close(fds[0]);
	return child < 0 ? -errno : wait_for_command(child);
}

int subprocess_strip(const char *path)
{
	char program[] = "strip", debug[] = "--strip-debug", end[] = "--", target[4096];
	char *const command[] = { program, debug, end, target, NULL };

	if (strlen(path) >= sizeof(target))
		return -ENAMETOOLONG;
	memcpy(target, path, strlen(path) + 1);
	return subprocess_run(command);
}

/* execvp takes writable strings, because C once had no const. They are not written to. */
static int sign_with(const char *program, const char *key, const char *message,
		     const char *signature)
{
	const char *const command[] = {
		program, "-S", "-s", key, "-m", message, "-x", signature, NULL
	};

	return subprocess_run((char *const *)command);
}

int subprocess_sign(const char *key, const char *message, const char *signature)
{
	/* On Debian "signify" may be another program, so that name comes second. */
	int err = sign_with("signify-openbsd", key, message, signature);

	return err == -ENOENT ? sign_with("signify", key, message, signature) : err;
}
