#!/usr/bin/env bash
# The image of docs/mkosi, by this machine's own mkosi (14), booted: patched, and with the switch not.
# Only with --long.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/mkosi.sh"
images/packages mkosi
use amd64
example
status=0
(cd "$work/example" && mkosi --nspawn-keep-unit --format=directory --release="$(. /etc/os-release && echo "$VERSION_CODENAME")" \
	--mirror="$(cd "$top" && images/mirror)") >"$work/log" 2>&1 || status=$?
[[ $status -eq 0 ]] || tail -n 60 "$work/log" >&2
check $status "mkosi builds the image"
image=$work/example/image
boot_image "$image" "$image/boot/vmlinuz-$release" "$image/boot/initrd.img-$release"
done_booting
