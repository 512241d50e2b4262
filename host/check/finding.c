// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/check/finding.h"

#include <stdio.h>
#include <string.h>

#include "common/text.h"
#include "host/sentence.h"

/*
 * A sentence has the problem's words as %0, %1 and %2, what the kernel logs also the
 * patch's name as %3.
 */
static const struct {
	enum check_rule rule;
	enum check_answer answer;
	const char *sentence;
	const char *kernel_errno, *kernel_words;	/* NULL: it does not refuse */
} problems[] = {
	[PROBLEM_NO_KERNEL] = { RULE_KERNEL, CHECK_UNKNOWN,
		"there is no kernel to check it against: %0", NULL, NULL },
	[PROBLEM_FILE_UNREADABLE] = { RULE_ELF, CHECK_UNKNOWN,
		"the file cannot be read or unpacked", NULL, NULL },
	[PROBLEM_NO_MODULE] = { RULE_ELF, CHECK_REFUSED,
		"it is no kernel module of 64 bits, or is cut off", "ENOEXEC", "" },
	[PROBLEM_SECTIONS_OVER_LIMIT] = { RULE_ELF, CHECK_UNKNOWN,
		"it has more sections than the limit", NULL, NULL },
	[PROBLEM_DAMAGED] = { RULE_ELF, CHECK_REFUSED,
		"a section of it is damaged or cut off", "ENOEXEC", "" },
	[PROBLEM_NO_SYMBOLS] = { RULE_ELF, CHECK_REFUSED,
		"it has no table of symbols, as after strip", "ENOEXEC",
		"%3: module has no symbols (stripped?)" },
	[PROBLEM_NO_THIS_MODULE] = { RULE_ELF, CHECK_REFUSED,
		"it is an object file, but no module", "ENOEXEC",
		"%3: No module found in object" },
	[PROBLEM_OTHER_MACHINE] = { RULE_ELF, CHECK_REFUSED,
		"it is for %0, and the kernel for %1", "ENOEXEC",
		"Invalid architecture in ELF header: %2" },
	[PROBLEM_LAYOUT] = { RULE_VERMAGIC, CHECK_REFUSED,
		"it was built for a kernel whose modules are laid out otherwise",
		"ENOEXEC", "%3: disagrees about version of symbol module_layout" },
	[PROBLEM_VERMAGIC] = { RULE_VERMAGIC, CHECK_REFUSED,
		"its vermagic is \"%0\", the kernel's \"%1\"", "ENOEXEC",
		"%3: version magic '%0' should be '%1'" },
	[PROBLEM_VERMAGIC_NONE] = { RULE_VERMAGIC, CHECK_REFUSED,
		"it has no vermagic, and the kernel does not force modules", "ENOEXEC",
		"" },
	[PROBLEM_VERMAGIC_UNKNOWN] = { RULE_VERMAGIC, CHECK_UNKNOWN,
		"the kernel's vermagic cannot be read", NULL, NULL },
	[PROBLEM_NO_LIVE_PATCH] = { RULE_LIVEPATCH, CHECK_REFUSED,
		"it is no live patch, and apply loads none such", NULL, NULL },
	[PROBLEM_PATCHES_NOTHING] = { RULE_LIVEPATCH, CHECK_NOTHING,
		"it does not call klp_enable_patch, so it patches nothing", NULL, NULL },
	[PROBLEM_NOT_MARKED] = { RULE_LIVEPATCH, CHECK_REFUSED,
		"it lacks livepatch=Y in .modinfo", "EINVAL",
		"livepatch: module %3 is not marked as a livepatch module" },
	[PROBLEM_KERNEL_CANNOT] = { RULE_LIVEPATCH, CHECK_REFUSED,
		"the kernel was built without live patching", "ENOEXEC",
		("%3: module is marked as livepatch module, but livepatch support is "
		 "disabled") },
	[PROBLEM_CORE] = { RULE_LIVEPATCH, CHECK_UNKNOWN,
		"it is for kpatch's core module, whose own rules are not checked", NULL,
		NULL },
	[PROBLEM_SYMBOL] = { RULE_SYMBOL, CHECK_REFUSED,
		"neither the kernel nor a module of depends= exports %0", "ENOENT",
		"%3: Unknown symbol %0 (err -2)" },
	[PROBLEM_SYMBOL_ELSEWHERE] = { RULE_SYMBOL, CHECK_UNKNOWN,
		("%0 is exported by %1, which depends= does not name, and which may not "
		 "be loaded by then"), NULL, NULL },
	[PROBLEM_SYMBOL_MAYBE] = { RULE_SYMBOL, CHECK_UNKNOWN,
		"%0 may be exported by %1 of depends=, which cannot be read here", NULL,
		NULL },
	[PROBLEM_SYMBOL_COMMON] = { RULE_SYMBOL, CHECK_REFUSED,
		"%0 is a common symbol", "ENOEXEC",
		"%3: please compile with -fno-common" },
	[PROBLEM_EXPORTS_UNKNOWN] = { RULE_SYMBOL, CHECK_UNKNOWN,
		"what the kernel exports cannot be read", NULL, NULL },
	[PROBLEM_GPL_ONLY] = { RULE_GPL_ONLY, CHECK_REFUSED,
		"%0 is exported to GPL modules only, and its license is \"%1\"",
		"ENOENT", "%3: Unknown symbol %0 (err -2)" },
	[PROBLEM_CRC] = { RULE_CRC, CHECK_REFUSED,
		"%0 has the checksum %1 in it, and %2 in the kernel", "EINVAL",
		"%3: disagrees about version of symbol %0" },
	[PROBLEM_CRC_MISSING] = { RULE_CRC, CHECK_UNKNOWN,
		("it has no checksum of %0: Debian's kernels refuse that, others only "
		 "warn"), NULL, NULL },
	[PROBLEM_CRCS_NONE] = { RULE_CRC, CHECK_REFUSED,
		"it has no checksums of symbols, and the kernel does not force modules",
		"ENOEXEC", "" },
	[PROBLEM_NAMESPACE] = { RULE_NAMESPACE, CHECK_REFUSED,
		"%0 is of the namespace %1, which it does not import", "EINVAL",
		("%3: module uses symbol (%0) from namespace %1, but does not import "
		 "it.") },
	[PROBLEM_KLP_SECTION_NAME] = { RULE_KLP_SYMBOL, CHECK_REFUSED,
		"the section %0 is not named .klp.rela.OBJECT.SECTION", "EINVAL",
		"livepatch: section %0 has an incorrectly formatted name" },
	[PROBLEM_KLP_SYMBOL_NAME] = { RULE_KLP_SYMBOL, CHECK_REFUSED,
		"the symbol %0 is not named .klp.sym.OBJECT.SYMBOL,POSITION", "EINVAL",
		"livepatch: symbol %0 has an incorrectly formatted name" },
	[PROBLEM_KLP_UNMARKED] = { RULE_KLP_SYMBOL, CHECK_REFUSED,
		"the symbol %0 of a livepatch relocation is no livepatch symbol",
		"EINVAL", "is not marked as a livepatch symbol" },
	[PROBLEM_KLP_VMLINUX] = { RULE_KLP_SYMBOL, CHECK_REFUSED,
		"a module's livepatch relocations refer to %0, which is vmlinux's",
		"EINVAL",
		("livepatch: invalid access to vmlinux symbol '%0' from module-specific "
		 "livepatch relocation section") },
	[PROBLEM_KLP_RELOCATIONS] = { RULE_KLP_SYMBOL, CHECK_UNKNOWN,
		"the relocations in %0 cannot be read", NULL, NULL },
	[PROBLEM_KLP_ABSENT] = { RULE_KLP_SYMBOL, CHECK_REFUSED,
		"it refers to %0, which %1 does not have", "EINVAL",
		"livepatch: symbol '%0' not found in symbol table" },
	[PROBLEM_KLP_AMBIGUOUS] = { RULE_KLP_SYMBOL, CHECK_REFUSED,
		"it refers to %0, of which %1 has several, without a position", "EINVAL",
		"livepatch: unresolvable ambiguity for symbol '%0' in object '%2'" },
	[PROBLEM_KLP_POSITION] = { RULE_KLP_SYMBOL, CHECK_REFUSED,
		"it refers to number %2 of those called %0, and %1 has less", "EINVAL",
		("livepatch: symbol position %2 for symbol '%0' in object '%1' not "
		 "found") },
	[PROBLEM_KLP_OTHER_NOT_LOADED] = { RULE_KLP_SYMBOL, CHECK_REFUSED,
		("it refers to %0 of the module %1, which is not loaded before it, since "
		 "depends= does not name it"), "EINVAL",
		"livepatch: symbol '%0' not found in symbol table" },
	[PROBLEM_KLP_OTHER_BUILT_IN] = { RULE_KLP_SYMBOL, CHECK_REFUSED,
		("it refers to %0 of the module %1, which is built into the kernel, so "
		 "no module of that name has it"), "EINVAL",
		"livepatch: symbol '%0' not found in symbol table" },
	[PROBLEM_KLP_OTHER_MODULE] = { RULE_KLP_SYMBOL, CHECK_UNKNOWN,
		("it refers to %0 of the module %1, which is another than the patched "
		 "object, and may not be loaded by then"), NULL, NULL },
	[PROBLEM_KLP_OTHER_UNKNOWN] = { RULE_KLP_SYMBOL, CHECK_UNKNOWN,
		("it refers to %0 of the module %1, which is not among those of the "
		 "kernel, or cannot be read"), NULL, NULL },
	[PROBLEM_KLP_SPECIAL] = { RULE_KLP_SECTION, CHECK_REFUSED,
		("%0 would be relocated after the kernel has used it; "
		 "--allow-jump-tables passes it"), NULL, NULL },
	[PROBLEM_KLP_SPECIAL_ALLOWED] = { RULE_KLP_SECTION, CHECK_NOTHING,
		"%0 would be relocated after the kernel has used it", NULL, NULL },
	[PROBLEM_FUNCTIONS_UNREADABLE] = { RULE_FUNCTION, CHECK_UNKNOWN,
		"what it patches cannot be read from this file", NULL, NULL },
	[PROBLEM_KALLSYMS_UNKNOWN] = { RULE_FUNCTION, CHECK_UNKNOWN,
		"the kernel's symbols cannot be read", NULL, NULL },
	[PROBLEM_FUNCTION_ABSENT] = { RULE_FUNCTION, CHECK_REFUSED,
		"%1 has no function %0: it is of another version, or inlined everywhere",
		"EINVAL", "livepatch: symbol '%0' not found in symbol table" },
	[PROBLEM_FUNCTION_AMBIGUOUS] = { RULE_FUNCTION, CHECK_REFUSED,
		"%1 has several symbols %0, and it gives no position", "EINVAL",
		"livepatch: unresolvable ambiguity for symbol '%0' in object '%2'" },
	[PROBLEM_FUNCTION_POSITION] = { RULE_FUNCTION, CHECK_REFUSED,
		"it patches number %2 of the symbols %0, and %1 has less", "EINVAL",
		("livepatch: symbol position %2 for symbol '%0' in object '%1' not "
		 "found") },
	[PROBLEM_FUNCTION_TWICE] = { RULE_FUNCTION, CHECK_REFUSED,
		"it patches %0 of %1 twice", "EEXIST", "" },
	[PROBLEM_FTRACE] = { RULE_FTRACE, CHECK_REFUSED,
		"%0 of %1 cannot be patched: %2", "EINVAL",
		"livepatch: failed to find location for function '%0'" },
	[PROBLEM_FTRACE_UNKNOWN] = { RULE_FTRACE, CHECK_UNKNOWN,
		"whether %0 of %1 can be patched cannot be read", NULL, NULL },
	[PROBLEM_OBJECT_NAME] = { RULE_NAME, CHECK_REFUSED,
		"the name of the object %0 is too long", "EINVAL", "" },
	[PROBLEM_FUNCTION_NAME] = { RULE_NAME, CHECK_REFUSED,
		"the name of a function of %1 is too long: %0...", "EINVAL", "" },
	[PROBLEM_OBJECT_VMLINUX] = { RULE_NAME, CHECK_REFUSED,
		("an object of it is named vmlinux: the kernel would wait for a module "
		 "of that name, and patch nothing"), NULL, NULL },
	[PROBLEM_BUILD_ID] = { RULE_BUILD_ID, CHECK_REFUSED,
		"the kernel's build id is %0, and the drop-in says %1", NULL, NULL },
	[PROBLEM_BUILD_ID_UNKNOWN] = { RULE_BUILD_ID, CHECK_UNKNOWN,
		"the kernel's build id cannot be read", NULL, NULL },
	[PROBLEM_UNSIGNED] = { RULE_SIGNATURE, CHECK_REFUSED,
		"it is not signed", "EKEYREJECTED",
		"Loading of unsigned module is rejected" },
	[PROBLEM_UNSIGNED_ALLOWED] = { RULE_SIGNATURE, CHECK_NOTHING,
		"it is not signed", NULL, NULL },
	[PROBLEM_SIGNER] = { RULE_SIGNATURE, CHECK_NOTHING,
		"it is signed by %0, not by a key built into this kernel", NULL, NULL },
	[PROBLEM_SIGNER_ENFORCED] = { RULE_SIGNATURE, CHECK_UNKNOWN,
		("it is signed by %0, not by a key built into this kernel; db and MOK "
		 "count at run time"), NULL, NULL },
	[PROBLEM_SIGNER_BUILT_IN] = { RULE_SIGNATURE, CHECK_NOTHING,
		"it says to be signed by %0, whose key is built into this kernel", NULL,
		NULL },
	[PROBLEM_SIGNER_UNKNOWN] = { RULE_SIGNATURE, CHECK_NOTHING,
		"it says to be signed by %0; the kernel's list of keys cannot be read",
		NULL, NULL },
	[PROBLEM_SIGNATURE] = { RULE_SIGNATURE, CHECK_UNKNOWN,
		"its signature, or the kernel's list of keys, cannot be read", NULL,
		NULL },
	[PROBLEM_OBJECT_BUILT_IN] = { RULE_DRIVER, CHECK_NOTHING,
		"%0 is built into the kernel, so no module of that name comes", NULL,
		NULL },
	[PROBLEM_OBJECT_ABSENT] = { RULE_DRIVER, CHECK_UNKNOWN,
		"the module %0, which it patches, is not among those of the kernel",
		NULL, NULL },
	[PROBLEM_OBJECT_UNREADABLE] = { RULE_DRIVER, CHECK_UNKNOWN,
		"the module %0, which it patches, cannot be read", NULL, NULL },
	[PROBLEM_INITRAMFS_UNKNOWN] = { RULE_DRIVER, CHECK_UNKNOWN,
		"whether %1 has the module %0 cannot be read", NULL, NULL },
	[PROBLEM_SAME_NAME] = { RULE_SET, CHECK_REFUSED,
		"%0 has the same module name", "EEXIST", "" },
	[PROBLEM_PATCHED_TWICE] = { RULE_SET, CHECK_NOTHING,
		"%0 of %1 is patched by %2 before, and by this one from then on", NULL,
		NULL },
	[PROBLEM_REPLACES] = { RULE_SET, CHECK_NOTHING,
		"it replaces %0, and %1 of %2 would be open again", NULL, NULL },
	[PROBLEM_REPLACES_UNKNOWN] = { RULE_SET, CHECK_UNKNOWN,
		("if it replaces the patches before it, %1 of %2, patched by %0, is "
		 "open again; its file does not tell"), NULL, NULL },
};

