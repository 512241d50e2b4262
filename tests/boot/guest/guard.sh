# SPDX-License-Identifier: GPL-2.0-or-later
# For the tests of the boot guard.
. /test/lib.sh
variable=/sys/firmware/efi/efivars/KpatchEarly-91a27a71-6d27-4412-b45b-14eb7aaea1b0

with_variables() { mount -t efivarfs efivarfs /sys/firmware/efi/efivars; "$@"; umount /sys/firmware/efi/efivars; }

guard() { has "$status" "^guard=$1\$" "the status file says guard=$1"; }

# sequence: how often the record was written
sequence() { with_variables /test/record sequence $variable 4; }

no_variables_left() {
	! grep -q efivarfs /proc/mounts
	ok $? "efivarfs is not mounted any more"
}

says() { # says STATUS TEXT COMMAND...
	local want=$1 text=$2 got=0
	shift 2
	"$@" >/tmp/said 2>&1 || got=$?
	if [ -n "$text" ]; then grep -q "$text" /tmp/said; else ! [ -s /tmp/said ]; fi &&
		[ $got -eq "$want" ]
	ok $? "$*: status $want${text:+, $text}"
	[ $got -eq "$want" ] || diag </tmp/said
}
