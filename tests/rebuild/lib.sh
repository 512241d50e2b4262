# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# For the scripts that in-root runs. Their argument is the kernel's release.
set -u
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
R=$1 count=0
initrd=/boot/initrd.img-$R store=/var/lib/kpatch/$R rebuild=/usr/lib/kpatch-early/rebuild

check() {
	count=$((count + 1))
	if [[ $1 -eq 0 ]]; then echo "ok $count - $2"; else
		echo "not ok $count - $2"
		sed 's/^/# /' /tmp/said
	fi
}

# is WANT IT TEXT
is() {
	[[ $1 == "$2" ]] || echo "wanted: $1; got: $2" >>/tmp/said
	check "$([[ $1 == "$2" ]]; echo $?)" "$3"
}

said() { check "$(grep -qF -e "$1" /tmp/said; echo $?)" "it says: $1"; }
said_nothing() { is "" "$(</tmp/said)" "it says nothing"; }

# rebuilds STATUS [ARGUMENT...]
rebuilds() {
	$rebuild "${@:2}" >/tmp/said 2>&1
	is "$1" $? "rebuild ${*:2}: exit status $1"
}

dracut_makes() { dracut --quiet --force "$@" "$R" >>/tmp/said 2>&1 || echo "Bail out! dracut failed"; }

# patches FILE: how many are in it
list=lsinitrd
patches() { $list "$1" 2>/dev/null | grep -c 'usr/lib/kpatch-early/patches/.*\.ko$'; }

# has NUMBER FILE
has() { is "$1" "$(patches "$2")" "$2: patches: $1"; }

put_patch() {
	mkdir -p "$store"
	cp "/samples/lp_${1:-version}.ko" "$store/"
}

# anew TITLE: nothing is installed, and nothing was tried
anew() {
	echo "# $1"
	find /boot -mindepth 1 -maxdepth 1 ! -name 'vmlinuz-*' ! -name 'config-*' -exec rm -rf {} +
	rm -rf /var/lib/kpatch /lib/modules/"$R"/initr* /run/kpatch-early /etc/kernel/[!p]* /etc/initramfs /etc/dracut.conf.d/[a-su-z]*.conf
	: >/tmp/said
}
