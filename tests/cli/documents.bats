#!/usr/bin/env -S bats --tap
# SPDX-License-Identifier: GPL-2.0-or-later
# The examples of the documents, run as they stand there (tests/examples). What only a boot can run is held against the test
# that boots it.

load helpers

# world: a root in $world with this machine's programs, ours in their places, and a patch. What a boot would change of the host,
# /proc/sys, /proc/sysrq-trigger, /sys and /dev, are plain files there.
world() {
	local folder
	world=$BATS_TEST_TMPDIR/world
	mkdir -p "$world"/{host,proc,tmp,run,boot,root,etc/kpatch-early,etc/ssl,var/lib,fake/sys/kernel/random} \
		"$world"/{dev,sys/kernel/livepatch,sys/module,usr/sbin,usr/lib/kpatch-early,"usr/lib/modules/$release/kernel"}
	cp -P /bin /sbin /lib* "$world/"
	cp -a /etc/{alternatives,passwd,group} "$world/etc/"
	cp /etc/ssl/openssl.cnf "$world/etc/ssl/"
	for folder in . sbin lib; do
		comm -23 <(ls "/usr/$folder") <(ls "$world/usr/$folder") | sed "s|^|/host/$folder/|" | xargs -d '\n' ln -st "$world/usr/$folder"
	done
	cp "$top/build/kpatch-early" "$world/usr/sbin/"
	cp "$early" "$world/usr/lib/kpatch-early/"
	mkdir "$world/root/build"
	ln -s /usr/sbin/kpatch-early "$world/root/build/"
	ln -s /usr/lib/kpatch-early "$world/root/build/early"
	install -m 755 /dev/stdin "$world/usr/sbin/boot" <<<"$boot"
	cp "$top/tests/examples" "$world/"
	cp -r "$top/config" "$world/root/"
	mknod -m 666 "$world/dev/null" c 1 3
	ln -s /proc/self/fd "$world/dev/fd"
	: >"$world/dev/kmsg"
	truncate -s 8192 "$world/dev/sda3"
	: >"$world/sys/kernel/notes"
	: >"$world/fake/sysrq-trigger"
	: >"$world/fake/cmdline"
	# A reader's machine has its kernel's file. Here bake would say each time that there is none.
	echo check=off >"$world/etc/kpatch-early/kpatch-early.conf"
	patch_with_table "$world/root/lp-cve-2026-0001.ko"
	stock_kernel
}

# stock_kernel: the world has it, as a second kernel, and a patch that would cost the driver of its disk
stock_kernel() {
	local k
	kernel=$(realpath "$top/build/kernel/amd64")
	k=$(<"$kernel/release")
	mkdir "$world/stock"
	ln -s /stock/vmlinux "$world/boot/vmlinuz-$k"
	ln -s "/stock/lib/modules/$k" "$world/usr/lib/modules/"
	sed s/kpe_no_such_function/virtblk_add_req_wait/ "$kernel/patches/lp_veto.ko" >"$world/root/lp-cve-2026-0002.ko"
}

# patch_with_table FILE: one that patches the function behind /proc/version
patch_with_table() {
	patch "$1"
	mv "$1" "$1.modinfo"
	as -o "$1.table" - <<-'END'
		.text
		new: .zero 16
		.section .rodata.str1.1,"aMS",@progbits,1
		name: .string "version_proc_show"
		vmlinux: .string "vmlinux"
		.section .kpatch.funcs, "a"
		.quad new, 16, 0, 16, 1, name, vmlinux
	END
	ld -r -o "$1" "$1.modinfo" "$1.table"
	rm "$1.modinfo" "$1.table"
}

# boot [WORD...]: the machine boots with these words on the kernel command line, and with what a rebuild would have put into
# its initramfs. kernel_says=ERRNO: it refuses to load a patch. no_rebuild=yes: the initramfs stays as it is.
boot='#!/bin/bash
set -eu
name=lp_cve_2026_0001
rm -rf /run/kpatch-early "/sys/kernel/livepatch/$name" "/sys/module/$name"
echo "root=/dev/vda ro quiet $*" >/fake/cmdline
cat /proc/sys/kernel/random/uuid 2>/dev/null >/fake/sys/kernel/random/boot_id || date +%N >/fake/sys/kernel/random/boot_id
[ -n "${no_rebuild-}" ] || kpatch-early bake -k "$(uname -r)" >/dev/null 2>&1
load=retval=0
if [ -n "${kernel_says-}" ]; then
	load=error=$kernel_says
