#!/usr/bin/env bash
# An overlay and an unchanged initramfs of Debian's default, initramfs-tools: as rdinit=.
. "$(dirname "$0")/lib.sh"
use amd64
initramfs=$(images/initramfs-tools "$kernel")
words=(rdinit=/usr/sbin/kpatch-early)
run_is_lost=
. "$(dirname "$0")/overlay.sh"
done_booting
