#!/usr/bin/env bash
# 96 MiB: too little for dracut, enough for BusyBox, one patch and the program.
. "$(dirname "$0")/lib.sh"
use amd64
line lp_version.ko
install -D -m 755 /bin/busybox "$tree/bin/busybox"
install -D -m 755 "$BUILD/early/kpatch-early" "$tree/usr/sbin/kpatch-early"
install -D -m 755 tests/boot/guest/little-memory-init "$tree/init"
mkdir -p "$tree/test"
cp tests/boot/guest/*.sh "$tree/test/"
alone
BOOT_MEMORY=96 boot little-memory