void findings_start(struct findings *findings, const char *module)
{
	findings->module = module;
	findings->driver = NULL;
	findings->is_in_initramfs = false;
	findings->answer = CHECK_NOTHING;
	findings->count = findings->left_out = findings->used = 0;
}

/* Copies @word, which may be NULL. False if there is no room. */
static bool copy_word(struct findings *findings, const char *word, const char **ret)
{
	size_t size = word ? strlen(word) + 1 : 0;

	if (size > sizeof(findings->text) - findings->used)
		return false;
	*ret = word ? memcpy(findings->text + findings->used, word, size) : NULL;
	findings->used += size;
	return true;
}

static bool is_same_word(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

/* Many relocations may have one symbol, and so one problem. */
static bool is_found_already(const struct findings *findings, enum check_problem problem,
			     const char *const *words)
{
	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->list[i];
		bool is_same = finding->problem == problem &&
			       is_same_word(finding->driver, findings->driver);

		for (size_t word = 0; word < ARRAY_SIZE(finding->words); word++)
			is_same = is_same &&
				  is_same_word(finding->words[word], words[word]);
		if (is_same)
			return true;
	}
	return false;
}

void findings_add(struct findings *findings, enum check_problem problem,
		  const char *const *words)
{
	struct finding *finding = &findings->list[findings->count];
	bool has_room = findings->count < FINDINGS_MAX;

	if (is_found_already(findings, problem, words))
		return;
	if (findings->answer < problems[problem].answer)
		findings->answer = problems[problem].answer;
	for (size_t i = 0; i < ARRAY_SIZE(finding->words); i++)
		has_room = has_room && copy_word(findings, words[i], &finding->words[i]);
	if (!has_room || !copy_word(findings, findings->driver, &finding->driver)) {
		findings->left_out++;
		return;
	}
	finding->problem = problem;
	finding->is_in_initramfs = findings->is_in_initramfs;
	findings->count++;
}

