/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes a small kernel for tests: an ELF file of one segment, or arm64's Image. It has a
 * page of data at most, which a test fills, and kallsyms as a kernel's version has it.
 */
#ifndef KERNEL_IMAGE_H
#define KERNEL_IMAGE_H

#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define IMAGE_BASE	0xffffffff81000000U
#define IMAGE_DATA	256	/* the offset of the data, from the begin of file and segment */
#define IMAGE_DATA_BYTES 4096
#define IMAGE_SYMBOLS_MAX 640
#define IMAGE_BYTES_MAX	(64 * 1024)

/* How kallsyms is laid out. */
enum image_layout {
	IMAGE_5_10,	/* everything in front of the tokens */
	IMAGE_6_2,	/* the same, and sequence numbers */
	IMAGE_6_4,	/* addresses and sequence numbers behind the tokens */
	IMAGE_7_0,	/* from each entry, and aligned to 4 */
	IMAGE_LAYOUTS,
};

struct image_symbol {
	uint32_t offset;	/* from the base; they ascend */
	char type;
	const char *name;
};

struct image {
	enum image_layout layout;
	bool is_arm64_image;
	size_t percpu;		/* so many symbols are absolute, and stand in front */
	size_t last_token;	/* bytes of the last token, at most 15 */
	size_t symbol_count;
	struct image_symbol symbols[IMAGE_SYMBOLS_MAX];
	size_t data_size;
	unsigned char data[IMAGE_DATA_BYTES];
	/* What image_make makes. */
	size_t size;
	size_t names, markers, tokens, token_index, offsets;
	unsigned char bytes[IMAGE_BYTES_MAX];
};

/* These tokens are more than one character. */
static const char *image_token(unsigned int token, char single[2])
{
	static const char *const longer[] = { "__start", "__stop", "___k", "tab", "_gpl" };

	if (token >= 128 && token < 128 + sizeof(longer) / sizeof(*longer))
		return longer[token - 128];
	single[0] = token > ' ' && token < 127 ? (char)token : '\0';
	single[1] = '\0';
	return single;
}

static void image_put(struct image *image, const void *bytes, size_t size)
{
	memcpy(image->bytes + image->size, bytes, size);
	image->size += size;
}

static size_t image_align(struct image *image)
{
	size_t alignment = image->layout == IMAGE_7_0 ? 4 : 8;

	while (image->size % alignment)
		image->bytes[image->size++] = 0;
	return image->size;
}

/* The length, and then one token a character but where there is a longer one. */
static void image_put_name(struct image *image, const struct image_symbol *symbol)
{
	unsigned char tokens[1024], lengths[2];
	char text[1024] = { symbol->type }, single[2];
	size_t count = 0;

	strcpy(text + 1, symbol->name);
	for (const char *c = text; *c;) {
		unsigned int token = (unsigned char)*c;

		for (unsigned int i = 128; *image_token(i, single); i++)
			if (c > text && !strncmp(c, image_token(i, single), strlen(image_token(i, single))))
				token = i;
		tokens[count++] = (unsigned char)token;
		c += strlen(image_token(token, single));
	}
	lengths[0] = (unsigned char)(count < 128 ? count : (count & 127) | 128);
	lengths[1] = (unsigned char)(count >> 7);
	image_put(image, lengths, count < 128 ? 1 : 2);
	image_put(image, tokens, count);
}

static void image_put_names(struct image *image)
{
	uint32_t count = (uint32_t)image->symbol_count, markers[IMAGE_SYMBOLS_MAX / 256 + 1];

	image_align(image);
	image_put(image, &count, sizeof(count));
	image->names = image_align(image);
	for (size_t i = 0; i < image->symbol_count; i++) {
		if (i % 256 == 0)
			markers[i / 256] = (uint32_t)(image->size - image->names);
		image_put_name(image, &image->symbols[i]);
	}
	image->markers = image_align(image);
	image_put(image, markers, (image->symbol_count + 255) / 256 * 4);
}

static void image_put_sequences(struct image *image)
{
	static const unsigned char sequence[3];

	image_align(image);
	for (size_t i = 0; i < image->symbol_count; i++)
		image_put(image, sequence, sizeof(sequence));
}

static void image_put_tokens(struct image *image)
{
	uint16_t index[256];
	char single[2];

	image->tokens = image_align(image);
	for (unsigned int i = 0; i < 256; i++) {
		const char *token = image_token(i, single);

		index[i] = (uint16_t)(image->size - image->tokens);
		image_put(image, token, strlen(token) + 1);
	}
	image->size--;
	image_put(image, &"xxxxxxxxxxxxxxx"[15 - image->last_token], image->last_token + 1);
	image->token_index = image_align(image);
	image_put(image, index, sizeof(index));
}

static uint64_t image_base(const struct image *image)
{
	return image->is_arm64_image && image->layout == IMAGE_7_0 ? 0 : IMAGE_BASE;
}

static void image_put_addresses(struct image *image)
{
	uint64_t base = image_base(image);

	image->offsets = image_align(image);
	for (size_t i = 0; i < image->symbol_count; i++) {
		uint32_t offset = image->symbols[i].offset;

		if (image->layout == IMAGE_7_0)
			offset -= (uint32_t)image->size;
		else if (image->percpu && i >= image->percpu)
			offset = UINT32_MAX - offset;
		image_put(image, &offset, sizeof(offset));
	}
	image_align(image);
	if (image->layout != IMAGE_7_0)
		image_put(image, &base, sizeof(base));
}

static void image_put_header(struct image *image)
{
	Elf64_Ehdr header = { .e_type = ET_EXEC, .e_machine = EM_X86_64, .e_phnum = 1,
			      .e_phoff = sizeof(header), .e_phentsize = sizeof(Elf64_Phdr) };
	Elf64_Phdr segment = { .p_type = PT_LOAD, .p_vaddr = IMAGE_BASE,
			       .p_filesz = image->size, .p_memsz = image->size };

	if (image->is_arm64_image) {
		memcpy(image->bytes + 56, "ARMd", 4);
		return;
	}
	memcpy(header.e_ident, ELFMAG, SELFMAG);
	header.e_ident[EI_CLASS] = ELFCLASS64;
	header.e_ident[EI_DATA] = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? ELFDATA2MSB : ELFDATA2LSB;
	memcpy(image->bytes, &header, sizeof(header));
	memcpy(image->bytes + sizeof(header), &segment, sizeof(segment));
}

static void image_make(struct image *image)
{
	memset(image->bytes, 0, IMAGE_DATA);
	image->size = IMAGE_DATA;
	image_put(image, image->data, image->data_size);
	if (image->layout <= IMAGE_6_2)
		image_put_addresses(image);
	image_put_names(image);
	if (image->layout == IMAGE_6_2)
		image_put_sequences(image);
	image_put_tokens(image);
	if (image->layout >= IMAGE_6_4) {
		image_put_addresses(image);
		image_put_sequences(image);
	}
	image_put_header(image);
}

/* Adds a symbol at @offset of the data. Their order is the caller's. */
static void image_add(struct image *image, uint32_t offset, char type, const char *name)
{
	image->symbols[image->symbol_count++] =
		(struct image_symbol){ IMAGE_DATA + offset, type, name };
}

#endif
