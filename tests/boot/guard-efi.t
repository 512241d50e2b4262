#!/usr/bin/env bash
# The boot guard with an EFI variable, from cold boot to cold boot. A patch that panics costs two boots, and
# the third is unpatched; so is the boot that a refused driver stops. The first boot, and those with the other
# set, are by an overlay, which brings efivarfs into a base that knows nothing of the guard.
. "$(dirname "$0")/lib.sh"
use amd64
export BOOT_VARS=$work/vars
cp /usr/share/OVMF/OVMF_VARS_4M.fd "$BOOT_VARS"
base hook
plain=$initramfs
base hook lp_version
first_base=$initramfs
overlay --root="$kernel" lp_version
join "$plain" "$overlay"
boot_again guard-new
set_of lp_version lp_panic lp_loadavg
real_restart=yes boot_to_restart "Kernel panic.*lp_panic panics"
boot_to_restart "Kernel panic.*lp_panic panics"
boot_again guard-quarantined
overlay --root="$kernel" lp_version lp_loadavg
join "$plain" "$overlay"
boot_again guard-trying
boot_again guard-proven
set_of lp_version lp_veto lp_loadavg
boot_again rollback-efi rd.retry=3
# The firmware has lost its variables. An image with the flag file knows that one is missing.
cp /usr/share/OVMF/OVMF_VARS_4M.fd "$BOOT_VARS"
mkdir -p "$work/flag/etc/kpatch-early"
echo lost >"$work/flag/etc/kpatch-early/guarded"
(cd "$work/flag" && echo etc/kpatch-early/guarded | cpio -o -H newc --quiet | gzip) >"$work/flag.cpio"
overlay --root="$kernel" lp_version lp_loadavg
join "$plain" "$overlay" "$work/flag.cpio"
boot_again guard-lost
done_booting
