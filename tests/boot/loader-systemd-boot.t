#!/usr/bin/env bash
# systemd-boot with two initrd lines, as config/boot/systemd-boot.conf and -off.conf have them; UEFI. Turned off, the
# base is in LZ4, and lets an overlay follow only because of its four zeros.
. "$(dirname "$0")/lib.sh"
use amd64
base_by_hand
plain=$initramfs
ends_anywhere
overlay lp_version
boot_loader systemd-boot patched one-patch rdinit=/usr/sbin/kpatch-early
in_lz4 "$plain" gzip
boot_loader systemd-boot off disabled kpe_reason=kpatch.disable_on_the_kernel_command_line rdinit=/usr/sbin/kpatch-early
done_booting
