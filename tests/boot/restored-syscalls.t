#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A real apply, in a guest: its system calls fail, one at a time. With --long there is a store, and a trial, whose look for
# watchdog drivers makes a thousand calls more.
. "$(dirname "$0")/restore.sh"
. "$(dirname "$0")/slots.sh"
use amd64
new_store
patches lp_version
printf '%s\n' "$(rounds guard=off guard_store=/dev/vdb1)" guard_tries=9 >"$tree/etc/kpatch-early/kpatch-early.conf"
mkdir "$tree/strace"
ldd "$(command -v strace)" | awk '$3 ~ /^\// { print $3 }' | xargs -I{} cp -L {} "$tree/strace/"
cp "$(command -v strace)" "$tree/strace/"
cp -L /lib64/ld-linux-x86-64.so.2 "$tree/strace/ld.so"
# A load fails there because strace says so.
beside_options=(--taken-only)
BOOT_TIMEOUT=3600 ask syscalls
figure "$(grep -c "fails the" "$work/tap") system calls of apply failed, one at a time"
done_booting
