/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a check finds, and the words for that. Finds nothing by itself, and prints
 * nothing. kpatch-early-check(7) has each rule.
 */
#ifndef FINDING_H
#define FINDING_H

#include <stdbool.h>
#include <stddef.h>

#include "common/bounds.h"

/* From the best to the worst. An interface: exit status and JSON. */
enum check_answer {
	CHECK_NOTHING,		/* a finding of it is for people, and changes nothing */
	CHECK_UNKNOWN,
	CHECK_REFUSED,
};

/* In the order in which the kernel asks. An interface: these numbers are never reused. */
enum check_rule {
	RULE_KERNEL = 0,	/* the kernel's file itself */
	RULE_ELF = 1,
	RULE_VERMAGIC,
	RULE_LIVEPATCH,
	RULE_SYMBOL,
	RULE_GPL_ONLY,
	RULE_CRC,
	RULE_NAMESPACE,
	RULE_KLP_SYMBOL,
	RULE_KLP_SECTION,
	RULE_FUNCTION,
	RULE_FTRACE,
	RULE_NAME,
	RULE_BUILD_ID,
	RULE_SIGNATURE,
	RULE_DRIVER,
	RULE_SET,
};

/* %0, %1 and %2 of the table in finding.c are said here. */
enum check_problem {
	PROBLEM_NO_KERNEL,		/* which, and why */
	PROBLEM_FILE_UNREADABLE,
	PROBLEM_NO_MODULE,
	PROBLEM_SECTIONS_OVER_LIMIT,
	PROBLEM_DAMAGED,
	PROBLEM_NO_SYMBOLS,
	PROBLEM_NO_THIS_MODULE,
	PROBLEM_OTHER_MACHINE,		/* its machine, the kernel's, as a number */
	PROBLEM_LAYOUT,
	PROBLEM_VERMAGIC,		/* its vermagic, the kernel's */
	PROBLEM_VERMAGIC_NONE,
	PROBLEM_VERMAGIC_UNKNOWN,
	PROBLEM_NO_LIVE_PATCH,
	PROBLEM_PATCHES_NOTHING,
	PROBLEM_NOT_MARKED,
	PROBLEM_KERNEL_CANNOT,
	PROBLEM_CORE,
	PROBLEM_SYMBOL,			/* the symbol */
	PROBLEM_SYMBOL_ELSEWHERE,	/* the symbol, a module */
	PROBLEM_SYMBOL_MAYBE,		/* the symbol, a module */
	PROBLEM_SYMBOL_COMMON,		/* the symbol */
	PROBLEM_EXPORTS_UNKNOWN,
	PROBLEM_GPL_ONLY,		/* the symbol, the license */
	PROBLEM_CRC,			/* the symbol, the module's, the kernel's */
	PROBLEM_CRC_MISSING,		/* the symbol */
	PROBLEM_CRCS_NONE,
	PROBLEM_NAMESPACE,		/* the symbol, the namespace */
	PROBLEM_KLP_SECTION_NAME,	/* the section */
	PROBLEM_KLP_SYMBOL_NAME,	/* the symbol */
	PROBLEM_KLP_UNMARKED,		/* the symbol */
	PROBLEM_KLP_VMLINUX,		/* the symbol */
	PROBLEM_KLP_RELOCATIONS,	/* the section */
	PROBLEM_KLP_ABSENT,		/* the symbol, the object */
	PROBLEM_KLP_AMBIGUOUS,		/* the symbol, the object, as the kernel says */
	PROBLEM_KLP_POSITION,		/* the symbol, the object, the position */
	PROBLEM_KLP_OTHER_NOT_LOADED,	/* the symbol, its module */
	PROBLEM_KLP_OTHER_BUILT_IN,	/* the symbol, its module */
	PROBLEM_KLP_OTHER_MODULE,	/* the symbol, its module */
	PROBLEM_KLP_OTHER_UNKNOWN,	/* the symbol, its module */
	PROBLEM_KLP_SPECIAL,		/* the section */
	PROBLEM_KLP_SPECIAL_ALLOWED,	/* the section */
	PROBLEM_FUNCTIONS_UNREADABLE,
	PROBLEM_KALLSYMS_UNKNOWN,
	PROBLEM_FUNCTION_ABSENT,	/* the function, the object */
	PROBLEM_FUNCTION_AMBIGUOUS,	/* the function, the object, as the kernel says */
	PROBLEM_FUNCTION_POSITION,	/* the function, the object, the position */
	PROBLEM_FUNCTION_TWICE,		/* the function, the object */
	PROBLEM_FTRACE,			/* the function, the object, why */
	PROBLEM_FTRACE_UNKNOWN,		/* the function, the object */
	PROBLEM_OBJECT_NAME,		/* the object */
	PROBLEM_FUNCTION_NAME,		/* its begin, the object */
	PROBLEM_OBJECT_VMLINUX,
	PROBLEM_BUILD_ID,		/* the kernel's, what the drop-in says */
	PROBLEM_BUILD_ID_UNKNOWN,
	PROBLEM_UNSIGNED,
	PROBLEM_UNSIGNED_ALLOWED,
	PROBLEM_SIGNER,			/* the signer */
	PROBLEM_SIGNER_ENFORCED,	/* the signer */
	PROBLEM_SIGNER_BUILT_IN,	/* the signer */
	PROBLEM_SIGNER_UNKNOWN,		/* the signer */
	PROBLEM_SIGNATURE,
	PROBLEM_OBJECT_BUILT_IN,	/* the object */
	PROBLEM_OBJECT_ABSENT,		/* the object */
	PROBLEM_OBJECT_UNREADABLE,	/* the object */
	PROBLEM_INITRAMFS_UNKNOWN,	/* the object, the initramfs */
	PROBLEM_SAME_NAME,		/* the other file */
	PROBLEM_PATCHED_TWICE,		/* the function, the object, the other file */
	PROBLEM_REPLACES,		/* the other file, its function, the object */
	PROBLEM_REPLACES_UNKNOWN,	/* the other file, its function, the object */
};

