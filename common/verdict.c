// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/verdict.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"

/*
 * What stands for what in a sentence:
 *   %d   the detail
 *   %f   the functions
 *   %s   the seconds
 *   %u   the user's number
 *   %e   a short text for the errno
 *   %E   the C library's text for the errno
 *   %l   what the errno means at a load
 * The kernel's own words follow, if there are any.
 */
static const struct {
	enum outcome outcome;
	enum step step;
	const char *sentence;
} causes[CAUSES] = {
	[CAUSE_NONE] = { OUTCOME_FAILED, STEP_SELECT, "not decided" },
	[CAUSE_APPLIED] = { OUTCOME_APPLIED, STEP_DONE, "" },
	[CAUSE_IN_FORCE_BEFORE] = { OUTCOME_ALREADY, STEP_DONE,
		"it was in force before" },
	[CAUSE_REPLACED] = { OUTCOME_SKIPPED, STEP_DONE, "replaced by %d" },
	[CAUSE_MAY_REPLACE] = { OUTCOME_SKIPPED, STEP_SELECT,
		"not tried: it may replace %d" },
	[CAUSE_MAY_REPLACE_MISSED] = { OUTCOME_FAILED, STEP_SELECT,
		"not tried: it may replace %d" },
	[CAUSE_FUNCTION_OPEN] = { OUTCOME_FAILED, STEP_INACTIVE,
		"replaced by %d, so its function %f is open again" },
	[CAUSE_FUNCTIONS_OPEN] = { OUTCOME_FAILED, STEP_INACTIVE,
		"replaced by %d, so its functions %f are open again" },
	[CAUSE_FUNCTIONS_UNKNOWN] = { OUTCOME_FAILED, STEP_INACTIVE,
		"replaced by %d; which of its functions are open again is not known" },
	[CAUSE_FAILED_BEFORE] = { OUTCOME_FAILED, STEP_INACTIVE, "%d" },
	[CAUSE_DISABLED] = { OUTCOME_SKIPPED, STEP_SELECT, "the manifest says disabled" },
	[CAUSE_SKIP_WORD] = { OUTCOME_SKIPPED, STEP_SELECT,
		"kpatch.skip= on the kernel command line" },
	[CAUSE_OTHER_BUILD] = { OUTCOME_SKIPPED, STEP_BUILDID,
		"it is for another build of this kernel release" },
	[CAUSE_QUARANTINED] = { OUTCOME_SKIPPED, STEP_GUARD,
		"the boot guard lets nothing of this set be loaded" },
	[CAUSE_LEFT_OUT] = { OUTCOME_SKIPPED, STEP_GUARD,
		"the boot guard leaves it out: the set with it is not loaded" },
	[CAUSE_TURNED_OFF] = { OUTCOME_SKIPPED, STEP_GUARD,
		"the root did not come, so it was turned off" },
	[CAUSE_TURNED_OFF_STAYS] = { OUTCOME_SKIPPED, STEP_GUARD,
		"the root did not come, so it was turned off; its module stays loaded" },
	[CAUSE_BUILD_ID_MISSING] = { OUTCOME_FAILED, STEP_BUILDID,
		"buildid= is given, but the kernel's build id cannot be read: "
		"it is missing" },
	[CAUSE_BUILD_ID_DAMAGED] = { OUTCOME_FAILED, STEP_BUILDID,
		"buildid= is given, but the kernel's build id cannot be read: "
		"it is damaged" },
	[CAUSE_BUILD_ID_UNREADABLE] = { OUTCOME_FAILED, STEP_BUILDID,
		"buildid= is given, but the kernel's build id cannot be read: %e" },
	[CAUSE_PATH_TOO_LONG] = { OUTCOME_FAILED, STEP_OPEN, "its path is too long" },
	[CAUSE_NOT_OPENED] = { OUTCOME_FAILED, STEP_OPEN, "%d cannot be opened: %e" },
	[CAUSE_NOT_REGULAR] = { OUTCOME_FAILED, STEP_OPEN, "%d is not a regular file" },
	[CAUSE_FOREIGN] = { OUTCOME_FAILED, STEP_OPEN,
		"%d is owned by uid %u; it must be root's" },
	[CAUSE_WRITABLE] = { OUTCOME_FAILED, STEP_OPEN,
		"%d can be written by others than root" },
	[CAUSE_TOO_LARGE] = { OUTCOME_FAILED, STEP_OPEN,
		"%d is larger than 67108864 bytes" },
	[CAUSE_UNREADABLE] = { OUTCOME_FAILED, STEP_DIGEST,
		"the file cannot be read: %e" },
	[CAUSE_DIGEST] = { OUTCOME_FAILED, STEP_DIGEST,
		"its SHA-256 is %d, not the one in the manifest" },
	[CAUSE_NO_MODULE] = { OUTCOME_FAILED, STEP_MODINFO,
		"it cannot be read as a module: %d" },
	[CAUSE_NO_LIVE_PATCH] = { OUTCOME_FAILED, STEP_MODINFO,
		"it is not a live patch (neither livepatch=Y nor depends=kpatch)" },
	[CAUSE_OTHER_RELEASE] = { OUTCOME_FAILED, STEP_MODINFO, "it is for kernel %d" },
	[CAUSE_NAME_TAKEN] = { OUTCOME_FAILED, STEP_LIVE,
		"a module of this name is loaded, but it is another build, or "
		"cannot be compared" },
	[CAUSE_BEFORE_STALLED] = { OUTCOME_FAILED, STEP_TRANSITION,
		"it was loaded before, and its transition does not end" },
	[CAUSE_BEFORE_UNREADABLE] = { OUTCOME_FAILED, STEP_LIVE,
		"it was loaded before, but its state cannot be read" },
	[CAUSE_BEFORE_INACTIVE] = { OUTCOME_FAILED, STEP_INACTIVE,
		"its module was loaded before, but is not enabled; only a reboot "
		"or rmmod helps" },
	[CAUSE_DEPENDENCY_MISSING] = { OUTCOME_FAILED, STEP_DEPENDS,
		"it needs module %d, which is neither loaded nor in lib/modules" },
	[CAUSE_DEPENDENCY_INSTALL_LINE] = { OUTCOME_FAILED, STEP_DEPENDS,
		"it needs module %d, which is not loaded: modprobe.d has an "
		"install line for it" },
	[CAUSE_DEPENDENCY_OPTIONS] = { OUTCOME_FAILED, STEP_DEPENDS,
		"it needs module %d, which is not loaded: its options are over "
		"4096 bytes" },
	[CAUSE_DEPENDENCY_SYMBOL] = { OUTCOME_FAILED, STEP_DEPENDS,
		"it needs module %d, which cannot be loaded: the kernel does not know "
		"a symbol that it uses" },
	[CAUSE_DEPENDENCY_REFUSED] = { OUTCOME_FAILED, STEP_DEPENDS,
		"it needs module %d, which cannot be loaded: %E" },
	[CAUSE_KERNEL_DEAD] = { OUTCOME_FAILED, STEP_LOAD,
		"not tried: the kernel can load no live patch any more" },
	[CAUSE_NO_SYSFS] = { OUTCOME_FAILED, STEP_LOAD,
		"not tried: /sys is not mounted, so nothing would tell whether it "
		"is in force" },
	[CAUSE_LOAD_REFUSED] = { OUTCOME_FAILED, STEP_LOAD, "%l" },
	[CAUSE_INIT_REFUSED] = { OUTCOME_FAILED, STEP_LOAD,
		"the patch's own init refused" },
	[CAUSE_PHASE_HUNG] = { OUTCOME_FAILED, STEP_HUNG,
		"not tried: %d has not ended in %s s" },
	[CAUSE_PHASE_DIED] = { OUTCOME_FAILED, STEP_HUNG,
		"not tried: the kernel ended the process that was %d" },
	[CAUSE_BUDGET] = { OUTCOME_FAILED, STEP_BUDGET,
		"not reached in the %s s of boot_budget=" },
	[CAUSE_BUDGET_LOADING] = { OUTCOME_FAILED, STEP_BUDGET,
		"it has not come into force in the %s s of boot_budget=" },
	[CAUSE_HUNG] = { OUTCOME_FAILED, STEP_HUNG,
		"a load or its transition has not ended in %s s" },
	[CAUSE_WORKER_DIED] = { OUTCOME_FAILED, STEP_HUNG,
		"the kernel ended the process that loaded it, by an oops as a rule" },
	[CAUSE_STATE_UNREADABLE] = { OUTCOME_FAILED, STEP_ENABLE,
		"it is loaded, but its state in /sys/kernel cannot be read" },
	[CAUSE_NOT_ENABLED] = { OUTCOME_FAILED, STEP_ENABLE,
		"its init returned without enabling it; its module stays loaded" },
	[CAUSE_STALLED] = { OUTCOME_FAILED, STEP_TRANSITION,
		"its transition did not end in %s s, so it was reversed and unloaded" },
	[CAUSE_STALLED_STAYS] = { OUTCOME_FAILED, STEP_TRANSITION,
		"its transition did not end in %s s, so it was reversed; its "
		"module stays loaded" },
	[CAUSE_STALLED_TWICE] = { OUTCOME_FAILED, STEP_TRANSITION,
		"its transition did not end in %s s, and neither did its reversal" },
	[CAUSE_STALLED_FOR_GOOD] = { OUTCOME_FAILED, STEP_TRANSITION,
		"its transition did not end in %s s, and could not be reversed: %e" },
};

