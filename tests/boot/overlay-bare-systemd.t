#!/usr/bin/env bash
# An overlay and a base of systemd's that is none of dracut's: it has no hooks, and the overlay's unit runs.
. "$(dirname "$0")/lib.sh"
use amd64
initramfs=$(images/initramfs "$kernel" bare-systemd)
words=()
. "$(dirname "$0")/overlay.sh"
overlay lp_version
join "$plain" "$overlay"
boot_again overlay-disabled kpatch.disable=1
done_booting
