// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/uki_addon.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "common/bounds.h"
#include "common/file.h"
#include "common/text.h"
#include "host/elf_machine.h"

#define FILE_ALIGNMENT 512
#define MEMORY_ALIGNMENT 4096
#define ADDON_SECTIONS 5

/* Flags of a section. */
#define CODE_TO_EXECUTE	0x60000020
#define DATA_TO_READ	0x40000040

/* shim wants to see it, and refuses programs whose line in its own list is newer. */
#define SBAT "sbat,1,SBAT Version,sbat,1," \
	"https://github.com/rhboot/shim/blob/main/SBAT.md\n" \
	"kpatch-early.addon,1,kpatch-early,kpatch-early," VERSION ",kpatch-early(8)\n"

/* What is called if the addon is started as a program: returns EFI_UNSUPPORTED. */
struct uki_machine {
	uint16_t elf, pe;
	size_t code_size;
	unsigned char code[12];
};

static const struct uki_machine machines[] = {
	/* mov $0x8000000000000003, %rax; ret */
	{ EM_X86_64, 0x8664, 11, { 0x48, 0xb8, 3, 0, 0, 0, 0, 0, 0, 0x80, 0xc3 } },
	/* mov x0, #3; movk x0, #0x8000, lsl #48; ret */
	{ EM_AARCH64, 0xaa64, 12,
	  { 0x60, 0, 0x80, 0xd2, 0, 0, 0xf0, 0xf2, 0xc0, 3, 0x5f, 0xd6 } },
};

/* The format is Microsoft's "PE Format"; PE32+, little endian as this machine is. */
struct dos_header {
	char magic[2];
	char unused[58];
	uint32_t pe_offset;
};

struct pe_header {
	char magic[4];
	uint16_t machine, section_count;
	uint32_t unused1[3];
	uint16_t optional_size, characteristics;
	/* From here on it is the "optional header". */
	uint16_t optional_magic, linker;
	uint32_t unused2[3];
	uint32_t entry, unused3;
	uint64_t image_base;
	uint32_t memory_alignment, file_alignment;
	uint32_t versions[4];
	uint32_t image_size, headers_size, checksum;
	uint16_t subsystem, dll_characteristics;
	uint64_t stack_and_heap[4];
	uint32_t unused4, directory_count;
	uint64_t directories[16];
};

struct pe_section {
	char name[8];
	uint32_t size, address, file_size, offset;
	uint32_t unused[3];
	uint32_t flags;
};

struct pe_headers {
	struct dos_header dos;
	struct pe_header pe;
	struct pe_section sections[ADDON_SECTIONS];
};

_Static_assert(offsetof(struct pe_headers, sections) == 328, "no padding is in them");
_Static_assert(sizeof(struct pe_headers) <= UKI_ADDON_HEADERS, "they have room");

struct addon_writer {
	int fd, err;
	uint32_t offset;	/* in the file, of the next section */
	struct pe_headers headers;
};

static uint32_t round_up(size_t size, uint32_t alignment)
{
	return (uint32_t)(size + alignment - 1) / alignment * alignment;
}

/* Adds a section whose @size bytes are in the file already. Returns its address. */
static uint32_t add_section(struct addon_writer *writer, const char *name, size_t size)
{
	struct pe_header *pe = &writer->headers.pe;
	struct pe_section *section = writer->headers.sections + pe->section_count++;

	memcpy(section->name, name, strlen(name));
	section->size = (uint32_t)size;
	section->address = pe->image_size;
	section->file_size = round_up(size, FILE_ALIGNMENT);
	section->offset = writer->offset;
	section->flags = strcmp(name, ".text") ? DATA_TO_READ : CODE_TO_EXECUTE;
	pe->image_size += round_up(size, MEMORY_ALIGNMENT);
	writer->offset += section->file_size;
	return section->address;
}

static uint32_t add_bytes(struct addon_writer *writer, const char *name,
			  const void *bytes, size_t size)
{
	if (!writer->err && lseek(writer->fd, writer->offset, SEEK_SET) < 0)
		writer->err = -errno;
	if (!writer->err)
		writer->err = file_write_all(writer->fd, bytes, size);
	return add_section(writer, name, size);
}

static void write_headers(struct addon_writer *writer)
{
	if (!writer->err && (ftruncate(writer->fd, writer->offset) ||
			     lseek(writer->fd, 0, SEEK_SET) < 0))
		writer->err = -errno;
	if (!writer->err)
		writer->err = file_write_all(writer->fd, &writer->headers,
					     sizeof(writer->headers));
}

/* With its NUL the release is no beginning of another one, as the stub compares it. */
static void add_all_sections(struct addon_writer *writer, const struct uki_addon *addon,
			     size_t initrd_size)
{
	if (initrd_size)
		add_section(writer, ".initrd", initrd_size);
	writer->headers.pe.entry = add_bytes(writer, ".text", addon->machine->code,
					     addon->machine->code_size);
	add_bytes(writer, ".sbat", SBAT, strlen(SBAT));
	if (addon->release)
		add_bytes(writer, ".uname", addon->release, strlen(addon->release) + 1);
	if (addon->cmdline)
		add_bytes(writer, ".cmdline", addon->cmdline, strlen(addon->cmdline));
}

/* A checksum of zero is none. Firmware asks for none, and who signs may fill it in. */
enum uki_addon_result uki_addon_finish(const struct uki_addon *addon, int fd,
				       int *ret_err)
{
	struct addon_writer writer = {
		.fd = fd, .offset = UKI_ADDON_HEADERS,
		.headers = {
			.dos = { { 'M', 'Z' }, .pe_offset = sizeof(struct dos_header) },
			.pe = {
				.magic = "PE", .machine = addon->machine->pe,
				.optional_size = sizeof(struct pe_header) -
					offsetof(struct pe_header, optional_magic),
				.characteristics = 0x22, /* executable, any address */
				.optional_magic = 0x20b,
				.image_base = 0x10000,
				.memory_alignment = MEMORY_ALIGNMENT,
				.file_alignment = FILE_ALIGNMENT,
				.image_size = MEMORY_ALIGNMENT,
				.headers_size = UKI_ADDON_HEADERS,
				.subsystem = 10, /* an EFI application */
				.dll_characteristics = 0x100, /* NX_COMPAT */
				.directory_count = 16,
			},
		},
	};
	off_t end = lseek(fd, 0, SEEK_END);

	if (end > ARCHIVE_BYTES_MAX)
		return UKI_ADDON_TOO_LARGE;
	if (end < 0)
		writer.err = -errno;
	add_all_sections(&writer, addon, end > UKI_ADDON_HEADERS ?
			 (size_t)end - UKI_ADDON_HEADERS : 0);
	write_headers(&writer);
	*ret_err = writer.err;
	return writer.err ? UKI_ADDON_ERROR : UKI_ADDON_WRITTEN;
}

const struct uki_machine *uki_machine_of(const char *path)
{
	unsigned int machine = elf_machine_of(path);

	for (size_t i = 0; i < ARRAY_SIZE(machines); i++)
		if (machines[i].elf == machine)
			return machines + i;
	return NULL;
}
