/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether two files of one module are the same to the kernel, as before and after
 * strip(1). Reads no file.
 */
#ifndef MODULE_COMPARE_H
#define MODULE_COMPARE_H

#include <stdbool.h>

#include "host/module_bytes.h"

/*
 * True if the kernel loads and relocates the same from both. Compared are the sections
 * that take memory (SHF_ALLOC), the relocations of these, and whatever is called .klp.*
 * or .kpatch.* or has SHF_RELA_LIVEPATCH (Documentation/livepatch/module-elf-format.rst):
 * name, type, flags, size, alignment, bytes. Of a relocation that is offset, type and
 * addend, and of its symbol name, type, binding, value, size and section, but not the
 * index.
 *
 * False, with *@ret_section the name of the first section that differs, text in one of
 * the files. That is NULL if a file cannot be read as a module, or is too large to be
 * compared.
 */
bool module_compare(const struct module_bytes *one, const struct module_bytes *other,
		    const char **ret_section);

#endif
