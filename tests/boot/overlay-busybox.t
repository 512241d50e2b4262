#!/usr/bin/env bash
# An overlay and an initramfs made by hand with BusyBox: as rdinit=.
. "$(dirname "$0")/lib.sh"
use amd64
base_by_hand
words=(rdinit=/usr/sbin/kpatch-early)
. "$(dirname "$0")/overlay.sh"
cut_overlay
done_booting
