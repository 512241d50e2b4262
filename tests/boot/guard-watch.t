#!/usr/bin/env bash
# A patch that sleeps for ever in a boot by dracut: without panic= on the command line the program restarts
# the machine, by sysrq. Where nothing is remembered, the boot goes on, and systemd does not wait for what
# cannot be killed.
# It waits more than it computes.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/slots.sh"
use amd64
base hook lp_version
first_base=$initramfs
new_store
# Time for the second try of a transition, and the third: on a busy host the first may miss.
with_settings transition_timeout=4 load_timeout=8
set_of lp_loadavg lp_sleep
boot_to_restart "lp_sleep: a load or its transition has not ended in 8 s; the machine restarts"
store_is "was not loaded at this boot"
base systemd lp_version
first_base=$initramfs
with_settings transition_timeout=4 load_timeout=8 guard=off
set_of lp_version lp_sleep lp_loadavg
boot_again left-behind panic=0 kpe_bad=lp_sleep
done_booting
