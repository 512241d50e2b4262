# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# For the overlay tests: $initramfs is the base, $words, an array, what its kernel command line needs. The
# overlay comes last, and one made to stand there first. $first is the guest's script for the one that comes first; none if a base
# can't boot behind one. $run_is_lost says that the base does not carry /run over, and so no status.
plain=$initramfs
again() { boot_again "$1" "${words[@]}" "${@:2}"; }

# cut_overlay: the overlay is cut in its patch, behind the program and before the hooks
cut_overlay() {
	local patch
	overlay lp_version
	patch=$(LC_ALL=C grep -abo lp_version.ko "$overlay" | tail -n 1)
	head -c $((${patch%%:*} + 1000)) "$overlay" >"$work/cut.cpio"
	join "$plain" "$work/cut.cpio"
	again cut
}

overlay lp_version
join "$plain" "$overlay"
again overlay-patched "kpe.manifest=${run_is_lost-$overlay_manifest}"
if [[ ${first=overlay-patched} ]]; then
	overlay --first lp_version
	join "$overlay" "$plain"
	again "$first"
fi
