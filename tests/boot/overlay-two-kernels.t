#!/usr/bin/env bash
# One overlay for two kernels, booted under both.
. "$(dirname "$0")/lib.sh"
use 6.12-amd64
other=$release
paths lp_version >"$work/files"
use amd64
mapfile -t files < <(cat "$work/files"; paths lp_version)
"$BUILD/kpatch-early" overlay -k "$release" -k "$other" -o "$work/two.cpio" "${files[@]}" >&2
base hook
join "$initramfs" "$work/two.cpio"
boot_again overlay-patched
use 6.12-amd64
base hook
join "$initramfs" "$work/two.cpio"
boot_again overlay-patched
done_booting
