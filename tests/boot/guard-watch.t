#!/usr/bin/env bash
# A patch that oopses, and one that sleeps for ever: without panic= on the command line each ends in a restart. Where nothing
# is remembered, the boot goes on.
. "$(dirname "$0")/lib.sh"
use amd64
base hook lp_version
first_base=$initramfs
export BOOT_VARS=$work/vars BOOT_CPUS=2
cp /usr/share/OVMF/OVMF_VARS_4M.fd "$BOOT_VARS"
# Time for the second try of a transition, and the third: on a busy host the first may miss.
printf '%s\n' transition_timeout=4 load_timeout=8 >"$work/settings"
boot_again guard-new
set_of lp_oops
boot_to_restart "Kernel panic.*Fatal exception"
set_of lp_loadavg lp_sleep
boot_to_restart "lp_sleep: a load or its transition has not ended in 8 s; the machine restarts"
set_of lp_version
boot_again guard-armed panic=0
echo guard=off >>"$work/settings"
set_of lp_version lp_sleep lp_loadavg
boot_again left-behind panic=0 kpe_bad=lp_sleep
unset BOOT_VARS	# a boot without OVMF takes half the time
set_of lp_version lp_oops lp_loadavg
boot_again left-behind panic=0 kpe_bad=lp_oops
# systemd must not wait for what cannot be killed.
base systemd lp_version
first_base=$initramfs
set_of lp_version lp_sleep lp_loadavg
boot_again left-behind panic=0 kpe_bad=lp_sleep
done_booting
