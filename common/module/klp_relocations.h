/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How much work a patch's relocations are for the kernel. Looks at a file, asks no
 * kernel.
 */
#ifndef KLP_RELOCATIONS_H
#define KLP_RELOCATIONS_H

/* include/uapi/linux/elf.h, which musl does not have */
#define SHF_RELA_LIVEPATCH 0x00100000

/*
 * The number of livepatch relocations of the module file @fd: the entries of the
 * sections with SHF_RELA_LIVEPATCH (Documentation/livepatch/module-elf-format.rst). 0
 * for what is no 64-bit ELF file of this machine's byte order; at most 1,000,000.
 */
unsigned int klp_relocations_count(int fd);

#endif
