# SPDX-License-Identifier: GPL-2.0-or-later
# For the tests of the boot guard on a partition: its settings are in the initramfs, and for bless in a root
# of its own.
. /test/guard.sh
here=/tmp/root
mkdir -p $here/dev $here/sys $here/proc $here/run $here/etc/kpatch-early
for folder in dev sys proc run; do mount --bind /$folder $here/$folder; done
echo guard_store=PARTLABEL=guard >$here/etc/kpatch-early/kpatch-early.conf

bless() { kpatch-early bless --root $here "$@"; }

# sequences: of both slots, the older one first
sequences() {
	for at in 0 4096; do /test/record sequence /dev/vdb1 $at; done | sort -n
}

# sequence: how often the record was written
sequence() {
	sequences | tail -n 1
}

# states: of both slots
states() {
	echo $(for at in 0 4096; do /test/record state /dev/vdb1 $at; done)
}