_Static_assert(MODULE_BYTES_MAX == 67108864, "CAUSE_TOO_LARGE says so");
_Static_assert(MODULE_OPTIONS_MAX == 4096, "CAUSE_DEPENDENCY_OPTIONS says so");

enum outcome verdict_outcome(enum cause cause)
{
	return causes[cause].outcome;
}

enum step verdict_step(enum cause cause)
{
	return causes[cause].step;
}

const char *verdict_outcome_word(enum outcome outcome)
{
	switch (outcome) {
	case OUTCOME_APPLIED: return "applied";
	case OUTCOME_ALREADY: return "already";
	case OUTCOME_SKIPPED: return "skipped";
	case OUTCOME_FAILED: return "failed";
	}
	return "failed";
}

const char *verdict_step_word(enum step step)
{
	switch (step) {
	case STEP_SELECT: return "select";
	case STEP_GUARD: return "guard";
	case STEP_OPEN: return "open";
	case STEP_DIGEST: return "digest";
	case STEP_MODINFO: return "modinfo";
	case STEP_BUILDID: return "buildid";
	case STEP_LIVE: return "live";
	case STEP_INACTIVE: return "inactive";
	case STEP_DEPENDS: return "depends";
	case STEP_LOAD: return "load";
	case STEP_HUNG: return "hung";
	case STEP_ENABLE: return "enable";
	case STEP_TRANSITION: return "transition";
	case STEP_BUDGET: return "budget";
	case STEP_DONE: return "done";
	}
	return "done";
}

