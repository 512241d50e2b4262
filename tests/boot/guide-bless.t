#!/usr/bin/env bash
# A full Debian with UEFI: the boot guard gets its variable, and systemd's timer blesses the next boot.
. "$(dirname "$0")/lib.sh"
use amd64
disk patched.img
export BOOT_VARS=$work/vars
cp /usr/share/OVMF/OVMF_VARS_4M.fd "$BOOT_VARS"
boot_disk bless-init
boot_disk blessed panic=0
done_booting
