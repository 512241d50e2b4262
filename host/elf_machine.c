// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/elf_machine.h"

#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "common/file.h"
#include "common/text.h"

/* At the same offset whatever the class is, in the byte order that the file says. */
#define MACHINE_OFFSET offsetof(Elf64_Ehdr, e_machine)

static const struct {
	unsigned int machine;
	const char *name;
} machine_names[] = {
	{ EM_X86_64, "x86-64" },
	{ EM_AARCH64, "arm64" },
	{ EM_S390, "s390x" },
	{ EM_PPC64, "ppc64" },
};

unsigned int elf_machine_of(const char *path)
{
	CLOSE_FD fd = open(path, O_RDONLY | O_CLOEXEC);
	unsigned char header[MACHINE_OFFSET + 2];
	const unsigned char *machine = header + MACHINE_OFFSET;

	if (fd < 0 || read(fd, header, sizeof(header)) != sizeof(header) ||
	    memcmp(header, ELFMAG, SELFMAG))
		return EM_NONE;
	return header[EI_DATA] == ELFDATA2MSB ? machine[0] << 8U | machine[1] :
						machine[1] << 8U | machine[0];
}

const char *elf_machine_name(unsigned int machine)
{
	for (size_t i = 0; i < ARRAY_SIZE(machine_names); i++)
		if (machine_names[i].machine == machine)
			return machine_names[i].name;
	return "an unknown machine";
}
