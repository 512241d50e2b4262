// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/check/kallsyms.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "host/check/bytes.h"

#define TOKENS		256
#define TOKEN_MAX	512	/* bytes of one; a whole name can become a token */
#define MARKER_EVERY	256	/* names, whose first has its offset in the markers */
#define SEQUENCE_BYTES	3	/* of kallsyms_seqs_of_names, for a symbol */
#define LONG_LENGTH	0x80	/* set in the first of two bytes of a length, since 6.1 */

/* Each table begins where the assembler's .balign 8 has put it, from 7.0 on .balign 4. */
#define ALIGNMENT	8
#define SMALL_ALIGNMENT	4

struct kallsyms_index {
	uint32_t *names;	/* where symbol i's name is */
	uint32_t *next;		/* the number, from 1 on, of the next with this hash */
	uint32_t *heads;	/* the first number of each hash, or 0 */
	uint32_t mask;
};

/* What is searched, and how many bytes and entries may still be looked at for it. */
struct table_search {
	const unsigned char *bytes;
	size_t size;
	size_t alignment;
	size_t tokens;		/* offsets in bytes, from here on */
	size_t tokens_end;
	size_t token_index;
	size_t names;
	size_t count;		/* of symbols */
	unsigned long left;
};

static size_t align_up(const struct table_search *search, size_t offset)
{
	return (offset + search->alignment - 1) & ~(search->alignment - 1);
}

static bool spend(struct table_search *search, unsigned long steps)
{
	search->left = steps < search->left ? search->left - steps : 0;
	return search->left;
}

/* Moves *@offset behind the text there. False if its NUL is too far away. */
static bool skip_token(struct table_search *search, size_t *offset)
{
	size_t left = search->size - *offset;
	const unsigned char *begin = search->bytes + *offset, *end;

	end = memchr(begin, '\0', left < TOKEN_MAX ? left : TOKEN_MAX);
	if (!end || !spend(search, (unsigned long)(end - begin) + 1))
		return false;
	*offset += (size_t)(end - begin) + 1;
	return true;
}

/* Whether the index at @token_index says where each token from @tokens on is. */
static bool index_fits(struct table_search *search, size_t tokens, size_t token_index)
{
	size_t offset = tokens;

	for (size_t i = 0; i < TOKENS; i++) {
		const unsigned char *entry = search->bytes + token_index + i * 2;

		if (bytes_u16(entry) != offset - tokens || !skip_token(search, &offset))
			return false;
	}
	return offset == search->tokens_end;
}

/* Whether the index begins where @search->alignment has it. Token '0' is at @zero. */
static bool read_index(struct table_search *search, size_t zero)
{
	size_t index = align_up(search, search->tokens_end), first;

	if (index > search->size || TOKENS * 2 > search->size - index)
		return false;
	first = bytes_u16(search->bytes + index + '0' * 2);
	if (first > zero || !index_fits(search, zero - first, index))
		return false;
	search->tokens = zero - first;
	search->token_index = index;
	return true;
}

/* The token '0' is at @zero. Behind the last one there is the index. */
static bool read_tokens(struct table_search *search, size_t zero)
{
	search->tokens_end = zero;
	for (int i = '0'; i < TOKENS; i++)
		if (!skip_token(search, &search->tokens_end))
			return false;
	search->alignment = ALIGNMENT;
	if (read_index(search, zero))
		return true;
	search->alignment = SMALL_ALIGNMENT;
	return read_index(search, zero);
}

/* Digits are never pairs of characters to kallsyms, so their tokens stand in a row. */
static bool find_tokens(struct table_search *search)
{
	static const char digits[] = "0\0001\0002\0003\0004\0005\0006\0007\0008\0009";
	size_t from = 0;

	while (search->left) {
		const unsigned char *found =
			memmem(search->bytes + from, search->size - from, digits,
			       sizeof(digits));

		if (!found)
			return false;
		if (read_tokens(search, (size_t)(found - search->bytes)))
			return true;
		from = (size_t)(found - search->bytes) + 1;
	}
	return false;
}

/* Reads the length of a name, in tokens. Returns the bytes that the length has. */
static size_t read_length(const unsigned char *name, size_t *ret)
{
	*ret = name[0];
	if (!(name[0] & LONG_LENGTH))
		return 1;
	*ret = (name[0] & (LONG_LENGTH - 1U)) | (size_t)name[1] << 7;
	return 2;
}

/* Moves *@offset behind the name there. Names end before the tokens. */
static bool skip_name(struct table_search *search, size_t *offset)
{
	size_t len, header;

	if (*offset + 2 > search->tokens || !spend(search, 1))
		return false;
	header = read_length(search->bytes + *offset, &len);
	if (!len || len > search->tokens - *offset - header)
		return false;
	*offset += header + len;
	return true;
}