enum check_rule finding_rule(const struct finding *finding)
{
	return finding->driver ? RULE_DRIVER : problems[finding->problem].rule;
}

enum check_answer finding_answer(const struct finding *finding)
{
	return problems[finding->problem].answer;
}

void finding_driver(const struct finding *finding, char ret[FINDING_DRIVER_BYTES])
{
	*ret = '\0';
	if (finding->driver)
		snprintf(ret, FINDING_DRIVER_BYTES, "the kernel %s refuse %s%s: ",
			 finding_answer(finding) == CHECK_REFUSED ? "would" : "may",
			 finding->driver, finding->is_in_initramfs ?
			 ", which this initramfs brings" : "");
}

void finding_sentence(const struct finding *finding, char *ret, size_t size)
{
	sentence_fill(problems[finding->problem].sentence, finding->words, ret, size);
}

const char *finding_kernel_answer(const struct finding *finding, const char *module,
				  char *ret, size_t size)
{
	const char *const words[] = {
		finding->words[0], finding->words[1], finding->words[2], module
	};
	const char *sentence = problems[finding->problem].kernel_words;

	*ret = '\0';
	if (sentence)
		sentence_fill(sentence, words, ret, size);
	return problems[finding->problem].kernel_errno;
}

const char *check_answer_word(enum check_answer answer)
{
	switch (answer) {
	case CHECK_NOTHING: return "nothing against it";
	case CHECK_UNKNOWN: return "unknown";
	case CHECK_REFUSED: return "refused";
	}
	return "";
}
