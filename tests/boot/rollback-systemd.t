#!/usr/bin/env bash
# Patches for which the kernel refuses the root disk's driver, or its file system, and an initramfs with systemd.
. "$(dirname "$0")/lib.sh"
use amd64
base systemd lp_version
first_base=$initramfs
set_of lp_veto
boot_again rollback-none rd.retry=3
set_of lp_version lp_veto_fs lp_loadavg
boot_again rollback-none rd.shell=1
done_booting
