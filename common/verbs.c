// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/verbs.h"

#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/file.h"

int verbs_bad_usage(void)
{
	fputs("kpatch-early: nothing was done; \"kpatch-early --help\" lists the verbs\n",
	      stderr);
	return EXIT_BAD_INPUT;
}

/* No file of ours may get a descriptor below 3: what we print would land in it. */
static void open_missing_stdio(void)
{
	for (int fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) < 0)
			return;
}

void verbs_refuse_huge_pages(void)
{
	extern char __bss_start[], _end[];
	char *start = __bss_start - (uintptr_t)__bss_start % 4096;

	madvise(start, (size_t)(_end - start), MADV_NOHUGEPAGE);
}

void verbs_prepare(void)
{
	verbs_refuse_huge_pages();
	open_missing_stdio();
	signal(SIGPIPE, SIG_IGN);
	signal(SIGCHLD, SIG_DFL);
	umask(022);	/* the caller's would decide on the modes in an initramfs */
}

const struct verb *verbs_find(const struct verb *verbs, const char *name)
{
	for (; verbs->name; verbs++)
		if (!strcmp(name, verbs->name))
			return verbs;
	return NULL;
}

static int print_and_flush(const char *text)
{
	return fputs(text, stdout) < 0 || fflush(stdout) ? EXIT_NOT_APPLIED : EXIT_OK;
}

/* Whether a part of the help that begins with @line, "  A, B ...", is of @verb. */
static bool is_part_of_verb(const char *line, const char *verb)
{
	size_t len = strlen(verb);

	for (line += 2;; line += 2) {
		if (!strncmp(line, verb, len) && strchr(", [\n", line[len]))
			return true;
		line += strcspn(line, ", \n");
		if (*line != ',')
			return false;
	}
}

static int print_verb_help(const char *help, const char *verb)
{
	bool is_in = false;
	size_t len;

	for (; *help; help += len) {
		len = strcspn(help, "\n") + 1;
		if (strncmp(help, "   ", 3))
			is_in = !strncmp(help, "  ", 2) && is_part_of_verb(help, verb);
		if (is_in)
			printf("%.*s", (int)len, help);
	}
	/* Where the first newline could not be written, nothing is left to flush. */
	return fflush(stdout) || ferror(stdout) ? EXIT_NOT_APPLIED : EXIT_OK;
}

static int run_verb(const struct verb *verb, int argc, char **argv)
{
	if (!verb->run) {
		fprintf(stderr, "kpatch-early: %s: it is a verb of the host program; "
			"nothing was done\n", verb->name);
		return EXIT_BAD_INPUT;
	}
	if (verb->needs_root && geteuid() != 0) {
		fprintf(stderr, "kpatch-early: %s: must be run as root; "
			"nothing was done\n", verb->name);
		return EXIT_BAD_INPUT;
	}
	return verb->run(argc - 1, argv + 1);
}

/*
 * Takes the option at @argv, by @option. Returns how many words it has; 0 if it is
 * another, or lacks its value.
 */
static int take_option(char **argv, const struct verb_option *option)
{
	const char *word = argv[0] + 2;
	size_t len = strlen(option->name);

	if (strncmp(word, option->name, len))
		return 0;
	if (!option->value) {
		*option->is_given |= !word[len];
		return !word[len];
	}
	if (word[len] == '=') {
		*option->value = word + len + 1;
		return 1;
	}
	*option->value = argv[1];
	return word[len] || !argv[1] ? 0 : 2;
}

bool verbs_has_root(const char *verb, const char *root)
{
	if (!*root || file_is_there(root, "/."))
		return true;
	fprintf(stderr, "kpatch-early: %s: --root %s: there is no such folder\n", verb,
		root);
	return false;
}

bool verbs_parse(char **argv, const struct verb_option *options)
{
	const char *verb = *argv++;

	while (*argv) {
		const struct verb_option *option = options;
		int words = 0;

		while (!strncmp(*argv, "--", 2) && option->name && !words)
			words = take_option(argv, option++);
		if (!words) {
			fprintf(stderr,
				"kpatch-early: %s: \"%s\" is no option, "
				"or lacks its value\n",
				verb, *argv);
			return false;
		}
		argv += words;
	}
	return true;
}

int verbs_main(const struct verb *verbs, const char *help, int argc, char **argv)
{
	const struct verb *verb;

	verbs_prepare();
	if (argc < 2) {
		fputs("kpatch-early: a verb is missing\n", stderr);
		return verbs_bad_usage();
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))
		return print_and_flush(help);
	if (!strcmp(argv[1], "--version"))
		return print_and_flush("kpatch-early " VERSION "\n");
	verb = verbs_find(verbs, argv[1]);
	if (verb && verb->run && argc > 2 && !strcmp(argv[argc - 1], "--help"))
		return print_verb_help(help, verb->name);
	if (verb)
		return run_verb(verb, argc, argv);
	return verbs_unknown(verbs, argv[1]);
}