/* Whether @count names begin at @names, and the markers at @markers say where. */
static bool markers_fit(struct table_search *search, size_t names, size_t markers)
{
	size_t offset = names;

	for (size_t i = 0; i < search->count; i++) {
		if (i % MARKER_EVERY == 0 &&
		    bytes_u32(search->bytes + markers + i / MARKER_EVERY * 4) !=
			    offset - names)
			return false;
		if (!skip_name(search, &offset))
			return false;
	}
	return true;
}

/*
 * Whether @search->count names begin at @names. Behind them there are markers, in some
 * kernels sequence numbers, and then the tokens.
 */
static bool read_names(struct table_search *search, size_t names)
{
	size_t offset = names, markers, end;

	for (size_t i = 0; i < search->count; i++)
		if (!skip_name(search, &offset))
			return false;
	markers = align_up(search, offset);
	end = markers + (search->count + MARKER_EVERY - 1) / MARKER_EVERY * 4;
	end = align_up(search, end);
	if (end != search->tokens &&
	    align_up(search, end + search->count * SEQUENCE_BYTES) != search->tokens)
		return false;
	return markers_fit(search, names, markers);
}

/* Looks for the number of symbols, behind which the names begin, from the tokens back. */
static bool find_names(struct table_search *search)
{
	size_t offset = search->tokens;

	offset -= offset % search->alignment;
	while (offset >= search->alignment && spend(search, 1)) {
		search->names = offset;
		offset -= search->alignment;
		search->count = bytes_u32(search->bytes + offset);
		if (search->count && search->count <= KERNEL_SYMBOLS_MAX &&
		    search->count <= (search->tokens - offset) / 2 &&
		    read_names(search, search->names))
			return true;
	}
	return false;
}

static uint64_t address_of(const struct kallsyms *kallsyms, size_t index)
{
	uint32_t offset = bytes_u32(kallsyms->offsets + index * 4);

	switch (kallsyms->addresses) {
	case KALLSYMS_FROM_BASE:
		break;
	case KALLSYMS_PERCPU:
		if (offset > INT32_MAX)
			return kallsyms->base + (UINT32_MAX - offset);
		return offset;
	case KALLSYMS_FROM_ENTRY:
		return bytes_relative(kallsyms->base + index * 4,
				      kallsyms->offsets + index * 4);
	}
	return kallsyms->base + offset;
}

/* Nothing but zeros ascends, too, and is no table. */
static bool addresses_ascend(const struct kallsyms *kallsyms)
{
	uint64_t first = address_of(kallsyms, 0), last = first;

	for (size_t i = 1; i < kallsyms->count; i++) {
		uint64_t address = address_of(kallsyms, i);

		if (address < last)
			return false;
		last = address;
	}
	return last > first;
}

/* Whether the table of addresses is at @offset, and the base at @base. */
static bool try_base(struct kallsyms *kallsyms, const struct table_search *search,
		     size_t offset, size_t base)
{
	if (base > search->size || sizeof(uint64_t) > search->size - base)
		return false;
	kallsyms->offsets = search->bytes + offset;
	kallsyms->base = bytes_u64(search->bytes + base);
	kallsyms->addresses = KALLSYMS_FROM_BASE;
	if (addresses_ascend(kallsyms))
		return true;
	kallsyms->addresses = KALLSYMS_PERCPU;
	return addresses_ascend(kallsyms);
}

/*
 * Whether it is at @offset, without a base. Arm64's Image does not know its address, so
 * there they count from its begin.
 */
static bool try_entries(struct kallsyms *kallsyms, const struct kernel_memory *memory,
			size_t offset)
{
	kallsyms->base = offset;
	if (kernel_memory_is_placed(memory) &&
	    !kernel_memory_address(memory, offset, &kallsyms->base))
		return false;
	kallsyms->offsets = memory->bytes + offset;
	kallsyms->addresses = KALLSYMS_FROM_ENTRY;
	return addresses_ascend(kallsyms);
}

/* Up to 6.3 the addresses and their base stand in front of the number of symbols. */
static bool find_addresses_in_front(struct kallsyms *kallsyms,
				    const struct table_search *search)
{
	size_t bytes = align_up(search, search->count * 4) + 2 * ALIGNMENT;

	return search->names >= bytes &&
	       try_base(kallsyms, search, search->names - bytes,
			search->names - 2 * ALIGNMENT);
}

