#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# In a throw-away machine, see in-root: which file boots, and who makes it again? usage: layouts.sh RELEASE
. /rebuild.sh

unpatched=/unpatched.img
dracut_makes $unpatched

anew "every name that an image may have, several at once"
images=("$initrd" "/boot/initramfs-$R.img" "/boot/initrd-$R" "/lib/modules/$R/initrd" "/boot/efi/debian/$R/initrd")
for image in "${images[@]}"; do
	mkdir -p "${image%/*}"
	cp $unpatched "$image"
done
rebuilds 0
said_nothing
put_patch
rebuilds 0
for image in "${images[@]}"; do has 1 "$image"; done
rebuilds 0
said_nothing

anew "a kernel with patches whose image is nowhere, one without modules, and one without patches"
put_patch
rebuilds 1
said "$R has live patches, and no initramfs or unified kernel image of it"
mkdir -p /var/lib/kpatch/9.9
cp "$store/lp_version.ko" /var/lib/kpatch/9.9/
rm -r "$store"
rebuilds 1
rm -r /var/lib/kpatch/9.9
rebuilds 0 "$R"
said_nothing
rebuilds 1 9.9-typo
said "there is no kernel 9.9-typo here: no modules, and no patches"
KERNEL_INSTALL_BOOT_ROOT=/boot /usr/lib/kernel/install.d/95-kpatch-early.install add "$R" >/tmp/said 2>&1
said_nothing

anew "what was added by hand stays, however often it is rebuilt"
noted() { lsinitrd -f usr/lib/dracut/build-parameter.txt "$initrd" | xargs -n 1 | sort | xargs; }
echo mine >/etc/mine
dracut_makes --include /etc/mine /etc/mine "$initrd"
put_patch
rebuilds 0
words=$(noted)
rm "$store"/*
rebuilds 0 --force
put_patch loadavg
rebuilds 0
has 1 "$initrd"
is mine "$(lsinitrd -f etc/mine "$initrd")" "the file is still in the image"
is "$words" "$(noted)" "dracut's words for the image have not become more"
is "" "$(find /boot -name '*kpatch-early*')" "no file of a build is left"

anew "an initrd stays an initrd, whatever dracut.conf says since"
cp $unpatched "$initrd"
printf 'uefi=yes\n' >/etc/dracut.conf.d/a.conf
put_patch
rebuilds 0
has 1 "$initrd"
is 070701 "$(head -c 6 "$initrd")" "it is an archive"

# layout NAME: kernel-install's
layout() {
	mkdir -p /boot/efi/loader/entries "/boot/efi/$(</etc/machine-id)" /etc/kernel
	echo root=/dev/vda >/etc/kernel/cmdline
	printf '%s\n' BOOT_ROOT=/boot/efi "layout=$1" >/etc/kernel/install.conf
}

anew "the copy that kernel-install made boots, and it renews it"
layout bls
cp $unpatched "$initrd"
kernel-install add "$R" "/boot/vmlinuz-$R" "$initrd" >>/tmp/said 2>&1
entry=$(find /boot/efi -name 'initrd*' -type f)
check "$([[ -f $entry ]]; echo $?)" "kernel-install copied the initramfs"
put_patch
rebuilds 0
has 1 "$initrd"
has 1 "$entry"
rebuilds 0
said_nothing
put_patch loadavg
mkdir -p /etc/initramfs/post-update.d
cat >/etc/initramfs/post-update.d/copies <<-'END'
	#!/bin/sh
	echo "$@" >/tmp/told
	exec kernel-install add "$1" "/boot/vmlinuz-$1" "$2"
END
chmod 755 /etc/initramfs/post-update.d/copies
rebuilds 0
has 2 "$entry"
is "$R $initrd" "$(</tmp/told)" "the script of post-update.d is given what Debian's gives"

# bare_base FILE: an initramfs that nobody here has made, and that has nothing of ours
bare_base() { cp /bare.img "$1"; }

# add_kernel [INITRD...]
add_kernel() {
	kernel-install add "$R" "/boot/vmlinuz-$R" "$@" >/tmp/said 2>&1
	check $? "kernel-install adds the kernel"
}

# entry_has NAME...: these are the initrds of the boot loader's entry
entry_has() { is "$*" "$(sed -n 's|^initrd.*/||p' /boot/efi/loader/entries/*.conf | xargs)" "the entry's initrds: $*"; }

