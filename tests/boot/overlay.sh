# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# For the overlay tests: $initramfs is the base. Patched, disabled, first instead of last, for another
# kernel, and cut.
plain=$initramfs
overlay lp_version
join "$plain" "$overlay"
boot_again one-patch
boot_again disabled kpatch.disable=1
join "$overlay" "$plain"
boot_again one-patch
# Behind the program, and before the hooks.
head -c 300000 "$overlay" >"$work/cut.cpio"
join "$plain" "$work/cut.cpio"
boot_again cut
other=$(images/kernel 6.12-amd64)
"$BUILD/kpatch-early" overlay -k "$(<"$other/release")" -o "$work/other.cpio" "$other/patches/lp_version.ko" >&2
join "$plain" "$work/other.cpio"
boot_again other-kernel
done_booting
