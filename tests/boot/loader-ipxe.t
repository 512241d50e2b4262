#!/usr/bin/env bash
# iPXE with two initrd files from a TFTP server, as config/boot/kpatch-early.ipxe has them: BIOS and UEFI.
. "$(dirname "$0")/lib.sh"
use amd64
base_by_hand
ends_anywhere
overlay lp_version
boot_loader ipxe patched one-patch rdinit=/usr/sbin/kpatch-early
boot_loader ipxe off disabled kpe_reason=kpatch.disable_on_the_kernel_command_line rdinit=/usr/sbin/kpatch-early
boot_loader ipxe-efi patched one-patch rdinit=/usr/sbin/kpatch-early
done_booting
