#!/usr/bin/env bash
# A patch for which the kernel refuses the root disk's driver, and an initramfs without systemd.
. "$(dirname "$0")/lib.sh"
use amd64
base hook lp_version
first_base=$initramfs
export BOOT_VARS=$work/vars
cp /usr/share/OVMF/OVMF_VARS_4M.fd "$BOOT_VARS"
boot_again guard-new
set_of lp_version lp_veto
boot_again rollback rd.retry=4
done_booting
