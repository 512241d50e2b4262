#!/usr/bin/env bash
# iPXE with two initrd files from a TFTP server, as config/boot/kpatch-early.ipxe has them: BIOS and UEFI. Where the server has no
# overlay, UEFI's kernel must not be told of it.
. "$(dirname "$0")/lib.sh"
use amd64
base_by_hand
ends_anywhere
. tests/boot/netboot.sh
overlay lp_version
cp "$overlay" "$served/overlay/$release.cpio"

# by_tftp TITLE NAME
by_tftp() {
	script patched "$2"
	netboot "$1" 52:54:00:00:00:01 "restrict=on,tftp=$served,bootfile=start.ipxe" "$2"
}

by_tftp BIOS one-patch
export BOOT_VARS=$work/variables
by_tftp UEFI one-patch
rm "$served/overlay/$release.cpio"
by_tftp "UEFI, no overlay" unpatched
done_booting