const char *verdict_state_word(enum boot_state state)
{
	switch (state) {
	case BOOT_APPLIED: return "applied";
	case BOOT_PARTIAL: return "partial";
	case BOOT_FAILED: return "failed";
	case BOOT_NOTHING: return "nothing";
	case BOOT_DISABLED: return "disabled";
	case BOOT_QUARANTINED: return "quarantined";
	}
	return "failed";
}

const char *verdict_errno_text(int err)
{
	switch (abs(err)) {
	case ENOENT: return "it is missing";
	case ELOOP: return "it is a symbolic link";
	case EBADMSG: return "it is damaged";
	case ECHILD: return "it failed";	/* a program that was run */
	case ENAMETOOLONG: return "its path is too long";
	case EFBIG: return "it is larger than the limit";
	}
	return strerror(abs(err));
}

/*
 * These are the meanings of an errno of finit_module(2) in kernel/module/main.c and
 * kernel/livepatch/core.c, 5.10 to 6.12.
 */
static const char *load_errno_text(int err)
{
	switch (abs(err)) {
	case EEXIST:
		return "a module of that name came up meanwhile";
	case EBUSY:
		return "another transition does not end, "
		       "or a function is taken by another user of ftrace";
	case EINVAL:
		return "a function to patch was not found, "
		       "or the patch does not fit those in force";
	case ENOEXEC:
		return "the kernel does not take it for a module: "
		       "damaged, for another kernel, or the kernel has no live patching";
	case ENOENT:
		return "the kernel does not know a symbol that the patch uses";
	case ENODEV:
		return "the kernel's ftrace or live patching has shut itself down";
	case EKEYREJECTED:
	case ENOKEY:
	case EBADMSG:
		return "the kernel wants a valid signature by a key it trusts";
	case EPERM:
		return "the kernel forbids loading modules like this one "
		       "(lockdown, nomodule, module_blacklist= or a missing capability)";
	case EACCES:
		return "a security policy forbids it";
	case ENOSYS:
		return "the kernel cannot load modules";
	case ENOMEM:
		return "the kernel is out of memory";
	case ETXTBSY:
		return "the file is open for writing";
	}
	return "the patch's own init refused";
}

/* A buffer of @size bytes with @used in it, and room for a NUL. */
struct sentence {
	char *text;
	size_t size, used;
};

/* Appends as much of @text as there is room for. */
static void append_text(struct sentence *sentence, const char *text)
{
	size_t room = sentence->size - sentence->used;
	int len = snprintf(sentence->text + sentence->used, room, "%s", text);

	sentence->used += (size_t)len < room ? (size_t)len : room - 1;
}

/* Returns the text for the letter @what of a sentence, in @number if it is a number. */
static const char *text_of_letter(char what, const struct verdict *verdict,
				  char number[16])
{
	switch (what) {
	case 'd': return verdict->detail;
	case 'f': return verdict->functions;
	case 'e': return verdict_errno_text(verdict->err);
	case 'E': return strerror(abs(verdict->err));
	case 'l': return load_errno_text(verdict->err);
	}
	snprintf(number, 16, "%u", what == 'u' ? verdict->uid : verdict->seconds);
	return number;
}

/*
 * Appends the kernel's own words. Where there are none, the errno of a refused load
 * follows.
 */
static void append_kernel_words(struct sentence *sentence, const struct verdict *verdict)
{
	enum cause cause = verdict->cause;

	if (*verdict->words) {
		append_text(sentence, "; the kernel says: ");
		append_text(sentence, verdict->words);
	} else if (cause == CAUSE_LOAD_REFUSED || cause == CAUSE_INIT_REFUSED) {
		append_text(sentence, " (");
		append_text(sentence, strerror(abs(verdict->err)));
		append_text(sentence, ")");
	}
}

void verdict_sentence(const struct verdict *verdict, char *ret, size_t size)
{
	struct sentence sentence = { ret, size, 0 };
	const char *p = causes[verdict->cause].sentence;
	char literal[2] = "", number[16];

	*ret = '\0';
	for (; *p; p++) {
		literal[0] = *p;
		append_text(&sentence, *p != '%' ? literal :
			    text_of_letter(*++p, verdict, number));
	}
	append_kernel_words(&sentence, verdict);
}