else
	mkdir -p "/sys/kernel/livepatch/$name"
	echo 1 >"/sys/kernel/livepatch/$name/enabled"
	echo 0 >"/sys/kernel/livepatch/$name/transition"
fi
touch /etc/initrd-release
strace -f -qq -o /dev/null -e inject=finit_module:$load /usr/lib/kpatch-early/kpatch-early apply --root /. >/dev/null 2>&1 || :
rm /etc/initrd-release
if grep -q "outcome=applied" /run/kpatch-early/status; then
	mkdir -p "/sys/module/$name/notes"
	objcopy -O binary --only-section=.note.gnu.build-id --set-section-flags .note.gnu.build-id=alloc \
		"/usr/lib/kpatch-early/patches/$(uname -r)/lp-cve-2026-0001.ko" "/sys/module/$name/notes/.note.gnu.build-id"
else
	rm -rf "/sys/kernel/livepatch/$name"
fi'

# in_world COMMAND...
in_world() {
	# shellcheck disable=SC2016 # the inner shell expands it
	timeout 300 unshare --mount --propagation private bash -euc '
		cd "$1"
		mount --rbind /usr host
		mount --bind "$0" stock
		mount -t proc proc proc
		mount --bind fake/sys proc/sys
		mount --bind fake/cmdline proc/cmdline
		[[ ! -e proc/sysrq-trigger ]] || mount --bind fake/sysrq-trigger proc/sysrq-trigger
		exec chroot . env -i PATH=/usr/sbin:/usr/bin HOME=/root LC_ALL=C.UTF-8 bash -c "cd /root; exec \"\$@\"" sh "${@:2}"' \
		"$kernel" "$world" "$@"
}

# page FILE: its examples print what it says
page() {
	rm -rf "$BATS_TEST_TMPDIR/world"
	world
	cp "$top/$1" "$world/root/page"
	run in_world /examples run page
	[ "$status" -eq 0 ] || {
		echo "$1: $output"
		return 1
	}
}

pages() { (cd "$top" && ls README.md docs/*.md docs/*/*.md); }

