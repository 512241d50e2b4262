#!/usr/bin/env bash
# A patch that spins with its interrupts off on the only CPU: nothing but the machine's own watchdog ends that. Its driver
# is in the initramfs unasked, and loaded because a device of the machine asks for it.
. "$(dirname "$0")/lib.sh"
use amd64
echo load_timeout=8 >"$work/settings"
export INITRAMFS_SETTINGS=$work/settings
base hook lp_version
first_base=$initramfs
export BOOT_VARS=$work/vars BOOT_ARGUMENTS="-device i6300esb -watchdog-action reset"
cp /usr/share/OVMF/OVMF_VARS_4M.fd "$BOOT_VARS"
boot_again guard-new
set_of lp_version lp_spin_irq
boot_to_restart "i6300ESB timer.*initialized"
set_of lp_version lp_loadavg
boot_again watchdog-rests
done_booting
