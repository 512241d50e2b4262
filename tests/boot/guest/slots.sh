# SPDX-License-Identifier: GPL-2.0-or-later
# For the tests of the boot guard on a partition: its settings are in the initramfs, and for bless in a root
# of its own.
. /test/guard.sh
here=/tmp/root
mkdir -p $here/dev $here/sys $here/proc $here/etc/kpatch-early
for folder in dev sys proc; do mount --bind /$folder $here/$folder; done
echo guard_store=PARTLABEL=guard >$here/etc/kpatch-early/kpatch-early.conf

bless() { kpatch-early bless --root $here "$@"; }

# sequence: how often the record was written
sequence() {
	for at in 16 4112; do dd if=/dev/vdb1 bs=1 skip=$at count=4 2>/dev/null | od -An -tu4; done | sort -n | tail -n 1 | tr -d ' '
}

# states: of both slots
states() {
	for at in 9 4105; do dd if=/dev/vdb1 bs=1 skip=$at count=1 2>/dev/null | od -An -tu1; done | tr -d '\n '
}
