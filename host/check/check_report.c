// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/check/check_report.h"

#include <stdio.h>

#include "host/json_text.h"

/* A sentence, or what the kernel logs: two names of symbols, and words. */
#define LINE_BYTES (4 * (SYMBOL_NAME_MAX + 1))

static void print_finding(const struct finding *finding, const char *module)
{
	char driver[FINDING_DRIVER_BYTES], sentence[LINE_BYTES], words[LINE_BYTES];
	const char *kernel_errno =
		finding_kernel_answer(finding, module, words, sizeof(words));

	finding_driver(finding, driver);
	finding_sentence(finding, sentence, sizeof(sentence));
	printf("  rule %d, %s: %s%s\n", (int)finding_rule(finding),
	       finding_answer(finding) == CHECK_NOTHING ? "note" :
	       check_answer_word(finding_answer(finding)), driver, sentence);
	if (kernel_errno && *words)
		printf("    kernel: %s, \"%s\"\n", kernel_errno, words);
	else if (kernel_errno)
		printf("    kernel: %s\n", kernel_errno);
}

static void print_checked_file(const struct check_subject *subject,
			const struct findings *findings)
{
	printf("%s for %s: %s\n", subject->file, subject->release,
	       check_answer_word(findings->answer));
	for (size_t i = 0; i < findings->count; i++)
		print_finding(&findings->list[i], findings->module);
	if (findings->left_out)
		printf("  and %zu more\n", findings->left_out);
}

static void print_json_text_member(const char *key, const char *value)
{
	printf(", \"%s\": ", key);
	json_text_print(value);
}

static void print_json_finding(const struct finding *finding, const char *module)
{
	char sentence[LINE_BYTES], words[LINE_BYTES];
	const char *kernel_errno =
		finding_kernel_answer(finding, module, words, sizeof(words));

	finding_sentence(finding, sentence, sizeof(sentence));
	printf("{\"rule\": %d", (int)finding_rule(finding));
	print_json_text_member("answer", check_answer_word(finding_answer(finding)));
	if (finding->driver) {
		print_json_text_member("driver", finding->driver);
		printf(", \"in_initramfs\": %s",
		       finding->is_in_initramfs ? "true" : "false");
	}
	print_json_text_member("reason", sentence);
	if (kernel_errno)
		print_json_text_member("errno", kernel_errno);
	if (*words)
		print_json_text_member("kernel_log", words);
	putchar('}');
}

static void print_json_patch(const struct check_subject *subject,
			     const struct findings *findings)
{
	printf("{\"file\": ");
	json_text_print(subject->file);
	print_json_text_member("module", findings->module);
	print_json_text_member("release", subject->release);
	print_json_text_member("answer", check_answer_word(findings->answer));
	printf(", \"findings\": [");
	for (size_t i = 0; i < findings->count; i++) {
		printf(i ? ",\n      " : "\n      ");
		print_json_finding(&findings->list[i], findings->module);
	}
	printf("], \"more\": %zu}", findings->left_out);
}

void check_report_begin(const struct check_report *report)
{
	if (report->is_json)
		printf("{\n  \"version\": 1,\n  \"patches\": [");
}

void check_report_patch(struct check_report *report, const struct check_subject *subject,
			const struct findings *findings)
{
	if (!report->is_json) {
		print_checked_file(subject, findings);
	} else {
		printf(report->printed ? ",\n    " : "\n    ");
		print_json_patch(subject, findings);
	}
	report->printed++;
}

void check_report_no_patch(const struct check_report *report, const char *release,
			   const char *reason)
{
	if (report->is_json)
		return;
	if (reason)
		printf("no patch for %s: %s\n", release, reason);
	else
		printf("no patch for %s\n", release);
}

void check_report_end(const struct check_report *report)
{
	if (report->is_json)
		puts("]\n}");
}
