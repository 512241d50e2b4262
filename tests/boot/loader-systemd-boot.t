#!/usr/bin/env bash
# systemd-boot with two initrd lines, as config/boot/systemd-boot.conf and -off.conf have them; UEFI.
. "$(dirname "$0")/lib.sh"
use amd64
base_by_hand
ends_anywhere
overlay lp_version
boot_loader systemd-boot patched one-patch rdinit=/usr/sbin/kpatch-early
boot_loader systemd-boot off disabled kpe_reason=kpatch.disable_on_the_kernel_command_line rdinit=/usr/sbin/kpatch-early
done_booting