/* From 6.4 on they stand behind the index of the tokens, and from 7.0 on have no base. */
static bool find_addresses_behind(struct kallsyms *kallsyms,
				  const struct kernel_memory *memory,
				  const struct table_search *search)
{
	size_t offset = align_up(search, search->token_index + TOKENS * 2);
	size_t bytes = align_up(search, search->count * 4);

	if (offset > search->size || bytes > search->size - offset)
		return false;
	return try_base(kallsyms, search, offset, offset + bytes) ||
	       try_entries(kallsyms, memory, offset);
}

/* The name of symbol @index, its type in front, in tokens. */
static const unsigned char *tokens_of(const struct kallsyms *kallsyms, size_t index,
				      size_t *ret_len)
{
	const unsigned char *name = kallsyms->names + kallsyms->index->names[index];

	return name + read_length(name, ret_len);
}

static const char *token_text(const struct kallsyms *kallsyms, unsigned char token)
{
	return (const char *)kallsyms->tokens +
	       bytes_u16(kallsyms->token_index + token * 2);
}

/* FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/. */
#define HASH_START	2166136261U
#define HASH_PRIME	16777619U

static uint32_t hash_text(uint32_t hash, const char *text)
{
	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * HASH_PRIME;
	return hash;
}

/* The hash of symbol @index's name without its type. False if the name is too long. */
static bool hash_symbol(const struct kallsyms *kallsyms, size_t index, uint32_t *ret)
{
	size_t len, bytes = 0;
	const unsigned char *tokens = tokens_of(kallsyms, index, &len);
	uint32_t hash = HASH_START;

	for (size_t i = 0; i < len; i++) {
		const char *text = token_text(kallsyms, tokens[i]);

		bytes += strlen(text);
		if (bytes > SYMBOL_NAME_MAX + 1 || (!i && !*text))
			return false;
		hash = hash_text(hash, text + !i);
	}
	*ret = hash;
	return true;
}

/* Keeps each hash in .next, until the chains are made from the last symbol back. */
static bool fill_index(struct kallsyms *kallsyms)
{
	struct kallsyms_index *index = kallsyms->index;
	size_t offset = 0, len;

	for (size_t i = 0; i < kallsyms->count; i++) {
		index->names[i] = (uint32_t)offset;
		offset += read_length(kallsyms->names + offset, &len);
		offset += len;
		if (!hash_symbol(kallsyms, i, &index->next[i]))
			return false;
	}
	for (size_t i = kallsyms->count; i > 0; i--) {
		uint32_t *head = &index->heads[index->next[i - 1] & index->mask];

		index->next[i - 1] = *head;
		*head = (uint32_t)i;
	}
	return true;
}

static enum kallsyms_result make_index(struct kallsyms *kallsyms)
{
	size_t count = kallsyms->count, heads = 1, size;
	struct kallsyms_index *index;

	while (heads < count)
		heads *= 2;
	size = sizeof(*index) + (2 * count + heads) * sizeof(uint32_t);
	index = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		     0);
	if (index == MAP_FAILED)
		return KALLSYMS_ERROR;
	index->names = (uint32_t *)(index + 1);
	index->next = index->names + count;
	index->heads = index->next + count;
	index->mask = (uint32_t)heads - 1;
	kallsyms->index = index;
	kallsyms->index_size = size;
	return fill_index(kallsyms) ? KALLSYMS_READ : KALLSYMS_NONE;
}

/* An Image that is not placed yet begins with _text. */
static bool place_image(const struct kallsyms *kallsyms, struct kernel_memory *memory)
{
	struct kallsyms_symbol text;

	if (kernel_memory_is_placed(memory))
		return true;
	if (!kallsyms_find(kallsyms, "_text", 1, &text))
		return false;
	kernel_memory_move(memory, text.address);
	return true;
}

/* The end of the tokens may fit to both alignments. */
static bool find_table(struct kallsyms *kallsyms, const struct kernel_memory *memory,
		       struct table_search *search)
{
	if (!find_tokens(search))
		return false;
	for (; search->alignment >= SMALL_ALIGNMENT; search->alignment /= 2) {
		if (align_up(search, search->tokens_end) != search->token_index ||
		    !find_names(search))
			continue;
		kallsyms->count = search->count;
		if (find_addresses_behind(kallsyms, memory, search) ||
		    find_addresses_in_front(kallsyms, search))
			return true;
	}
	return false;
}

enum kallsyms_result kallsyms_open(struct kallsyms *ret, struct kernel_memory *memory)
{
	struct table_search search = { .bytes = memory->bytes, .size = memory->size,
				       .left = TABLE_READS_MAX };
	enum kallsyms_result result;

