/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which version of systemd-stub(7) starts a unified kernel image. Asks no firmware, and
 * prints nothing.
 */
#ifndef STUB_VERSION_H
#define STUB_VERSION_H

/*
 * Returns the version of the stub that started the system of @root, by the EFI variable
 * that the stub makes; 0 if there is none.
 */
unsigned int stub_version_of_system(const char *root);

/* The same of the unified kernel image @path. */
unsigned int stub_version_of_image(const char *path);

#endif
