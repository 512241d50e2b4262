#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# EFI on arm64: the boot guard with a variable, in one machine that restarts; and an addon of a unified kernel image.
# Only with --long.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/arm64.sh"
base_by_hand
plain=$initramfs
export BOOT_VARS=$work/vars

# overlay_of NAME...: the next boots are with these patches, behind the base of BusyBox
overlay_of() {
	overlay "$@"
	join "$plain" "$overlay"
}

overlay_of lp_version
boot_again guard-new "$as_pid_1"
overlay_of lp_version lp_panic lp_loadavg
restarts guard-quarantined "$as_pid_1"
overlay_of lp_version lp_loadavg
boot_again guard-trying "$as_pid_1"
boot_again guard-proven "$as_pid_1"

unset BOOT_VARS
. "$(dirname "$0")/uki.sh"
addon "$rdinit" "$patches/lp_version.ko"
boot_uki "an addon" addon-patched
off_addon
boot_uki "with the off switch too" disabled kpe_reason=kpatch.disable_on_the_kernel_command_line
rm "$everywhere"/* "$beside"/*
boot_uki "removed again" addon-ignored
done_booting
