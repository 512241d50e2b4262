# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# For the tests of an initramfs that initramfs-tools made with our hook: use and $suite come first. Its patches are one that
# stalls, one alone, and one that needs a module.
base_of_initramfs_tools() {
	mapfile -t files < <(paths lp_stall lp_version lp_depends)
	first_base=$(images/initramfs-tools --suite "$suite" "$kernel" "${files[@]}")
	initramfs=$first_base
}

# in_force_or_off: the boots that find the root
in_force_or_off() {
	base_of_initramfs_tools
	boot_again initramfs-tools
	boot_again disabled kpatch.disable=1 kpe_reason=kpatch.disable
}

# root_does_not_come NAME...: with these patches. panic=-1 is on the kernel command line, so that init would restart the
# machine.
root_does_not_come() {
	set_of "$@"
	boot_again rollback-none
}
