#!/usr/bin/env bash
# An overlay and a base that has the dracut module and a patch of its own: replaced, joined, and run once.
. "$(dirname "$0")/lib.sh"
use amd64
base systemd lp_loadavg
plain=$initramfs
overlay lp_version
join "$plain" "$overlay"
boot_again one-patch
# First instead of last: what the base has comes later, and wins.
join "$overlay" "$plain"
boot_again base-wins
head -c 300000 "$overlay" >"$work/cut.cpio"
join "$plain" "$work/cut.cpio"
boot_again cut
other=$(images/kernel 6.12-amd64)
"$BUILD/kpatch-early" overlay -k "$(<"$other/release")" -o "$work/other.cpio" "$other/patches/lp_version.ko" >&2
join "$plain" "$work/other.cpio"
boot_again overlay-nothing
overlay --add lp_version
join "$plain" "$overlay"
boot_again added
boot_again disabled kpatch.disable=1
done_booting
