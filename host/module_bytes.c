// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/module_bytes.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/bounds.h"
#include "common/file.h"

/* For the NUL of file_read_all, and to see whether the file is larger by now. */
static size_t size_of_memory(off_t size)
{
	return size < MODULE_BYTES_MAX ? (size_t)size + 1 : MODULE_BYTES_MAX + 1;
}

int module_bytes_read(int fd, struct module_bytes *ret)
{
	struct stat st;
	void *bytes;
	size_t size;
	ssize_t len;

	if (fstat(fd, &st) || lseek(fd, 0, SEEK_SET))
		return -errno;
	size = size_of_memory(st.st_size);
	bytes = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		     0);
	if (bytes == MAP_FAILED)
		return -errno;
	len = file_read_all(fd, bytes, size);
	if (len < 0) {
		munmap(bytes, size);
		return (int)len;
	}
	*ret = (struct module_bytes){ bytes, (size_t)len };
	return 0;
}

void module_bytes_free(struct module_bytes *module)
{
	if (module->bytes)
		munmap((void *)module->bytes, module->len + 1);
}
