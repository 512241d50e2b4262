#!/usr/bin/env bash
# The boot guard with an EFI variable, from cold boot to cold boot. An overlay brings efivarfs into a base that knows nothing
# of it. A patch that panics costs two boots, and the third is unpatched; so is the boot that a refused driver stops.
. "$(dirname "$0")/lib.sh"
use amd64
export BOOT_VARS=$work/vars
cp /usr/share/OVMF/OVMF_VARS_4M.fd "$BOOT_VARS"
base hook
overlay --root="$kernel" lp_version
join "$initramfs" "$overlay"
boot_again guard-new
boot_again guard-first
base hook lp_version
first_base=$initramfs
set_of lp_version lp_panic lp_loadavg
real_restart=yes boot_to_restart "Kernel panic.*lp_panic panics"
boot_to_restart "Kernel panic.*lp_panic panics"
boot_again guard-quarantined
set_of lp_version lp_loadavg
boot_again guard-trying
boot_again guard-proven
set_of lp_version lp_veto lp_loadavg
boot_again rollback-efi rd.retry=3
done_booting
