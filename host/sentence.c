// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/sentence.h"

#include <string.h>

static size_t add_to_sentence(char *ret, size_t room, const char *text, size_t len)
{
	len = len < room ? len : room;
	memcpy(ret, text, len);
	return len;
}

void sentence_fill(const char *sentence, const char *const *words, char *ret, size_t size)
{
	size_t used = 0, room = size - 1;

	while (*sentence) {
		size_t len = strcspn(sentence, "%");

		used += add_to_sentence(ret + used, room - used, sentence, len);
		sentence += len;
		if (*sentence) {
			const char *word = words[sentence[1] - '0'];

			used += add_to_sentence(ret + used, room - used, word,
						strlen(word));
			sentence += 2;
		}
	}
	ret[used] = '\0';
}