# held: what the documents tell and no example shows, with the file of the tests, or a file that these boot or run, which has it,
# and the words there
held() {
	grep -v '^# ' <<-'END'
		images/demo     # a stock kernel boots @ tests/debian-13.t @ there make -s demo
		tests/run       # every test, with hundreds of boots @ .ci/run @ exec tests/run
		make -C SOURCES install DESTDIR=$PWD/mkosi.extra @ tests/boot/mkosi.sh @ make -s install DESTDIR="$extra"
		install -D -m 644 -t mkosi.extra/var/lib/kpatch/RELEASE @ tests/boot/mkosi.sh @ install -D -m 644 -t "$extra/var/lib/kpatch/$release"
		images/packages build @ tests/debian-13.t @ there images/packages build
		images/packages build && make @ tests/debian-13.t @ there images/packages build
		make @ tests/run @ make -s -j
		make install @ tests/cli/package.bats @ make -s install
		make install DESTDIR=DIR @ tests/cli/package.bats @ make -s install DESTDIR="$t/want"
		make uninstall @ tests/debian-13.t @ make -s install uninstall
		make deb @ tests/cli/package.bats @ make deb and make sample-patch-deb
		make deb DEB_HOST_ARCH=arm64 @ tests/cross @ make -s deb DEB_HOST_ARCH="$arch"
		make rpm @ tests/cli/rpm.bats @ make rpm and make sample-patch-rpm
		make sample-patch-deb @ tests/cli/package.bats @ make -s sample-patch-deb
		make sample-patch-rpm @ tests/cli/rpm.bats @ make rpm and make sample-patch-rpm
		make CC="$(images/cross arm64)" BUILD=build/cross/arm64/build @ tests/cross @ images/cross
		# The guests install and remove the packages by dpkg, and have no network.
		apt install ./build/deb/kpatch-early_*_amd64.deb @ tests/boot/debian/install-package.sh @ dpkg -i /packages/kpatch-early_*.deb
		apt install ./kpatch-early_*_amd64.deb ./kpatch-patch-*_amd64.deb @ tests/boot/debian/install-package.sh @ dpkg -i /packages/kpatch-patch-*.deb
		apt remove kpatch-patch-6.1.0-56-amd64 @ tests/boot/guide-package.t @ dpkg -r "kpatch-patch-$release"
		# The package's scripts, with a systemctl that tells what it was asked for.
		systemctl enable --now kpatch-early-rebuild.path kpatch-early-shutdown.service @ tests/cli/package.bats @ start kpatch-early-bless.timer kpatch-early-rebuild.path kpatch-early-shutdown.service
		systemctl enable --now kpatch-early-bless.timer @ tests/cli/package.bats @ start kpatch-early-bless.timer kpatch-early-rebuild.path kpatch-early-shutdown.service
		systemctl disable --now kpatch-early-rebuild.path kpatch-early-bless.timer @ tests/cli/package.bats @ stop kpatch-early-bless.timer kpatch-early-rebuild.path kpatch-early-shutdown.service
		systemctl disable kpatch-early-shutdown.service @ tests/cli/package.bats @ stop kpatch-early-bless.timer kpatch-early-rebuild.path kpatch-early-shutdown.service
		systemctl enable --now kpatch-early-metrics.timer @ tests/cli/metrics.bats @ kpatch-early-metrics.timer
		kpatch-early install --rebuild lp-cve-2026-0001.ko @ tests/cli/install.bats @ inside install -k "$k" --rebuild lp-x.ko
		kpatch-early: rebuild: building /boot/initrd.img-6.1.0-56-amd64 @ tests/boot/lib.sh @ kpatch-early: rebuild: building /boot/initrd.img-$release
		lsinitramfs /boot/initrd.img-$(uname -r) | grep kpatch-early/patches @ tests/rebuild/initramfs-tools.sh @ list=lsinitramfs
		lsinitrd -f etc/kpatch-early/manifest @ tests/cli/dracut.bats @ lsinitrd -f etc/kpatch-early/manifest "$image"
		/usr/lib/kpatch-early/rebuild @ tests/boot/guide-disable.t @ host_rebuilds /usr/lib/kpatch-early/rebuild
		/usr/lib/kpatch-early/rebuild --without @ tests/rebuild/initramfs-tools.sh @ rebuilds 0 --without
		dmesg | grep kpatch-early @ tests/boot/guest/added.sh @ dmesg | grep -c 'kpatch-early: applied: 2 of 2'
		1 of 1 patches for 6.1.0-56-amd64 in force @ tests/boot/debian/common.sh @ applied: 1 of 1 patches for $release in force
		# Turning it off.
		`NAME is in the initramfs but kpatch.service is disabled: rebuild it ...` @ tests/boot/debian/disable-service.sh @ lp_version is in the initramfs but kpatch.service is disabled
		systemctl disable kpatch.service @ tests/boot/debian/disable-service.sh @ systemctl disable kpatch.service
		systemctl enable kpatch.service @ tests/boot/debian/disabled-service.sh @ systemctl enable kpatch.service
		`inactive (dead)` @ tests/boot/debian/disabled-service.sh @ Active: inactive (dead)
		kpatch.skip=NAME[,NAME...] @ tests/boot/guide-command-line.t @ boot_disk skipped kpatch.skip=lp-version
		# What the boot loaders are given.
		GRUB_EARLY_INITRD_LINUX_CUSTOM="patches.cpio" @ tests/boot/loader-grub.t @ boot_loader grub debian one-patch
		GRUB_EARLY_INITRD_LINUX_CUSTOM="patches.cpio" @ config/boot/grub.cfg @ GRUB_EARLY_INITRD_LINUX_CUSTOM="patches.cpio"
		`initrd /initrd.img /patches.cpio` @ config/boot/grub.cfg @ initrd /initrd.img /patches.cpio
		`initrd /patches.cpio` @ config/boot/systemd-boot.conf @ initrd  /patches.cpio
		# A boot server. There nginx's own files and the site are put into a root of their own.
		apt install nginx @ tests/boot/fleet.t @ images/foreign "$architecture" own nginx-common
		cp config/boot/nginx.conf /etc/nginx/sites-enabled/boot @ tests/boot/fleet.t @ config/boot/nginx.conf" etc/nginx/sites-enabled/boot
		rm /etc/nginx/sites-enabled/default @ tests/boot/fleet.t @ rm etc/nginx/sites-enabled/default
		systemctl reload nginx @ tests/boot/fleet.t @ nginx -s reload
		install -D -m 644 /boot/vmlinuz-6.1.0-56-amd64 /srv/boot/6.1.0-56-amd64/vmlinuz @ tests/boot/netboot.sh @ install -D -m 644 "$kernel/vmlinuz" "$served/$release/vmlinuz"
		install -D -m 644 /boot/initrd.img-6.1.0-56-amd64 /srv/boot/6.1.0-56-amd64/initrd.img @ tests/boot/netboot.sh @ install -D -m 644 "$initramfs" "$served/$release/initrd.img"
		cp config/boot/kpatch-early.ipxe /srv/boot/boot.ipxe @ tests/boot/netboot.sh @ config/boot/kpatch-early.ipxe >"$served/boot.ipxe"
		default all; @ config/boot/nginx.conf @ default all;
		52-54-00-00-00-01 canary; @ config/boot/nginx.conf @ 52-54-00-00-00-01 canary;
		grep 'GET /overlay/.* 40[34] ' /var/log/nginx/access.log @ tests/boot/fleet.t @ grep -q "GET /overlay/
		#!ipxe @ tests/boot/netboot.sh @ #!ipxe
		set kpatch-default off @ tests/boot/netboot.sh @ set kpatch-default $1
		chain boot.ipxe @ tests/boot/netboot.sh @ chain boot.ipxe
		`initrd patches.cpio` @ config/boot/kpatch-early.ipxe @ initrd --name patches.cpio
		objcopy -O binary --only-section=.sdmagic IMAGE.efi sdmagic @ man/kpatch-early-addon.7 @ objcopy -O binary --only-section=.sdmagic IMAGE sdmagic
		cat sdmagic @ man/kpatch-early-addon.7 @ cat sdmagic
		modinfo -F sig_hashalgo ext4 @ tests/boot/uki.sh @ sha256
		openssl x509 -in db.crt -outform DER -out db.der @ tests/boot/uki.sh @ -outform DER -out
		mokutil --import db.der @ tests/boot/uki.sh @ db.der
		sign-file sha256 db.key db.crt lp-cve-2026-0001.ko @ tests/boot/uki.sh @ "$sign_file" sha256 "$keys/db.key" "$keys/db.crt"
		# An own /init.
		#!/bin/busybox sh @ tests/boot/own-init.t @ docs/minimal.md
		::once:/bin/sh -c 'sleep 120; /usr/sbin/kpatch-early bless' @ man/kpatch-early-guard.7 @ ::once:/bin/sh -c 'sleep 120; /usr/sbin/kpatch-early bless'
		::shutdown:/usr/sbin/kpatch-early bless --withdraw @ config/systemd/kpatch-early-withdraw.service @ kpatch-early bless --withdraw
		echo guard_store=/dev/vda3 >>/etc/kpatch-early/kpatch-early.conf @ tests/boot/restored-syscalls.t @ guard_store=/dev/vdb1
		kpatch-early bless --init @ tests/boot/slots.sh @ bless --init
		echo guard_modules=virtio_pci,virtio_blk >>/etc/kpatch-early/kpatch-early.conf @ tests/boot/slots.sh @ guard_modules=virtio_pci,virtio_blk
		dd if=/dev/zero of=/dev/vda3 bs=512 count=9 @ man/kpatch-early-guard.7 @ dd if=/dev/zero of=PATH bs=512 count=9
		guard_store=PARTLABEL=kpatch-guard @ tests/boot/slots.sh @ guard_store=PARTLABEL=
		guard_modules=nvme @ tests/boot/slots.sh @ guard_modules=virtio_pci,virtio_blk
	END
}

