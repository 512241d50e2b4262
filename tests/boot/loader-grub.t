#!/usr/bin/env bash
# GRUB with two initrd files, as config/boot/grub.cfg has them; and the overlay first, in the menu
# that Debian makes of GRUB_EARLY_INITRD_LINUX_CUSTOM.
. "$(dirname "$0")/lib.sh"
use amd64
base hook
ends_anywhere
overlay lp_version
boot_loader grub patched one-patch
boot_loader grub off disabled kpe_reason=kpatch.disable_on_the_kernel_command_line
boot_loader grub debian one-patch
done_booting