# overlay_has NUMBER FILE: the last part of FILE is an overlay with so many patches
overlay_has() { is "$1" "$(grep -ao "usr/lib/kpatch-early/patches/$R/[a-z_]*\.ko" "$2" | sort -u | wc -l)" "$2: patches of an overlay: $1"; }

anew "an initramfs of another maker has its patches by kernel-install, as one more initrd"
layout bls
base=/tmp/initrd
bare_base $base
add_kernel $base
entry_has initrd
here=$(echo /boot/efi/*/"$R")
put_patch
add_kernel $base
said "lp_version.ko is not signed"
entry_has initrd initrd.zz-kpatch-early
overlay_has 1 "$here/initrd.zz-kpatch-early"
rebuilds 0
said_nothing
put_patch loadavg
rebuilds 0
said "building $here/initrd"
entry_has initrd initrd.zz-kpatch-early
overlay_has 2 "$here/initrd.zz-kpatch-early"
cmp $base "$here/initrd" 2>>/tmp/said
check $? "the initramfs stays as it is"
rebuilds 0
said_nothing
cp /etc/kpatch-early/kpatch-early.conf /tmp/conf
echo transition_timeout=33 >>/etc/kpatch-early/kpatch-early.conf
rebuilds 0
check "$(grep -qa '^transition_timeout=33' "$here/initrd.zz-kpatch-early"; echo $?)" "the overlay has the settings"
echo enabled=no >>/etc/kpatch-early/kpatch-early.conf
rebuilds 0
entry_has initrd
cp /tmp/conf /etc/kpatch-early/kpatch-early.conf
rebuilds 0 --without
entry_has initrd
rebuilds 0
entry_has initrd initrd.zz-kpatch-early
rm "$store"/*
rebuilds 0
entry_has initrd
is "" "$(find /boot -name '*kpatch*')" "no overlay is left"
rebuilds 0
said_nothing
mkdir -p /etc/kpatch-early/manifest.d
echo "$R lp_version.ko wrong" >/etc/kpatch-early/manifest.d/1.conf
put_patch
add_kernel $base
said "1.conf line 1: unknown option"
entry_has initrd
rm -r /etc/kpatch-early/manifest.d

anew "no overlay for an initramfs that has the patches, for none at all, and for another root"
layout bls
echo initrd_generator=none >>/etc/kernel/install.conf
put_patch
dracut_makes $base
add_kernel $base
said_nothing
entry_has initrd
has 1 "$here/initrd"
cp $base "$initrd"
add_kernel
# Which of the two initramfs it is, is for Debian's plugin to say.
is 0 "$(grep -c zz-kpatch-early /boot/efi/loader/entries/*.conf)" "the entry has no overlay"
rm "$initrd" "$here"/initrd*
add_kernel
entry_has ""
bare_base $base
mkdir -p /other/boot/efi/loader/entries "/other/boot/efi/$(</etc/machine-id)"
echo BOOT_ROOT=/other/boot/efi >>/etc/kernel/install.conf
add_kernel $base
is initrd "$(cd /other/boot/efi/*/"$R" && echo initrd*)" "another root's boot partition has the initramfs alone"
rm -r /other