@test "the examples of each document print what it says" {
	local each wrong=0
	for each in $(cd "$top" && grep -lE '^ *```console$' $(pages)); do page "$each" || wrong=1; done
	[ $wrong -eq 0 ]
}

@test "an example that is wrong is found" {
	world
	printf '%s\n' '```console' '$ echo 1 2' '1  2' '$ printf "a\nb\nc\n"' ... c '$ echo a word' '... word' '```' >"$world/root/page"
	run in_world /examples run page
	[ "$status" -eq 0 ]
	sed -i 's/^1  2/1 3/' "$world/root/page"
	run in_world /examples run page
	[ "$status" -eq 1 ]
	output_has "and not:"
	echo '<!-- run: false -->' >"$world/root/page"
	run in_world /examples run page
	[ "$status" -eq 1 ]
}

@test "what no example shows is in a test that boots, builds or installs, and no page has anything else" {
	local text where words missing=0
	while IFS=@ read -r text where words; do
		text=${text% } where=${where# } where=${where% } words=${words# }
		(cd "$top" && pages | xargs grep -qF -e "$text") || { echo "no page has: $text"; missing=1; }
		grep -qF -e "$words" "$top/$where" || { echo "$where lacks: $words"; missing=1; }
	done < <(held)
	while read -r text; do
		cut -d @ -f 1 < <(held) | grep -qxF -e "$text " ||
			(cd "$top" && pages | xargs grep -qxE "^ *\\$ $(sed 's/[][\.*^$(){}|+?]/\\&/g' <<<"$text")") ||
			{ echo "no test has: $text"; missing=1; }
	done < <(for each in $(pages); do "$top/tests/examples" list "$top/$each"; done)
	[ $missing -eq 0 ]
}
