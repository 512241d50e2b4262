#!/usr/bin/env bash
# A patch that spins with its interrupts off on the only CPU: nothing but the machine's own watchdog ends
# that. Its driver is in the initramfs unasked, and loaded because a device of the machine asks for it. Its options are those
# of modprobe.d, and of the kernel command line.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/slots.sh"
use amd64
new_store
with_settings load_timeout=8
echo "options i6300esb heartbeat=40" >"$work/modprobe"
export INITRAMFS_SETTINGS=$work/settings INITRAMFS_MODPROBE=$work/modprobe
export BOOT_ARGUMENTS="-device i6300esb -watchdog-action reset"
base hook lp_version
first_base=$initramfs
set_of lp_version lp_spin_irq
real_restart=yes boot_to_restart "i6300ESB timer.*initialized. heartbeat=40 sec"
verdict "no panic has ended it" test "$(grep -c "Kernel panic" "$log")" = 0
store_is "was not loaded at this boot"
set_of lp_version lp_loadavg
boot_again watchdog-rests i6300esb.heartbeat=50
verdict "the command line has the last word" grep -q "i6300ESB timer.*initialized. heartbeat=50 sec" "$log"
done_booting
