#!/usr/bin/env bash
# The boot guard with an EFI variable: a patch that panics costs two boots, and the third is unpatched.
. "$(dirname "$0")/lib.sh"
use amd64
base hook lp_version
first_base=$initramfs
export BOOT_VARS=$work/vars
cp /usr/share/OVMF/OVMF_VARS_4M.fd "$BOOT_VARS"
boot_again guard-new
set_of lp_version lp_panic lp_loadavg
boot_to_restart "Kernel panic.*lp_panic panics"
boot_to_restart "Kernel panic.*lp_panic panics"
boot_again guard-quarantined
boot_again guard-quarantined
set_of lp_version lp_loadavg
boot_again guard-trying
boot_again guard-proven
done_booting
