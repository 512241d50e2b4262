#!/usr/bin/env bash
# Patches, alone or between good ones, for which the kernel refuses the root disk's driver, or its file system, and an
# initramfs without systemd: the same boot comes up without patches, the next one does not load them, and those of
# another set come back.
. "$(dirname "$0")/lib.sh"
use amd64
base hook lp_version
first_base=$initramfs
export BOOT_VARS=$work/vars
cp /usr/share/OVMF/OVMF_VARS_4M.fd "$BOOT_VARS"
boot_again guard-new
set_of lp_version lp_veto lp_loadavg
boot_again rollback-efi rd.retry=3
boot_again rollback-next
set_of lp_version lp_loadavg
boot_again rollback-other
unset BOOT_VARS
set_of lp_veto_fs
boot_again rollback-none
boot_again rollback-none rd.shell=1
done_booting
