// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Prints a field of the boot guard's record, so that no test knows its bytes.
 * usage: record FIELD FILE [OFFSET]
 * FIELD: state, tries or cause (of the newest set), states (of all), sequence, unblessed,
 * off, sysctls. Prints "-" where there is no valid record.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/guard/record.h"
#include "common/guard/trial.h"

static const char *const causes[TRIAL_CAUSES] = {
	[TRIAL_CAUSE_NONE] = "none", [TRIAL_CAUSE_TRIES] = "tries",
	[TRIAL_CAUSE_ROLLED_BACK] = "rolled-back", [TRIAL_CAUSE_STALLED] = "stalled",
	[TRIAL_CAUSE_HUNG] = "hung",
};

static int print_field(const char *field, const struct record *record)
{
	const struct trial *trial = record->trials;

	if (!strcmp(field, "state"))
		return puts(trial_state_word(trial->state));
	if (!strcmp(field, "tries"))
		return printf("%u\n", trial->tries);
	if (!strcmp(field, "cause"))
		return puts(causes[trial->cause]);
	if (!strcmp(field, "sequence"))
		return printf("%u\n", record->sequence);
	if (!strcmp(field, "unblessed"))
		return printf("%u\n", record->unblessed);
	if (!strcmp(field, "off"))
		return printf("%u\n", record->off);
	if (!strcmp(field, "sysctls"))
		return printf("%u\n", record->crash_sysctls);
	if (strcmp(field, "states"))
		return -1;
	for (size_t i = 0; i < RECORD_TRIALS; i++)
		printf("%s%s", i ? " " : "", trial_state_word(trial[i].state));
	return puts("");
}

int main(int argc, char **argv)
{
	unsigned char bytes[RECORD_BYTES];
	struct record record;
	FILE *file = argc > 2 ? fopen(argv[2], "r") : NULL;
	long offset = argc > 3 ? atol(argv[3]) : 0;

	/* efivarfs can't seek */
	while (file && offset-- > 0 && fgetc(file) != EOF)
		;
	if (!file)
		return 2;
	if (fread(bytes, 1, sizeof(bytes), file) != sizeof(bytes) || !record_decode(bytes, &record))
		return puts("-") < 0;
	return print_field(argv[1], &record) < 0 ? 2 : 0;
}