/* In the same order as above. */
struct finding {
	enum check_problem problem;
	const char *words[3];	/* in the findings' own text */
	const char *driver;	/* the module that the kernel would refuse, or NULL */
	bool is_in_initramfs;	/* the one that was asked about has the driver */
};

struct findings {
	const char *module;	/* the patch's own name */
	const char *driver;	/* what is found now is about this module, or NULL */
	bool is_in_initramfs;
	enum check_answer answer;	/* the worst of all */
	size_t count, left_out;		/* more than FINDINGS_MAX are only counted */
	struct finding list[FINDINGS_MAX];
	size_t used;
	char text[FINDINGS_BYTES_MAX];
};

/* Empties @findings, for the patch that is called @module. */
void findings_start(struct findings *findings, const char *module);

/*
 * Adds @problem, with copies of @words: three, each of which may be NULL. One that is
 * there already is not added again.
 */
void findings_add(struct findings *findings, enum check_problem problem,
		  const char *const *words);

/* The same for up to three words. */
#define FINDINGS_ADD(findings, problem, ...) \
	findings_add(findings, problem, (const char *const[3]){ __VA_ARGS__ })

enum check_rule finding_rule(const struct finding *finding);
enum check_answer finding_answer(const struct finding *finding);

/* "the kernel would refuse DRIVER, which this initramfs brings: " */
#define FINDING_DRIVER_BYTES (MODULE_NAME_MAX + 64)

/* Writes that to @ret, or "" if @finding is not about a driver. */
void finding_driver(const struct finding *finding, char ret[FINDING_DRIVER_BYTES]);

/* Writes what @finding says to @ret of @size bytes. */
void finding_sentence(const struct finding *finding, char *ret, size_t size);

/*
 * Returns the name of the errno with which the kernel refuses it; NULL if it does not.
 * Writes the words that it logs then, or "", to @ret of @size bytes. @module is the
 * patch's name.
 */
const char *finding_kernel_answer(const struct finding *finding, const char *module,
				  char *ret, size_t size);

/* "refused", "unknown" or "nothing against it"; an interface. */
const char *check_answer_word(enum check_answer answer);

#endif