	*ret = (struct kallsyms){ 0 };
	result = find_table(ret, memory, &search) ? KALLSYMS_READ : KALLSYMS_NONE;
	ret->names = search.bytes + search.names;
	ret->tokens = search.bytes + search.tokens;
	ret->token_index = search.bytes + search.token_index;
	if (!result)
		result = make_index(ret);
	if (!result && !place_image(ret, memory))
		result = KALLSYMS_NONE;
	if (result)
		kallsyms_close(ret);
	return result;
}

void kallsyms_close(struct kallsyms *kallsyms)
{
	if (kallsyms->index)
		munmap(kallsyms->index, kallsyms->index_size);
	*kallsyms = (struct kallsyms){ 0 };
}

static bool has_name(const struct kallsyms *kallsyms, size_t index, const char *name)
{
	size_t len;
	const unsigned char *tokens = tokens_of(kallsyms, index, &len);

	for (size_t i = 0; i < len; i++) {
		const char *text = token_text(kallsyms, tokens[i]) + !i;
		size_t bytes = strlen(text);

		if (strncmp(name, text, bytes))
			return false;
		name += bytes;
	}
	return !*name;
}

/* The number, from 1 on, of the first symbol @name among @number and those behind. */
static uint32_t next_of_name(const struct kallsyms *kallsyms, uint32_t number,
			     const char *name)
{
	while (number && !has_name(kallsyms, number - 1, name))
		number = kallsyms->index->next[number - 1];
	return number;
}

static uint32_t first_of_name(const struct kallsyms *kallsyms, const char *name)
{
	const struct kallsyms_index *index = kallsyms->index;

	if (!kallsyms->count)
		return 0;
	return next_of_name(kallsyms,
			    index->heads[hash_text(HASH_START, name) & index->mask],
			    name);
}

size_t kallsyms_count(const struct kallsyms *kallsyms, const char *name)
{
	size_t count = 0;

	for (uint32_t number = first_of_name(kallsyms, name); number;
	     number = next_of_name(kallsyms, kallsyms->index->next[number - 1], name))
		count++;
	return count;
}

/* The next higher address than that of symbol @index: the addresses ascend. */
static uint64_t next_address(const struct kallsyms *kallsyms, size_t index)
{
	uint64_t address = address_of(kallsyms, index);
	size_t low = index + 1, high = kallsyms->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (address_of(kallsyms, middle) > address)
			high = middle;
		else
			low = middle + 1;
	}
	return low < kallsyms->count ? address_of(kallsyms, low) : UINT64_MAX;
}

static struct kallsyms_symbol symbol_at(const struct kallsyms *kallsyms, size_t index)
{
	size_t len;
	const unsigned char *tokens = tokens_of(kallsyms, index, &len);

	return (struct kallsyms_symbol){
		.index = index,
		.address = address_of(kallsyms, index),
		.next = next_address(kallsyms, index),
		.type = *token_text(kallsyms, *tokens),
	};
}

bool kallsyms_find(const struct kallsyms *kallsyms, const char *name, size_t position,
		   struct kallsyms_symbol *ret)
{
	uint32_t number = first_of_name(kallsyms, name);

	for (size_t i = 1; number && i < position; i++)
		number = next_of_name(kallsyms, kallsyms->index->next[number - 1], name);
	if (!number || !position)
		return false;
	*ret = symbol_at(kallsyms, number - 1);
	return true;
}

bool kallsyms_at(const struct kallsyms *kallsyms, size_t index,
		 struct kallsyms_symbol *ret, char *ret_name)
{
	const unsigned char *tokens;
	size_t len;

	if (index >= kallsyms->count)
		return false;
	tokens = tokens_of(kallsyms, index, &len);
	for (size_t i = 0; i < len; i++)
		ret_name = stpcpy(ret_name, token_text(kallsyms, tokens[i]) + !i);
	*ret = symbol_at(kallsyms, index);
	return true;
}

bool kallsyms_find_only(const struct kallsyms *kallsyms, const char *name,
			struct kallsyms_symbol *ret)
{
	return kallsyms_count(kallsyms, name) == 1 &&
	       kallsyms_find(kallsyms, name, 1, ret);
}

bool kallsyms_range(const struct kallsyms *kallsyms, const char *const names[2],
		    struct kallsyms_range *ret)
{
	struct kallsyms_symbol begin, end;

	if (!kallsyms_find_only(kallsyms, names[0], &begin) ||
	    !kallsyms_find_only(kallsyms, names[1], &end) || end.address < begin.address)
		return false;
	*ret = (struct kallsyms_range){ begin.address, end.address - begin.address };
	return true;
}
