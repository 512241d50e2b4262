#!/usr/bin/env bash
# As rdinit= of an initramfs with nothing to execute: the kernel panics as without us, and the
# console says why.
. "$(dirname "$0")/lib.sh"
use amd64
install -D -m 755 "$BUILD/early/kpatch-early" "$tree/usr/sbin/kpatch-early"
alone
log=$BUILD/log/pid1-nothing.console count=0
mkdir -p "$BUILD/log"
# panic=-1 ends the guest at once.
images/boot "$kernel" "$initramfs" none "$log" rdinit=/usr/sbin/kpatch-early
for text in "kpatch-early: nothing: 0 of 0 patches" "kpatch-early: no init can be executed" \
	"Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000100"; do
	count=$((count + 1))
	grep -q "$text" "$log" || printf 'not '
	echo "ok $count - the console says: $text"
done
echo "1..$count"
