# SPDX-License-Identifier: GPL-2.0-or-later
# What the patches of images/real-patches.d change, as a user sees it; for real-*.sh. The checks that have a patch's name take
# "patched" or "original".
. /test/lib.sh

# one_line STATE FILE PATTERN: FILE, in this state, has one such line, or none if it is original
one_line() { is "$(grep -c "$3" "$2")" "$([ "$1" = original ]; echo $?)" "$2 is $1"; }

real_version() { one_line "$1" /proc/version "^patched from source$"; }
real_loadavg() { one_line "$1" /proc/loadavg "^running [0-9]*, waiting for I/O [0-9]*$"; }
real_replacing() { one_line "$1" /proc/devices "^Character devices, patched:$"; }

reads() { sed -n 's/^reads since it is patched: //p' /proc/uptime; }
real_uptime() {
	local first
	first=$(reads)
	if [ "$1" = original ]; then
		is "$first" "" "/proc/uptime is original"
	else
		is "$(reads)" $((first + 1)) "/proc/uptime is patched: its shadow variable counts"
	fi
}

real_binfmt_misc() {
	mount -t binfmt_misc binfmt_misc /tmp
	is "$(cat /tmp/status)" "enabled$([ "$1" = original ] || echo ", patched")" "the module binfmt_misc is $1"
	umount /tmp
}

real_virtio_blk() {
	is "$(cat /sys/block/vda/cache_type)" "write back$([ "$1" = original ] || echo ", patched")" "the disk's driver is $1"
}

# applied NAME...: they were applied at the boot, are in force, and the host's verbs say so. Each is installed, too.
applied() {
	local name
	for name in "$@"; do
		in_force "$name"
		outcome "$name" applied done ""
		kpatch-early install "/usr/lib/kpatch-early/patches/$(uname -r)/$name.ko" >/tmp/said 2>&1
		ok $? "$name is installed"
		kpatch-early info "$name" >/tmp/info
		ok $? "info finds it"
		has /tmp/info "^loaded:  *yes, enabled$" "info says that it is in force"
		has /tmp/info "^baked:  *yes$" "and that it was baked"
		"$name" patched
	done
	kpatch-early list >/tmp/list 2>/tmp/notices
	kpatch-early status >/tmp/status
	ok $? "status ends well"
	for name in "$@"; do
		has /tmp/list "^$name \[enabled\]$" "list says that $name is in force"
		has /tmp/list "^$name ($(uname -r))$" "and that it is installed"
		has /tmp/status "^  $name  *in force" "and status that it is in force"
	done
}

# rolled_back NAME...: all are turned off, and gone
rolled_back() {
	local name
	kpatch-early rollback >/tmp/said 2>&1
	ok $? "rollback ends well"
	for name in "$@"; do
		not_loaded "$name"
		"$name" original
	done
}
