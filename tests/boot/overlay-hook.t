#!/usr/bin/env bash
# An overlay and an unchanged base of dracut's without systemd, which has nothing of ours: last, first, cut,
# disabled, and for another kernel.
. "$(dirname "$0")/lib.sh"
use amd64
base hook
. "$(dirname "$0")/overlay.sh"
cut_overlay
join "$plain" "$overlay"
boot_again overlay-disabled kpatch.disable=1
# For another kernel only.
other=$(images/kernel 6.12-amd64)
images/build-patches "$other" >/dev/null
"$BUILD/kpatch-early" overlay -k "$(<"$other/release")" -o "$work/other.cpio" "$other/patches/lp_version.ko" >&2
join "$plain" "$work/other.cpio"
boot_again overlay-nothing
done_booting
