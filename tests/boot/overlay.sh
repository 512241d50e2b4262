# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# For the overlay tests: $initramfs is the base, $words, an array, what its kernel command line needs. Patched,
# disabled, first instead of last, cut, and for another kernel. $first is the guest's script for the
# overlay that comes first; none if a base can't boot behind one.
plain=$initramfs
again() { boot_again "$1" "${words[@]}" "${@:2}"; }

overlay lp_version
join "$plain" "$overlay"
again overlay-patched
again overlay-disabled kpatch.disable=1
if [[ ${first=overlay-patched} ]]; then
	join "$overlay" "$plain"
	again "$first"
fi
# Behind the program, and before the hooks.
head -c 300000 "$overlay" >"$work/cut.cpio"
join "$plain" "$work/cut.cpio"
again cut
other=$(images/kernel 6.12-amd64)
"$BUILD/kpatch-early" overlay -k "$(<"$other/release")" -o "$work/other.cpio" "$other/patches/lp_version.ko" >&2
join "$plain" "$work/other.cpio"
again overlay-nothing
