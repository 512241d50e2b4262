// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools.h"

#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bounds.h"
#include "file.h"
#include "text.h"

#define STATUS_NOT_FOUND 127

static const struct {
	const char *suffix, *program;
} decompressors[] = {
	{ ".xz", "xz" },
	{ ".zst", "zstd" },
	{ ".gz", "gzip" },
};

static const char *decompressor(const char *file, size_t *ret_length)
{
	*ret_length = strlen(file);
	for (size_t i = 0; i < ARRAY_SIZE(decompressors); i++)
		if (text_ends_with(file, decompressors[i].suffix)) {
			*ret_length -= strlen(decompressors[i].suffix);
			return decompressors[i].program;
		}
	return NULL;
}

size_t tools_uncompressed_length(const char *file)
{
	size_t length;

	decompressor(file, &length);
	return length;
}

/* In the child. @from and @to become its standard streams unless they are -1. */
static void become(char *const *command, int from, int to)
{
	struct rlimit limit = { .rlim_cur = MODULE_BYTES_MAX, .rlim_max = MODULE_BYTES_MAX };

	setrlimit(RLIMIT_FSIZE, &limit);
	if ((from >= 0 && dup2(from, STDIN_FILENO) < 0) ||
	    (to >= 0 && dup2(to, STDOUT_FILENO) < 0))
		_exit(STATUS_NOT_FOUND - 1);
	execvp(command[0], command);
	_exit(STATUS_NOT_FOUND);
}

static int run(char *const *command, int from, int to)
{
	int status;
	pid_t child = fork();

	if (child < 0)
		return -errno;
	if (!child)
		become(command, from, to);
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	if (WIFEXITED(status) && WEXITSTATUS(status) == STATUS_NOT_FOUND)
		return -ENOENT;
	return WIFEXITED(status) && !WEXITSTATUS(status) ? 0 : -EBADMSG;
}

static int copy(int from, int to)
{
	static char chunk[64 * 1024];
	size_t total = 0;
	ssize_t n;
	int err;

	while ((n = read(from, chunk, sizeof(chunk))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		total += (size_t)n;
		err = total > MODULE_BYTES_MAX ? -EFBIG : file_write_all(to, chunk, (size_t)n);
		if (err)
			return err;
	}
	return 0;
}

int tools_decompress(int from, const char *file, int to)
{
	char quiet[] = "-qdc", program[8];
	char *const command[] = { program, quiet, NULL };
	size_t length;
	const char *found = decompressor(file, &length);

	if (!found)
		return copy(from, to);
	memcpy(program, found, strlen(found) + 1);
	return run(command, from, to);
}

int tools_strip(const char *path)
{
	char program[] = "strip", debug[] = "--strip-debug", end[] = "--", target[4096];
	char *const command[] = { program, debug, end, target, NULL };

	if (strlen(path) >= sizeof(target))
		return -ENAMETOOLONG;
	memcpy(target, path, strlen(path) + 1);
	return run(command, -1, -1);
}
