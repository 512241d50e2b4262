# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# For the tests that boot by iPXE, the network card's ROM, and by config/boot/kpatch-early.ipxe. $served is the server's folder.
. images/machine.sh
served=$work/served
mkdir -p "$served"/{overlay,ring}
install -D -m 644 "$kernel/vmlinuz" "$served/$release/vmlinuz"
install -D -m 644 "$initramfs" "$served/$release/initrd.img"

# script ENTRY NAME [WORD...]: has the next boots take this entry of the menu and run the guest's script NAME. The base is one by
# hand, which needs rdinit=.
script() {
	sed -e "s/^set release .*/set release $release/" -e "s|root=LABEL=root ro quiet|$(words "${@:2}")|" \
		-e 's|^set with-overlay .*|& rdinit=/usr/sbin/kpatch-early|' config/boot/kpatch-early.ipxe >"$served/boot.ipxe"
	printf '%s\n' '#!ipxe' "set kpatch-default $1" 'set kpatch-wait 1' 'chain boot.ipxe' >"$served/start.ipxe"
}

# netboot TITLE MAC NETWORK NAME: one of several boots, of a machine with this card, in QEMU's own network. It begins with
# $served/start.ipxe.
netboot() {
	next_log
	BOOT_ARGUMENTS="-machine graphics=off -device virtio-net-pci,netdev=net,mac=$2,bootindex=1 -netdev user,id=net,$3" \
		report "$1" ${server:+nsenter -n -t "$server"} images/boot none none "$4" "$log"
}
