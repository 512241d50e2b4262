#!/usr/bin/env bash
# An overlay and an unchanged base of dracut's without systemd, which has nothing of ours: last, first, cut,
# disabled, and for another kernel.
. "$(dirname "$0")/lib.sh"
use amd64
base hook
# Dracut 106 has a link where an overlay in front would have a folder.
! lsinitrd "$initramfs" | grep 'lib/dracut/hooks -> ' >/dev/null || first=
. "$(dirname "$0")/overlay.sh"
cut_overlay
join "$plain" "$overlay"
boot_again overlay-disabled kpatch.disable=1
# For another kernel only.
other=$(images/kernel "$(another)")
images/build-patches "$other" >/dev/null
"$BUILD/kpatch-early" overlay -k "$(<"$other/release")" -o "$work/other.cpio" "$other/patches/lp_version.ko" >&2
join "$plain" "$work/other.cpio"
boot_again overlay-nothing
done_booting
