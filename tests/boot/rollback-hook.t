#!/usr/bin/env bash
# Patches, alone or between good ones, for which the kernel refuses the root's file system, and an initramfs
# without systemd: the same boot comes up without patches. The next ones are restored guests: they do not load
# these, and load another set. guard-efi.t has the one whose root disk's driver is refused.
. "$(dirname "$0")/restore.sh"
. "$(dirname "$0")/slots.sh"
use amd64
boot_with=images/boot
base hook lp_version
first_base=$initramfs
new_store
with_settings
set_of lp_version lp_veto_fs lp_loadavg
boot_again rollback-slots
boot_with=images/restored
set_of lp_version lp_veto_fs lp_loadavg
boot_again rollback-next panic=0
set_of lp_version lp_loadavg
boot_again rollback-other panic=0
boot_with=images/boot
rm "$work/settings"
set_of lp_veto_fs
BOOT_SECOND_DISK='' boot_again rollback-none rd.shell=1
done_booting
