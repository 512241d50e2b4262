#!/usr/bin/env bash
# As rdinit= over an initramfs of BusyBox alone, whose /init is executed afterwards.
. "$(dirname "$0")/lib.sh"
use amd64
line lp_version.ko
install -D -m 755 /bin/busybox "$tree/bin/busybox"
install -D -m 755 "$BUILD/early/kpatch-early" "$tree/usr/sbin/kpatch-early"
install -m 755 tests/boot/guest/pid1-init "$tree/init"
mkdir -p "$tree/usr/bin"
install -D -m 755 images/guest-init "$tree/test/guest-init"
for applet in $(busybox --list); do ln -s /bin/busybox "$tree/usr/bin/$applet"; done
cp tests/boot/guest/*.sh "$tree/test/"
alone
boot pid1 rdinit=/usr/sbin/kpatch-early kpe_words=/init_apply_--help -- apply --help
