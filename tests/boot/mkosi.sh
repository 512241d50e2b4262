# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# For the tests of docs/mkosi: its own steps, and what a test needs besides. The image is a folder, of which a disk is made:
# neither loop devices nor an ESP are needed.

# example: the document's folder, with our program and a patch, and with what runs in the guest
example() {
	local extra=$work/example/mkosi.extra
	cp -r docs/mkosi "$work/example"
	make -s install DESTDIR="$extra"
	install -D -m 644 -t "$extra/var/lib/kpatch/$release" "$patches/lp_version.ko"
	mkdir -p "$extra"/{test,etc/systemd/system/multi-user.target.wants,etc/dracut.conf.d}
	cp tests/boot/guest/lib.sh tests/boot/debian/{run,mkosi*.sh} "$extra/test/"
	printf '%s\n' '[Unit]' After=multi-user.target '[Service]' Type=oneshot ExecStart=/test/run \
		>"$extra/etc/systemd/system/kpe-test.service"
	ln -s ../kpe-test.service "$extra/etc/systemd/system/multi-user.target.wants/"
	# Drivers of all machines would take a minute.
	printf '%s\n' 'drivers+=" virtio_blk virtio_pci ext4 "' 'omit_dracutmodules+=" kernel-modules-extra qemu "' compress=cat \
		'filesystems="ext4"' >"$extra/etc/dracut.conf.d/test.conf"
	sed -i "s/linux-image-amd64/linux-image-$release/" "$work/example/mkosi.conf"
}

# boot_image FOLDER KERNEL INITRAMFS: as a disk, with the patch, and once more without it
boot_image() {
	mke2fs -q -F -t ext4 -d "$1" "$work/disk" 1500m >/dev/null
	mkdir "$work/kernel"
	cp "$2" "$work/kernel/vmlinuz"
	export BOOT_DISK=$work/disk BOOT_MEMORY=1024
	kernel=$work/kernel initramfs=$3
	boot_again mkosi rw systemd.firstboot=off
	boot_again mkosi-disabled rw systemd.firstboot=off kpatch.disable=1
}
