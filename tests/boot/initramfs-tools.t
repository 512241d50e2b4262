#!/usr/bin/env bash
# Patches in an initramfs of initramfs-tools: one stalls, the others are in force before the first driver; they are turned off; and
# then for one of them the kernel refuses the driver of the root's disk, or its file system, and the same boot comes up without.
# It waits: thirty seconds for a root that does not come.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/initramfs-tools.sh"
use amd64
suite=own
in_force_or_off
root_does_not_come lp_veto
root_does_not_come lp_version lp_veto_fs lp_loadavg
done_booting
