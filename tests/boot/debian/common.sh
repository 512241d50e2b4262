# SPDX-License-Identifier: GPL-2.0-or-later
# For the boots of a full Debian with systemd and the real kpatch.
. /test/lib.sh
release=$(uname -r)

# When the path unit's service was last asked for, as systemd shows it; 0 is never.
asked() { systemctl show -p ConditionTimestampMonotonic --value kpatch-early-rebuild.service; }
asked=$(asked)

# noticed WHAT: waits until the path unit has asked for its service since the test began
noticed() {
	until [ "$(asked)" != "$asked" ]; do sleep 1; done
	ok 0 "the path unit has noticed that: $1"
}

# Each boot, whatever was done before it.
sane() {
	systemctl --failed --no-legend --plain >/tmp/failed
	is "$(cat /tmp/failed)" "" "systemctl --failed is empty"
	no_oops
}

# The real tool's list and ours, byte for byte; ours speaks of disagreements on standard error.
same_lists() {
	kpatch list >/tmp/list 2>/tmp/kpatch.err
	kpatch-early list >/tmp/ours 2>/tmp/notices
	cmp /tmp/list /tmp/ours >/tmp/cmp 2>&1
	ok $? "kpatch-early list prints what kpatch list prints"
	diag </tmp/cmp
}

agreed() { is "$(cat /tmp/notices)" "" "the initramfs and the store agree"; }

# lists LOADED INSTALLED: kpatch list has this line in each part, or none
lists() {
	same_lists
	is "$(cat /tmp/list)" "Loaded patch modules:
${1:+$1
}
Installed patch modules:${2:+
$2}" "kpatch list: loaded ${1:-nothing}, installed ${2:-nothing}"
}

# unit ACTIVE SUB RESULT: what systemd says of kpatch.service
unit() {
	is "$(systemctl show -p ActiveState,SubState,Result kpatch.service | sort | sed 's/.*=//' | tr '\n' ' ')" \
		"$2 $4 $3 " "kpatch.service is $1"
}

# The states that the guide knows.
is_patched() {
	patched_version
	in_force lp_version
	lists "lp_version [enabled]" "${1-lp_version ($release)}"
}

is_unpatched() {
	original_version
	not_loaded lp_version
	lists "" "${1-}"
}

# After the boot in which it was applied early.
was_early() {
	state applied
	outcome lp_version applied done ""
	agreed
	dmesg >/tmp/dmesg
	is "$(grep -c "livepatch: enabling patch 'lp_version'" /tmp/dmesg)" 1 "the patch was loaded once"
	if [ -d /etc/initramfs-tools ]; then
		is "$(grep -o "'lp_version': patching complete\|virtio_blk virtio[0-9]" /tmp/dmesg | head -n 1)" \
			"'lp_version': patching complete" "it was in force before the first driver came up"
		return
	fi
	journalctl -b -o short-monotonic --no-pager >/tmp/journal
	is "$(sed -n "s/^\[ *\([0-9.]*\)\].*\('lp_version': patching complete\|Starting systemd-udevd\.service\).*/\2/p" /tmp/journal |
		head -n 2 | cut -c1-23 | tr '\n' ' ')" "'lp_version': patching  Starting systemd-udevd. " "it was in force before udev started"
	is "$(systemctl show -p ActiveState --value kpatch-early.service)" active \
		"the unit of the initramfs is still to be seen"
	systemctl status --no-pager kpatch-early.service >/tmp/unit 2>&1
	has /tmp/unit "applied: 1 of 1 patches for $release in force" "with its summary"
}
