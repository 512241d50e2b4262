// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/check/file_format.h"

#include <elf.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "common/text.h"
#include "host/check/bytes.h"

/* Documentation/arch/x86/boot.rst. */
#define SETUP_SECTORS		0x1f1
#define SETUP_MAGIC		0x202
#define SETUP_VERSION		0x206
#define SETUP_PAYLOAD_OFFSET	0x248
#define SETUP_PAYLOAD_LENGTH	0x24c
#define SETUP_END		0x250
#define VERSION_WITH_PAYLOAD	0x208
#define SECTOR_BYTES		512
/* All compressors but gzip have the unpacked size behind their output. */
#define UNPACKED_SIZE_BYTES	4

/* Documentation/arch/arm64/booting.rst. */
#define ARM64_MAGIC		56
#define ARM64_HEADER_BYTES	64

/* drivers/firmware/efi/libstub/zboot-header.S. */
#define ZBOOT_MAGIC		4
#define ZBOOT_PAYLOAD_OFFSET	8
#define ZBOOT_PAYLOAD_SIZE	12
#define ZBOOT_END		16

/* The headers of a PE file: Microsoft's PE format, include/linux/pe.h. */
#define DOS_PE_OFFSET		0x3c
#define DOS_END			0x40
#define PE_SECTIONS		6
#define PE_OPTIONAL_SIZE	20
#define PE_OPTIONAL		24
#define SECTION_NAME_BYTES	8
#define SECTION_VIRTUAL_SIZE	8
#define SECTION_RAW_SIZE	16
#define SECTION_RAW_OFFSET	20
#define SECTION_BYTES		40

struct file {
	const unsigned char *bytes;
	size_t size;
};

static const struct {
	unsigned char magic[5];
	unsigned char len;
	char program[6];
} compressions[] = {
	{ { 0x1f, 0x8b }, 2, "gzip" },
	{ { 0xfd, '7', 'z', 'X', 'Z' }, 5, "xz" },
	{ { 0x28, 0xb5, 0x2f, 0xfd }, 4, "zstd" },
	{ { 0x02, 0x21, 0x4c, 0x18 }, 4, "lz4" },
	{ { 'B', 'Z', 'h' }, 3, "bzip2" },
	{ { 0x5d, 0, 0 }, 3, "xz" },	/* lzma */
	{ { 0x89, 'L', 'Z', 'O' }, 4, "lzop" },
};

static bool has_magic(const struct file *file, size_t offset, const char *magic)
{
	size_t len = strlen(magic);

	return file->size >= offset + len && !memcmp(file->bytes + offset, magic, len);
}

/* Cuts @size bytes at @offset out of @file. */
static bool cut(const struct file *file, uint64_t offset, uint64_t size,
		struct file_payload *ret)
{
	if (!size || offset > file->size || size > file->size - offset)
		return false;
	*ret = (struct file_payload){ file->bytes + offset, (size_t)size, NULL };
	return true;
}

static const char *program_for(const struct file_payload *payload)
{
	for (size_t i = 0; i < ARRAY_SIZE(compressions); i++)
		if (payload->size > compressions[i].len &&
		    !memcmp(payload->bytes, compressions[i].magic, compressions[i].len))
			return compressions[i].program;
	return NULL;
}

static enum file_format format_of_payload(struct file_payload *payload)
{
	payload->program = program_for(payload);
	return payload->program ? FILE_FORMAT_COMPRESSED : FILE_FORMAT_PART;
}

static bool is_bzimage(const struct file *file)
{
	return file->size >= SETUP_END && has_magic(file, SETUP_MAGIC, "HdrS") &&
	       bytes_le16(file->bytes + SETUP_VERSION) >= VERSION_WITH_PAYLOAD;
}

static enum file_format read_bzimage(const struct file *file, struct file_payload *ret)
{
	uint64_t sectors = file->bytes[SETUP_SECTORS], begin;

	/* Documented: 0 means 4. */
	begin = ((sectors ? sectors : 4) + 1) * SECTOR_BYTES;
	begin += bytes_le32(file->bytes + SETUP_PAYLOAD_OFFSET);
	if (!cut(file, begin, bytes_le32(file->bytes + SETUP_PAYLOAD_LENGTH), ret))
		return FILE_FORMAT_DAMAGED;
	ret->program = program_for(ret);
	if (!ret->program)
		return FILE_FORMAT_PART;
	if (strcmp(ret->program, "gzip"))
		ret->size -= UNPACKED_SIZE_BYTES;
	return FILE_FORMAT_COMPRESSED;
}

static enum file_format read_zboot(const struct file *file, struct file_payload *ret)
{
	uint32_t offset = bytes_le32(file->bytes + ZBOOT_PAYLOAD_OFFSET);

	if (!cut(file, offset, bytes_le32(file->bytes + ZBOOT_PAYLOAD_SIZE), ret))
		return FILE_FORMAT_DAMAGED;
	return format_of_payload(ret);
}

/* The bytes in the file may be padded, or be less than the section has in memory. */
static enum file_format read_linux(const struct file *file,
				     const unsigned char *section,
				     struct file_payload *ret)
{
	uint32_t size = bytes_le32(section + SECTION_RAW_SIZE);
	uint32_t used = bytes_le32(section + SECTION_VIRTUAL_SIZE);

	if (used && used < size)
		size = used;
	if (!cut(file, bytes_le32(section + SECTION_RAW_OFFSET), size, ret))
		return FILE_FORMAT_DAMAGED;
	return FILE_FORMAT_PART;
}

/* Looks for .linux in a PE file, which without one is no kernel. */
static enum file_format read_pe(const struct file *file, struct file_payload *ret)
{
	static const char name[SECTION_NAME_BYTES] = ".linux";
	uint64_t header = bytes_le32(file->bytes + DOS_PE_OFFSET), sections;
	unsigned int count;

	if (!cut(file, header, PE_OPTIONAL, ret) || memcmp(ret->bytes, "PE\0", 4))
		return FILE_FORMAT_NONE;
	sections = header + PE_OPTIONAL + bytes_le16(ret->bytes + PE_OPTIONAL_SIZE);
	count = bytes_le16(ret->bytes + PE_SECTIONS);
	for (unsigned int i = 0; i < count; i++) {
		if (!cut(file, sections + i * SECTION_BYTES, SECTION_BYTES, ret))
			return FILE_FORMAT_DAMAGED;
		if (!memcmp(ret->bytes, name, sizeof(name)))
			return read_linux(file, ret->bytes, ret);
	}
	return FILE_FORMAT_NONE;
}

enum file_format file_format(const void *bytes, size_t size, struct file_payload *ret)
{
	const struct file file = { bytes, size };

	if (has_magic(&file, 0, ELFMAG))
		return FILE_FORMAT_KERNEL;
	if (is_bzimage(&file))
		return read_bzimage(&file, ret);
	if (size >= ARM64_HEADER_BYTES && has_magic(&file, ARM64_MAGIC, "ARMd"))
		return FILE_FORMAT_KERNEL;
	if (size >= ZBOOT_END && has_magic(&file, 0, "MZ") &&
	    has_magic(&file, ZBOOT_MAGIC, "zimg"))
		return read_zboot(&file, ret);
	if (size >= DOS_END && has_magic(&file, 0, "MZ"))
		return read_pe(&file, ret);
	*ret = (struct file_payload){ bytes, size, NULL };
	ret->program = program_for(ret);
	return ret->program ? FILE_FORMAT_COMPRESSED : FILE_FORMAT_NONE;
}
