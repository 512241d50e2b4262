// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/stub_version.h"

#include <fcntl.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/file.h"

#define STUB_INFO \
	"/sys/firmware/efi/efivars/StubInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"
#define STUB_NAME "systemd-stub "

/* An image begins with the stub, of some 100 KB. */
#define IMAGE_BYTES (512 * 1024)

/* Reads the first @size - 1 bytes at most. Returns how many. */
static size_t read_beginning(const char *path, char *ret, size_t size)
{
	CLOSE_FD fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? -1 : read(fd, ret, size - 1);

	ret[len > 0 ? len : 0] = '\0';
	return len > 0 ? (size_t)len : 0;
}

static unsigned int find_version(const char *bytes, size_t len)
{
	const char *name = memmem(bytes, len, STUB_NAME, strlen(STUB_NAME));

	return name ? (unsigned int)strtoul(name + strlen(STUB_NAME), NULL, 10) : 0;
}

/* The value is UTF-16 behind four bytes of attributes. */
unsigned int stub_version_of_system(const char *root)
{
	char path[PATH_MAX], value[256], text[sizeof(value) / 2];
	size_t len, count = 0;

	if (file_path(path, root, STUB_INFO))
		return 0;
	len = read_beginning(path, value, sizeof(value));
	for (size_t i = 4; i < len; i += 2)
		text[count++] = value[i];
	text[count] = '\0';
	return find_version(text, count);
}

unsigned int stub_version_of_image(const char *path)
{
	char bytes[IMAGE_BYTES];
	size_t len = read_beginning(path, bytes, sizeof(bytes));

	return find_version(bytes, len);
}
