#!/usr/bin/env bash
# The boot guard without EFI: two slots on a partition of a disk, reached before udev runs.
. "$(dirname "$0")/lib.sh"
use amd64
base hook lp_version
first_base=$initramfs
export BOOT_SECOND_DISK=$work/guard
truncate -s 4M "$BOOT_SECOND_DISK"
sfdisk -q "$BOOT_SECOND_DISK" <<<$'label: gpt\nstart=2048, size=64, name=guard'
printf '%s\n' guard_store=PARTLABEL=guard guard_modules=virtio_pci,virtio_blk >"$work/settings"
set_of lp_version
boot_again slots-new
set_of lp_version lp_panic lp_loadavg
real_restart=yes boot_to_restart "Kernel panic.*lp_panic panics"
boot_to_restart "Kernel panic.*lp_panic panics"
boot_again slots-quarantined
set_of lp_version lp_loadavg
boot_again slots-trying
boot_again slots-proven
done_booting
