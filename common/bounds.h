/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every limit on input, in one place. What is over a limit is an error and never cut off.
 * The manual pages state the same numbers, and tests/manual checks that they agree.
 */
#ifndef BOUNDS_H
#define BOUNDS_H

#define MANIFEST_BYTES_MAX	(1024 * 1024)
#define MANIFEST_LINES_MAX	8192
#define MANIFEST_LINE_MAX	1024	/* bytes in a line, without its newline */
#define FIXES_MAX		32	/* words of fixes= */
#define FIXES_BYTES_MAX		512	/* of them, with their commas */
#define PATCHES_MAX		256	/* patches for one kernel release */
#define SOURCES_MAX		1024	/* files that one bake reads, of all releases */

#define KEYS_MAX		32	/* trusted keys */
#define SIGNIFY_BYTES_MAX	4096	/* the file of a key or of a signature */
#define SIGNIFY_COMMENT_MAX	1024	/* bytes of its comment: signify's own limit */

#define CMDLINE_BYTES_MAX	(64 * 1024)
#define SETTINGS_BYTES_MAX	(64 * 1024)
#define MODULE_BYTES_MAX	(64 * 1024 * 1024)
#define ARCHIVE_BYTES_MAX	0x7fffffff /* compressed: x86's initrd_addr_max */
#define ADDON_CMDLINE_MAX	1024	/* half of x86's COMMAND_LINE_SIZE */

#define CPUS_MAX		1024	/* with more CPUs there are no helpers on them */
#define CPU_NUMBER_MAX		8191	/* the kernel's NR_CPUS is at most 8192 */
#define CPU_LIST_BYTES_MAX	8191	/* of the kernel's list of CPUs */

#define RELEASE_MAX		64	/* the kernel's __NEW_UTS_LEN */
#define FILE_NAME_MAX		127	/* bytes of a patch module's file name */
#define MODULE_NAME_MAX		55	/* MODULE_NAME_LEN on 64 bit, less the NUL */
#define MODULE_OPTIONS_MAX	4096	/* bytes of options for a module but a patch */
#define BUILD_ID_BYTES_MAX	32
#define SECTIONS_MAX		4096	/* of a module file */
#define MODULE_TEXT_MAX		4095	/* bytes of a name, or another text, in one */
#define FUNCTIONS_MAX		4096	/* that one patch replaces */
#define SYMBOL_NAME_MAX		511	/* the kernel's KSYM_NAME_LEN, less the NUL */
/* names of the functions of all required patches that are in force */
#define KNOWN_FUNCTIONS_BYTES_MAX (64 * 1024)
#define TABLE_READS_MAX		(64 * 1024 * 1024) /* entries of ELF tables */
#define PARAMETERS_MAX		256	/* of one module */
#define PARAMETERS_BYTES_MAX	(64 * 1024)
#define INITRAMFS_NAMES_BYTES_MAX (16 * 1024 * 1024) /* of the files in one */
#define FINDINGS_MAX		64	/* that check tells of one patch */
#define FINDINGS_BYTES_MAX	(64 * 1024) /* of their names */
#define VERDICTS_BYTES_MAX	(64 * 1024) /* of those that are kept for one kernel */
#define MODULE_EXPORTS_MAX	(256 * 1024) /* of all modules that check reads */
#define MODULE_EXPORTS_BYTES_MAX (16 * 1024 * 1024) /* of their names */
#define EXPORTERS_MAX		16384	/* modules of which check reads exports */
#define SIGNER_MAX		255	/* bytes of the name in a signature */
#define KERNEL_BYTES_MAX	(1024 * 1024 * 1024) /* of a kernel's file */
#define KERNEL_UNPACKED_MAX	(256 * 1024 * 1024) /* of what it unpacks to */
#define KERNEL_SEGMENTS_MAX	32	/* of a kernel that is an ELF file */
#define KERNEL_SYMBOLS_MAX	(4 * 1024 * 1024)
#define EXPORTS_MAX		(256 * 1024) /* of a kernel */
#define CERTIFICATES_MAX	64	/* built into a kernel */
#define VERMAGIC_MAX		255	/* bytes of a kernel's */
#define REASON_MAX		400	/* bytes, in status file and kernel log */

#define TRANSITION_TIMEOUT_S	20	/* default of transition_timeout= */
#define TRANSITION_TIMEOUT_S_MAX 3600	/* of load_timeout= too */
#define LOAD_TIMEOUT_S		30	/* default of load_timeout= */

#define BOOT_BUDGET_S		120	/* default of boot_budget= */
#define BOOT_BUDGET_S_MAX	3600
#define PLAN_LIMIT_S		30	/* to read and verify everything */
/* to reach the boot guard's record, besides guard_wait= */
#define JUDGE_LIMIT_S		10
#define MARK_LIMIT_S		10	/* to write it, and to load helper drivers */
#define CONFIRM_LIMIT_S		10
/* livepatch relocations, each of which 6.1 walks all symbols for */
#define RELOCATIONS_PER_S	10

#define GUARD_TRIES		2	/* default of guard_tries= */
#define GUARD_TRIES_MAX		9
#define GUARD_STORE_MAX		255	/* bytes of guard_store=, and of guard_modules= */
#define GUARD_WAIT_S		5	/* default of guard_wait= */
#define GUARD_WAIT_S_MAX	60

#define ON_FAILURE_READ_S	10	/* to read the console before on_failure= acts */

#define KMSG_RECORDS_MAX	8	/* kernel log records in a run */
#define KMSG_RECORD_BYTES	900

#endif
