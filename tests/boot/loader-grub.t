#!/usr/bin/env bash
# GRUB with two initrd files, as config/boot/grub.cfg has them; and an overlay made to stand first, in the menu that
# Debian makes of GRUB_EARLY_INITRD_LINUX_CUSTOM. Turned off, the base is in LZ4, and lets an overlay follow only because
# of its four zeros.
. "$(dirname "$0")/lib.sh"
use amd64
base hook
plain=$initramfs
ends_anywhere
ends=$initramfs
overlay lp_version
boot_loader grub patched one-patch
in_lz4 "$plain" zstd
boot_loader grub off disabled kpe_reason=kpatch.disable_on_the_kernel_command_line
initramfs=$ends
overlay --first lp_version
boot_loader grub debian one-patch
done_booting
