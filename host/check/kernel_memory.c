// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/check/kernel_memory.h"

#include <elf.h>
#include <string.h>

#include "host/check/bytes.h"

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define THIS_BYTE_ORDER ELFDATA2MSB
#else
#define THIS_BYTE_ORDER ELFDATA2LSB
#endif

/* Documentation/arch/arm64/booting.rst. The virtual address is not in the header. */
#define ARM64_MAGIC		56
#define ARM64_HEADER_BYTES	64

static bool is_program(const Elf64_Ehdr *header)
{
	if (memcmp(header->e_ident, ELFMAG, SELFMAG) ||
	    header->e_ident[EI_CLASS] != ELFCLASS64 ||
	    header->e_ident[EI_DATA] != THIS_BYTE_ORDER)
		return false;
	return header->e_phentsize == sizeof(Elf64_Phdr) &&
	       (header->e_type == ET_EXEC || header->e_type == ET_DYN);
}

/* False if the segment is not in the file, or there is no room. */
static bool add_segment(struct kernel_memory *memory, const Elf64_Phdr *header)
{
	if (header->p_type != PT_LOAD || !header->p_filesz)
		return true;
	if (memory->count == KERNEL_SEGMENTS_MAX || header->p_offset > memory->size ||
	    header->p_filesz > memory->size - header->p_offset)
		return false;
	memory->segments[memory->count++] = (struct kernel_segment){
		header->p_vaddr, header->p_filesz, (size_t)header->p_offset
	};
	return true;
}

static bool read_segments(struct kernel_memory *memory)
{
	Elf64_Ehdr elf;
	Elf64_Phdr header;

	if (memory->size < sizeof(elf))
		return false;
	memcpy(&elf, memory->bytes, sizeof(elf));
	if (!is_program(&elf) || elf.e_phoff > memory->size ||
	    elf.e_phnum * sizeof(header) > memory->size - elf.e_phoff)
		return false;
	memory->machine = elf.e_machine;
	for (unsigned int i = 0; i < elf.e_phnum; i++) {
		memcpy(&header, memory->bytes + elf.e_phoff + i * sizeof(header),
		       sizeof(header));
		if (!add_segment(memory, &header))
			return false;
	}
	return memory->count;
}

static bool is_arm64_image(const struct kernel_memory *memory)
{
	return memory->size >= ARM64_HEADER_BYTES &&
	       !memcmp(memory->bytes + ARM64_MAGIC, "ARMd", 4);
}

bool kernel_memory_open(struct kernel_memory *ret, const void *bytes, size_t size)
{
	*ret = (struct kernel_memory){ .bytes = bytes, .size = size };
	if (is_arm64_image(ret)) {
		ret->machine = EM_AARCH64;
		return true;
	}
	return read_segments(ret);
}

bool kernel_memory_is_placed(const struct kernel_memory *memory)
{
	return memory->count;
}

void kernel_memory_move(struct kernel_memory *memory, uint64_t address)
{
	memory->segments[0] = (struct kernel_segment){ address, memory->size, 0 };
	memory->count = 1;
}

static const struct kernel_segment *segment_of(const struct kernel_memory *memory,
					       uint64_t address)
{
	for (size_t i = 0; i < memory->count; i++)
		if (address - memory->segments[i].address < memory->segments[i].size)
			return &memory->segments[i];
	return NULL;
}

const void *kernel_memory_at(const struct kernel_memory *memory, uint64_t address,
			     size_t size)
{
	const struct kernel_segment *segment = segment_of(memory, address);
	uint64_t offset;

	if (!segment)
		return NULL;
	offset = address - segment->address;
	return size <= segment->size - offset ?
		       memory->bytes + segment->offset + offset : NULL;
}

const char *kernel_memory_text(const struct kernel_memory *memory, uint64_t address,
			       size_t max)
{
	const struct kernel_segment *segment = segment_of(memory, address);
	const unsigned char *text;
	uint64_t left;

	if (!segment)
		return NULL;
	text = memory->bytes + segment->offset + (address - segment->address);
	left = segment->size - (address - segment->address);
	if (left > max)
		left = (uint64_t)max + 1;
	return memchr(text, '\0', (size_t)left) ? (const char *)text : NULL;
}

bool kernel_memory_address(const struct kernel_memory *memory, size_t offset,
			   uint64_t *ret)
{
	for (size_t i = 0; i < memory->count; i++)
		if (offset - memory->segments[i].offset < memory->segments[i].size) {
			*ret = memory->segments[i].address +
			       (offset - memory->segments[i].offset);
			return true;
		}
	return false;
}
