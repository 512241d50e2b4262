// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/verdict.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

const char *verdict_trial_word(enum trial_state state)
{
	switch (state) {
	case TRIAL_NONE: return "none";
	case TRIAL_TRYING: return "trying";
	case TRIAL_PROVEN: return "proven";
	case TRIAL_QUARANTINED: return "quarantined";
	case TRIAL_FAILED: return "failed";
	}
	return "none";
}

const char *verdict_livepatch_word(enum livepatch_state state)
{
	switch (state) {
	case LIVEPATCH_ENABLED: return "enabled";
	case LIVEPATCH_ENABLING: return "enabling...";
	case LIVEPATCH_DISABLING: return "disabling...";
	case LIVEPATCH_DISABLED:
	case LIVEPATCH_UNKNOWN:
	case LIVEPATCH_ABSENT: return "disabled";
	}
	return "disabled";
}

bool verdict_set(struct verdict *ret, enum outcome outcome, enum step step, const char *format, ...)
{
	va_list args;

	ret->outcome = outcome;
	ret->step = step;
	va_start(args, format);
	vsnprintf(ret->reason, sizeof(ret->reason), format, args);
	va_end(args);
	return false;
}

const char *verdict_errno_text(int err)
{
	switch (abs(err)) {
	case ENOENT: return "it is missing";
	case ELOOP: return "it is a symbolic link";
	case ENOEXEC: return "it is not a whole ELF module";
	case EBADMSG: return "it is damaged";
	case ECHILD: return "it failed";	/* a program */
	case ENOTUNIQ: return "several partitions have that label";
	case EOVERFLOW: return "a field is over its limit";
	case ENAMETOOLONG: return "its path is too long";
	case EFBIG: return "it is larger than the limit";
	}
	return strerror(abs(err));
}

/*
 * kernel/module/main.c and kernel/livepatch/core.c, 5.10 to 6.12: which errno comes from where.
 */
const char *verdict_load_text(int err)
{
	switch (abs(err)) {
	case EEXIST:
		return "a module of that name came up meanwhile";
	case EBUSY:
		return "another transition does not end, or a function is taken by another user of ftrace";
	case EINVAL:
		return "a function to patch was not found, or the patch does not fit those in force";
	case ENOEXEC:
		return "the kernel does not take it for a module: damaged, for another kernel, "
		       "or the kernel has no live patching";
	case ENOENT:
		return "the kernel does not know a symbol that the patch uses";
	case ENODEV:
		return "the kernel's ftrace or live patching has shut itself down";
	case EKEYREJECTED:
	case ENOKEY:
	case EBADMSG:
		return "the kernel wants a valid signature by a key it trusts";
	case EPERM:
		return "the kernel forbids loading modules like this one (lockdown, nomodule, "
		       "module_blacklist= or a missing capability)";
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
