// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/usage.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "common/text.h"
#include "common/verbs.h"

#define WORD_MAX 32	/* of a word that may be meant for another */
#define TYPOS_MAX 2

#define KPATCHS "that is kpatch's: a running kernel is not changed here"

/* Words that people try, since other programs have them. */
static const struct {
	const char *word, *answer;
} foreign_verbs[] = {
	{ "load", KPATCHS },
	{ "unload", KPATCHS },
	{ "force", KPATCHS },
	{ "signal", KPATCHS },
	{ "help", "that is --help" },
	{ "version", "that is --version" },
	{ "add", "that is install" },
	{ "remove", "that is uninstall" },
};

/* How many letters differ: the Levenshtein distance. @a has at most WORD_MAX. */
static size_t count_typos(const char *a, const char *b)
{
	size_t row[WORD_MAX + 1] = { 0 }, len = strlen(a);

	for (size_t i = 0; i <= len; i++)
		row[i] = i;
	for (; *b; b++) {
		size_t before = row[0]++;

		for (size_t i = 1; i <= len; i++) {
			size_t best = before + (a[i - 1] != *b);

			before = row[i];
			if (best > before + 1)
				best = before + 1;
			if (best > row[i - 1] + 1)
				best = row[i - 1] + 1;
			row[i] = best;
		}
	}
	return row[len];
}

/* What may be meant by a word, as far as it was looked for. */
struct guess {
	char word[WORD_MAX + 1];
	size_t typos;
	const char *best;	/* or NULL */
};

static void begin_guess(struct guess *guess, const char *word, size_t len)
{
	*guess = (struct guess){ .typos = TYPOS_MAX + 1 };
	if (len <= WORD_MAX)
		memcpy(guess->word, word, len);
}

/* A word of three letters has not two typos. */
static void try_guess(struct guess *guess, const char *name)
{
	size_t typos = count_typos(guess->word, name);

	if (typos < guess->typos && 2 * typos < strlen(name)) {
		guess->typos = typos;
		guess->best = name;
	}
}

int verbs_unknown(const struct verb *verbs, const char *name)
{
	struct guess guess;

	begin_guess(&guess, name, strlen(name));
	for (const struct verb *verb = verbs; verb->name; verb++)
		try_guess(&guess, verb->name);
	fprintf(stderr, "kpatch-early: \"%s\" is no verb", name);
	for (size_t i = 0; i < ARRAY_SIZE(foreign_verbs); i++)
		if (!strcmp(name, foreign_verbs[i].word))
			fprintf(stderr, "; %s", foreign_verbs[i].answer);
	fprintf(stderr, guess.best ? "; \"%s\" may be meant\n" : "\n", guess.best);
	return verbs_bad_usage();
}

static void say_wrong_short_option(const char *verb, const char *shorts)
{
	const char *known = strchr(shorts, optopt);

	fprintf(stderr, "kpatch-early: %s: -%c %s\n", verb, optopt,
		known ? "needs a value" : "is no option of it");
}

/* @word is what follows the dashes. */
static void say_wrong_long_option(const char *verb, const char *word,
				  const struct option *options)
{
	size_t len = strcspn(word, "=");
	struct guess guess;

	begin_guess(&guess, word, len);
	for (; options->name; options++) {
		if (!strcmp(options->name, guess.word)) {
			fprintf(stderr, "kpatch-early: %s: --%s %s\n", verb, guess.word,
				options->has_arg ? "needs a value" : "takes no value");
			return;
		}
		try_guess(&guess, options->name);
	}
	fprintf(stderr, "kpatch-early: %s: --%.*s is no option of it", verb, (int)len,
		word);
	fprintf(stderr, guess.best ? "; --%s may be meant\n" : "\n", guess.best);
}

int usage_next_option(int argc, char **argv, const char *shorts,
		      const struct option *options)
{
	const char *word;
	int option;

	opterr = 0;
	option = getopt_long(argc, argv, shorts, options, NULL);
	if (option != '?')
		return option;
	word = argv[optind - 1];
	if (word && !strncmp(word, "--", 2))
		say_wrong_long_option(argv[0], word + 2, options);
	else
		say_wrong_short_option(argv[0], shorts);
	return option;
}
