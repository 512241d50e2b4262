/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Addons of unified kernel images: an EFI program of systemd-stub(7), of which the stub
 * takes the sections. Signs nothing, and prints nothing.
 */
#ifndef UKI_ADDON_H
#define UKI_ADDON_H

/* Where in the file the initrd begins. */
#define UKI_ADDON_HEADERS 1024

struct uki_machine;

struct uki_addon {
	const struct uki_machine *machine;
	const char *release;	/* of the kernel that it is for; NULL: any */
	const char *cmdline;	/* words for the kernel command line, or NULL */
};

enum uki_addon_result {
	UKI_ADDON_WRITTEN,
	UKI_ADDON_TOO_LARGE,	/* the initrd, for the kernel or for the format */
	UKI_ADDON_ERROR,	/* *@ret_err is the -errno */
};

/*
 * Returns the machine that the program @path is for, or NULL if it can't be read, or no
 * addon can be made for such a machine.
 */
const struct uki_machine *uki_machine_of(const char *path);

/*
 * Makes an addon of the file @fd, which holds an initrd from UKI_ADDON_HEADERS to its
 * end. There is none if the file ends before.
 */
enum uki_addon_result uki_addon_finish(const struct uki_addon *addon, int fd,
				       int *ret_err);

#endif
