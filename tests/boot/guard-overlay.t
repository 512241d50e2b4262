#!/usr/bin/env bash
# A base that knows nothing of the boot guard: the overlay brings efivarfs, from the kernel's own modules.
. "$(dirname "$0")/lib.sh"
use amd64
base hook
export BOOT_VARS=$work/vars
cp /usr/share/OVMF/OVMF_VARS_4M.fd "$BOOT_VARS"
overlay --root="$kernel" lp_version
join "$initramfs" "$overlay"
boot_again guard-new
boot_again guard-first
done_booting
