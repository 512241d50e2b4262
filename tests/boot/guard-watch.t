#!/usr/bin/env bash
# A patch that oopses, and one that sleeps for ever: without panic= on the command line each ends in a restart.
. "$(dirname "$0")/lib.sh"
use amd64
base hook lp_version
first_base=$initramfs
export BOOT_VARS=$work/vars BOOT_CPUS=2
cp /usr/share/OVMF/OVMF_VARS_4M.fd "$BOOT_VARS"
# Time for the second try, and the third: on a busy host the first may miss.
echo transition_timeout=4 >"$work/settings"
boot_again guard-new
set_of lp_oops
boot_to_restart "Kernel panic.*Fatal exception"
set_of lp_loadavg lp_sleep
boot_to_restart "a load or its transition has not ended in 46 s; the machine restarts"
set_of lp_version
boot_again guard-armed panic=0
done_booting
