/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The machine that a program or a module is for, by its ELF header. Prints nothing. */
#ifndef ELF_MACHINE_H
#define ELF_MACHINE_H

#include <elf.h>

/* Returns e_machine of the file @path, EM_NONE if it is no ELF file or can't be read. */
unsigned int elf_machine_of(const char *path);

/* Returns the name of @machine, for people. */
const char *elf_machine_name(unsigned int machine);

#endif
