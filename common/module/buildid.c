// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/module/buildid.h"

#include <elf.h>
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "common/file.h"

#define NOTES_BYTES_MAX 4096

static size_t align4(size_t n)
{
	return (n + 3) & ~(size_t)3;
}

int build_id_from_notes(const void *notes, size_t len, struct build_id *ret)
{
	const unsigned char *p = notes;

	while (len > 0) {
		Elf64_Nhdr note;
		size_t name, size;

		if (len < sizeof(note))
			return -EBADMSG;
		memcpy(&note, p, sizeof(note));
		if (note.n_namesz > len || note.n_descsz > len)
			return -EBADMSG;
		name = sizeof(note);
		size = name + align4(note.n_namesz) + align4(note.n_descsz);
		if (size > len)
			return -EBADMSG;
		if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 &&
		    !memcmp(p + name, "GNU", 4)) {
			if (!note.n_descsz || note.n_descsz > BUILD_ID_BYTES_MAX)
				return -EBADMSG;
			ret->len = note.n_descsz;
			memcpy(ret->bytes, p + name + 4, note.n_descsz);
			return 0;
		}
		p += size;
		len -= size;
	}
	return -ENOENT;
}

static int from_file(const char *path, struct build_id *ret)
{
	char notes[NOTES_BYTES_MAX];
	ssize_t len = file_read(path, notes, sizeof(notes));

	return len < 0 ? (int)len : build_id_from_notes(notes, (size_t)len, ret);
}

int build_id_of_kernel(const char *root, struct build_id *ret)
{
	char path[PATH_MAX];
	int err = file_path(path, root, "/sys/kernel/notes");

	return err ? err : from_file(path, ret);
}

int build_id_of_module(const char *root, const char *name, struct build_id *ret)
{
	char path[PATH_MAX];
	int err = file_path(path, root, "/sys/module/%s/notes/.note.gnu.build-id", name);

	return err ? err : from_file(path, ret);
}

static int read_at(int fd, void *buf, size_t len, uint64_t offset)
{
	ssize_t n = offset > INT64_MAX ? 0 : pread(fd, buf, len, (off_t)offset);

	if (n < 0)
		return -errno;
	return (size_t)n == len ? 0 : -ENOEXEC;
}

static int from_section(int fd, const Elf64_Shdr *section, struct build_id *ret)
{
	char notes[NOTES_BYTES_MAX];
	int err;

	if (section->sh_type != SHT_NOTE || section->sh_size > sizeof(notes))
		return -ENOENT;
	err = read_at(fd, notes, (size_t)section->sh_size, section->sh_offset);
	return err ? err : build_id_from_notes(notes, (size_t)section->sh_size, ret);
}

int build_id_of_file(int fd, struct build_id *ret)
{
	Elf64_Ehdr header;
	int err = read_at(fd, &header, sizeof(header), 0);

	if (err)
		return err;
	if (memcmp(header.e_ident, ELFMAG, SELFMAG) || header.e_ident[EI_CLASS] != ELFCLASS64 ||
	    header.e_shentsize != sizeof(Elf64_Shdr) || header.e_shnum > SECTIONS_MAX)
		return -ENOEXEC;
	for (unsigned int i = 0; i < header.e_shnum; i++) {
		Elf64_Shdr section;

		err = read_at(fd, &section, sizeof(section),
			      header.e_shoff + i * sizeof(section));
		if (err)
			return err;
		err = from_section(fd, &section, ret);
		if (err != -ENOENT)
			return err;
	}
	return -ENOENT;
}
