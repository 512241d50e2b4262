#!/usr/bin/env bash
# A full Debian with UEFI: the boot guard gets its variable. A boot that ends in order before systemd's timer takes its try
# back; the timer blesses the next one. There kpatch.service is disabled, and the power is cut before the initramfs is
# rebuilt: the record has it.
. "$(dirname "$0")/lib.sh"
use amd64
disk patched.img
export BOOT_VARS=$work/vars
cp /usr/share/OVMF/OVMF_VARS_4M.fd "$BOOT_VARS"
boot_disk bless-init
boot_disk withdrawn
boot_disk blessed panic=0 kpe.rebuild=path
boot_disk turned-off
done_booting
