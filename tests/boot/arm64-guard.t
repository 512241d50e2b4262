#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The boot guard on arm64, with two slots on a partition of a disk. One QEMU restarts as a machine does: two boots panic, and
# the third is unpatched.
# Only with --long.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/arm64.sh"
export BOOT_SECOND_DISK=$work/guard
truncate -s 4M "$BOOT_SECOND_DISK"
sfdisk -q "$BOOT_SECOND_DISK" <<<$'label: gpt\nstart=2048, size=64, name=guard'
mkdir -p "$work/arm64/etc/kpatch-early"
echo guard_store=PARTLABEL=guard >"$work/arm64/etc/kpatch-early/kpatch-early.conf"
base_by_hand
plain=$initramfs

# overlay_of NAME...: the next boots are with these patches, behind the base of BusyBox
overlay_of() {
	overlay --settings "$@"
	join "$plain" "$overlay"
}

overlay_of lp_version
boot_again slots-new "$as_pid_1"
overlay_of lp_version lp_panic lp_loadavg
restarts slots-quarantined "$as_pid_1"
overlay_of lp_version lp_loadavg
boot_again slots-trying "$as_pid_1"
boot_again slots-proven "$as_pid_1"
done_booting