if command -v ukify >/dev/null; then
	anew "a unified kernel image of ukify has its patches inside, whoever made the initramfs"
	layout uki
	bare_base $base
	add_kernel $base
	uki=$(echo /boot/efi/EFI/Linux/*"$R".efi)
	overlay_has 0 "$uki"
	put_patch
	add_kernel $base
	overlay_has 1 "$uki"
	objcopy -O binary --only-section=.initrd "$uki" /tmp/all
	cmp -n "$(stat -c %s $base)" $base /tmp/all 2>>/tmp/said
	check $? "the initramfs comes first"
	cp $base "$initrd"
	rebuilds 1
	said "$initrd was made neither by dracut nor by initramfs-tools"
	put_patch loadavg
	rebuilds 1
	said "building $uki"
	overlay_has 2 "$uki"
	rebuilds 1
	is 0 "$(grep -c building /tmp/said)" "it builds nothing"
	rm "$store"/*
	rebuilds 0
	overlay_has 0 "$uki"

	anew "a unified kernel image of ukify with an initramfs of dracut's"
	layout uki
	dracut_makes "$initrd"
	add_kernel
	has 0 "$uki"
	put_patch
	rebuilds 0
	has 1 "$initrd"
	has 1 "$uki"
	is 0 "$(grep -cF 00000000etc/kpatch-early/overlay "$uki")" "there is no overlay in it"
	rebuilds 0
	said_nothing
	rm "$store"/*
	rebuilds 0
	has 0 "$uki"
fi

anew "no room, or no way to write"
put_patch
cp $unpatched "$initrd"
fill=$(stat -f -c '%a %S' /boot | awk -v image="$(stat -c %s "$initrd")" '{ printf "%.0f", ($1 * $2 - image / 2) / 1024 }')
fallocate -l "${fill}K" /boot/fill
rebuilds 1
said "stays as it is: the new one is built beside it, and /boot has"
has 0 "$initrd"
rm /boot/fill
mount -o remount,ro /boot
rebuilds 1
said "$initrd stays as it is: /boot cannot be written"
mount -o remount,rw /boot
rebuilds 0
has 1 "$initrd"

anew "a build that fails is tried again when something has changed"
put_patch
cp $unpatched "$initrd"
echo 'add_dracutmodules+=" no-such-module "' >/etc/dracut.conf.d/a.conf
rebuilds 1
said "could not be rebuilt; the next boot has what it has in it now"
rebuilds 1
said "building it did not help before"
is 0 "$(grep -c "building /boot" /tmp/said)" "it builds nothing"
rm /etc/dracut.conf.d/a.conf
rebuilds 0
has 1 "$initrd"

anew "somebody who renews the image meanwhile, from what was there before the patch"
put_patch
cp $unpatched "$initrd"
cat >/usr/sbin/dracut <<-END
	#!/bin/bash
	[[ -e /tmp/renewed ]] || { cp $unpatched /boot/other && mv /boot/other $initrd && touch /tmp/renewed; }
	exec /usr/bin/dracut "\$@"
END
chmod 755 /usr/sbin/dracut
rebuilds 0
said "was renewed by another meanwhile; looking again"
has 1 "$initrd"
rm /usr/sbin/dracut

anew "another root's kernel is installed, and another root has the patches"
put_patch
cp $unpatched "$initrd"
mkdir -p /other/boot
BOOT_ROOT=/other/boot KERNEL_INSTALL_BOOT_ROOT=/other/boot /usr/lib/kernel/install.d/95-kpatch-early.install add "$R" >/tmp/said 2>&1
has 0 "$initrd"
mkdir -p /other/var/lib /other/usr/sbin /other/usr/lib
mv /var/lib/kpatch /other/var/lib/
cp /usr/sbin/kpatch-early /other/usr/sbin/
cp -r /usr/lib/kpatch-early /other/usr/lib/
echo 'kpatch_early_root="/other"' >/etc/dracut.conf.d/a.conf
rebuilds 0
has 1 "$initrd"
rebuilds 0
said_nothing
rebuilds 0 --without
has 0 "$initrd"
rebuilds 0
has 1 "$initrd"

if [[ -e /usr/lib/systemd/boot/efi/linuxx64.efi.stub ]]; then
	anew "a unified kernel image stays one, beside an initrd"
	mkdir -p /boot/efi/EFI/Linux
	uki=/boot/efi/EFI/Linux/linux-$R-0123456789abcdef0123456789abcdef.efi
	echo 'kernel_cmdline="root=LABEL=root ro"' >/etc/dracut.conf.d/a.conf
	dracut_makes --uefi "$uki"
	cp $unpatched "$initrd"
	put_patch
	rebuilds 0
	has 1 "$initrd"
	has 1 "$uki"
	is MZ "$(head -c 2 "$uki")" "it is an EFI program"
	objcopy -O binary --only-section=.cmdline "$uki" /tmp/cmdline
	is "root=LABEL=root ro" "$(tr -d '\0' </tmp/cmdline | xargs)" "its command line is what it was"
fi
echo "1..$count"
