// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/module/buildid.h"

#include <elf.h>
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

/*
 * Reads the header of the note at @notes. Returns the bytes of the whole note, with the
 * padding of name and description; 0 if the note is cut off.
 */
static size_t read_note(const unsigned char *notes, size_t len, Elf64_Nhdr *ret)
{
	size_t size;

	if (len < sizeof(*ret))
		return 0;
	memcpy(ret, notes, sizeof(*ret));
	if (ret->n_namesz > len || ret->n_descsz > len)
		return 0;
	size = sizeof(*ret) + align4(ret->n_namesz) + align4(ret->n_descsz);
	return size > len ? 0 : size;
}

enum build_id_result build_id_from_notes(const void *notes, size_t len,
					 struct build_id *ret)
{
	const unsigned char *p = notes, *name;
	Elf64_Nhdr note;
	size_t size;

	for (; len > 0; p += size, len -= size) {
		size = read_note(p, len, &note);
		if (!size)
			return BUILD_ID_DAMAGED;
		name = p + sizeof(note);
		if (note.n_type != NT_GNU_BUILD_ID || note.n_namesz != 4 ||
		    memcmp(name, "GNU", 4))
			continue;
		if (!note.n_descsz || note.n_descsz > BUILD_ID_BYTES_MAX)
			return BUILD_ID_DAMAGED;
		ret->len = note.n_descsz;
		memcpy(ret->bytes, name + 4, note.n_descsz);
		return BUILD_ID_FOUND;
	}
	return BUILD_ID_NONE;
}

static enum build_id_result build_id_from_path(const char *path, struct build_id *ret,
					       int *ret_err)
{
	char notes[NOTES_BYTES_MAX];
	ssize_t len = file_read(path, notes, sizeof(notes));

	if (len >= 0)
		return build_id_from_notes(notes, (size_t)len, ret);
	*ret_err = (int)len;
	return BUILD_ID_UNREADABLE;
}

enum build_id_result build_id_of_kernel(const char *root, struct build_id *ret,
					int *ret_err)
{
	char path[PATH_MAX];

	*ret_err = file_path(path, root, "/sys/kernel/notes");
	return *ret_err ? BUILD_ID_UNREADABLE : build_id_from_path(path, ret, ret_err);
}

bool build_id_of_module(const char *root, const char *name, struct build_id *ret)
{
	char path[PATH_MAX];
	int err = file_path(path, root, "/sys/module/%s/notes/.note.gnu.build-id", name);

	return !err && build_id_from_path(path, ret, &err) == BUILD_ID_FOUND;
}

static bool read_exactly_at(int fd, void *buf, size_t len, uint64_t offset)
{
	return offset <= INT64_MAX && pread(fd, buf, len, (off_t)offset) == (ssize_t)len;
}

static bool build_id_from_section(int fd, const Elf64_Shdr *section, struct build_id *ret)
{
	char notes[NOTES_BYTES_MAX];
	size_t size = (size_t)section->sh_size;

	return section->sh_type == SHT_NOTE && section->sh_size <= sizeof(notes) &&
	       read_exactly_at(fd, notes, size, section->sh_offset) &&
	       build_id_from_notes(notes, size, ret) == BUILD_ID_FOUND;
}

bool build_id_of_file(int fd, struct build_id *ret)
{
	Elf64_Ehdr header;
	Elf64_Shdr section;

	if (!read_exactly_at(fd, &header, sizeof(header), 0))
		return false;
	if (memcmp(header.e_ident, ELFMAG, SELFMAG) ||
	    header.e_ident[EI_CLASS] != ELFCLASS64 ||
	    header.e_shentsize != sizeof(Elf64_Shdr) || header.e_shnum > SECTIONS_MAX)
		return false;
	for (unsigned int i = 0; i < header.e_shnum; i++) {
		if (!read_exactly_at(fd, &section, sizeof(section),
				     header.e_shoff + i * sizeof(section)))
			return false;
		if (build_id_from_section(fd, &section, ret))
			return true;
	}
	return false;
}
