#!/usr/bin/env bash
# The same with Debian 13's initramfs-tools and its kernel. Its roots that do not come are of Debian 12's kernel, for which all
# samples are compiled; once with an empty panic=, where init would open a shell.
# Only with --long.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/initramfs-tools.sh"
use trixie-amd64
suite=trixie
in_force_or_off
use amd64
base_of_initramfs_tools
root_does_not_come lp_veto
root_does_not_come lp_version lp_veto_fs lp_loadavg
boot_again rollback-none panic=
done_booting
