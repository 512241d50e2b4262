#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# In a throw-away machine, see in-root: the hook of initramfs-tools, and rebuild by update-initramfs. usage: initramfs-tools.sh RELEASE
. /rebuild.sh
list=lsinitramfs
conf=/etc/initramfs-tools/conf.d/kpatch-early
dracuts=/boot/initramfs-$R.img
init_top=/etc/initramfs-tools/scripts/init-top

# makes STATUS [ARGUMENT...]: update-initramfs, by default for the image that is there
makes() {
	update-initramfs -k "$R" "${@:2}" >/tmp/said 2>&1
	is "$1" $? "update-initramfs -k $R ${*:2}: exit status $1"
}

# said_only TEXT...: besides what update-initramfs says of each build
said_only() { is "$*" "$(grep -v '^update-initramfs: Generating' /tmp/said)" "it says${*:+: }${*:- nothing else}"; }

# holds TEXT NAME...: these names are in the image
holds() {
	local name status=0
	$list "$initrd" >/tmp/list
	for name in "${@:2}"; do grep -q "$name" /tmp/list || { status=1; echo "not in it: $name" >>/tmp/said; }; done
	check $status "the image holds $1"
}

unpack() {
	rm -rf /unpacked
	unmkinitramfs "$initrd" /unpacked
	[[ ! -d /unpacked/main ]] || tree=/unpacked/main
	[[ -d /unpacked/main ]] || tree=/unpacked
}

in_image() { is "$1" "$(cat "$tree/$2")" "in the image, $2: $1"; }

same() { check "$(cmp "$1" "$tree/$2" >>/tmp/said 2>&1; echo $?)" "in the image, $2 is $1"; }

anew "no patch, no trace"
makes 0 -c
said_only
is 0 "$($list "$initrd" | grep -c kpatch)" "nothing of ours is in the image"
rebuilds 0
said_nothing

anew "patches, with all that goes with them"
put_patch
put_patch depends
echo "kpatch-early bless --init has made a record" >/etc/kpatch-early/guarded
sed -i 's/^#guard_modules=.*/guard_modules=virtio_blk,no_such/' /etc/kpatch-early/kpatch-early.conf
makes 0 -c
said_only "W: kpatch-early: guard_modules= names no_such, which $R does not have as a module"
has 2 "$initrd"
holds "what the patches and the guard need" /crc-itu-t.ko /efivarfs.ko /efi-pstore.ko /i6300esb.ko /virtio_blk.ko
is 0 "$(grep -c softdog /tmp/list)" "and no watchdog's driver that no device can ask for"
unpack
is 2 "$(grep -c "^$R lp_.*sha256=" "$tree/etc/kpatch-early/manifest")" "the manifest has both"
same /usr/lib/kpatch-early/kpatch-early usr/sbin/kpatch-early
same /etc/kpatch-early/kpatch-early.conf etc/kpatch-early/kpatch-early.conf
same /etc/kpatch-early/guarded etc/kpatch-early/guarded
is '/scripts/init-top/00-kpatch-early "$@"' "$(head -n 1 "$tree/scripts/init-top/ORDER")" "it runs first"
rebuilds 0
said_nothing
if [[ -e /lib/modules/$R/kernel/lib/crc-itu-t.ko.xz ]]; then
	mv "/boot/config-$R" /tmp/config
	grep -v CONFIG_MODULE_DECOMPRESS /tmp/config >"/boot/config-$R"
	makes 0 -u
	holds "what the patch needs, as a kernel can load it that does not unpack" /updates/kpatch-early/crc-itu-t.ko$
	mv /tmp/config "/boot/config-$R"
fi
rm /etc/kpatch-early/guarded
sed -i 's/^guard_modules=.*/#guard_modules=nvme/' /etc/kpatch-early/kpatch-early.conf

anew "whatever would run before us ends the build, if there are patches"
mkdir -p $init_top
# shellcheck disable=SC2016 # that script expands it
printf '#!/bin/sh\n[ "$1" != prereqs ] || exit 0\nmodprobe loop\n' >$init_top/00-a
chmod 755 $init_top/00-a
makes 0 -c
cp "$initrd" /tmp/before
put_patch
makes 1 -u
said "E: kpatch-early: no initramfs is made: in scripts/init-top this would run before 00-kpatch-early, and may load modules before the patches: 00-a"
is "" "$(cmp "$initrd" /tmp/before)" "the old image stays"
rebuilds 1
said "$initrd could not be rebuilt; the next boot has what it has in it now"
rebuilds 1
said "building it did not help before"
mv $init_top/00-a $init_top/a
rebuilds 0
has 1 "$initrd"
rm $init_top/a

anew "an image for kdump, whose kernel only writes the dump"
put_patch
ln -sf /bin/false /usr/bin/ischroot # where it is one, kdump-tools makes no image
run-parts --arg="$R" --regex kdump /etc/kernel/postinst.d >/tmp/said 2>&1
is 0 $? "kdump-tools' own hook for a new kernel: exit status 0"
check "$([[ -s /var/lib/kdump/initrd.img-$R ]]; echo $?)" "it has made an image"
is 0 "$($list "/var/lib/kdump/initrd.img-$R" | grep -c kpatch)" "nothing of ours is in it"

anew "a patch that cannot be baked"
put_patch
mkdir -p /etc/kpatch-early/manifest.d
printf '%s\n' "$R lp_version.ko required" "$R lp_gone.ko required" >/etc/kpatch-early/manifest.d/test.conf
makes 0 -c
said "E: kpatch-early: bake: lp_gone.ko, required in /etc/kpatch-early/manifest.d/test.conf, is not there"
said "E: kpatch-early: not every patch for $R is in this initramfs, for these reasons"
has 1 "$initrd"
cp "$initrd" /tmp/before
echo kpatch_early_strict=yes >$conf
makes 1 -u
said "E: kpatch-early: no initramfs is made, since /etc/initramfs-tools says kpatch_early_strict=yes"
is "" "$(cmp "$initrd" /tmp/before)" "the old image stays"
rm "$store/lp_version.ko" $conf
makes 0 -u
unpack
is 2 "$(grep -c "^$R lp_.* sha256=0\{64\} required" "$tree/etc/kpatch-early/manifest")" "without any patch, the required ones have their lines"
rm -r /etc/kpatch-early/manifest.d

anew "a patch that would cost a driver"
put_patch veto
refuses="E: kpatch-early: bake: $store/lp_veto.ko: check refuses it, rule 15: the kernel would refuse virtio_blk"
makes 0 -c
said "$refuses: virtio_blk has no function"
echo virtio_blk >>/etc/initramfs-tools/modules
makes 0 -u
said "$refuses, which this initramfs brings: virtio_blk has no function"
sed -i '/^virtio_blk$/d' /etc/initramfs-tools/modules

anew "rebuild asks update-initramfs, whose hooks run once"
makes 0 -c
mkdir -p /etc/initramfs/post-update.d
printf '#!/bin/sh\necho "$@" >>/tmp/told\n' >/etc/initramfs/post-update.d/copies
chmod 755 /etc/initramfs/post-update.d/copies
put_patch
rebuilds 0
said "kpatch-early: rebuild: building $initrd"
said "update-initramfs: Generating $initrd"
has 1 "$initrd"
is "$R $initrd" "$(</tmp/told)" "the script of post-update.d has run once"
rebuilds 0
said_nothing
rebuilds 0 --force
said "building $initrd"
rebuilds 0 --without
has 0 "$initrd"
is 0 "$($list "$initrd" | grep -c kpatch)" "nothing of ours is in the image"

# What takes long, and is not asked in each run.
if [[ -n ${KPE_LONG-} ]]; then
	anew "a patch whose module the kernel does not have"
	put_patch stall
	makes 0 -c
	said_only "E: kpatch-early: lp_stall.ko needs kpe_sleeper, which is no module of $R, so the patch is not loaded"

	anew "keys"
	put_patch
	mkdir -p /etc/kpatch-early/keys
	signify-openbsd -G -n -p /etc/kpatch-early/keys/test.pub -s /tmp/test.sec
	makes 0 -c
	said "E: kpatch-early: this initramfs will refuse its manifest and load no patch: there are keys in /etc/kpatch-early/keys, and no kpatch_early_sign=KEY in /etc/initramfs-tools to sign it with"
	echo kpatch_early_sign=/tmp/test.sec >$conf
	rebuilds 0
	makes 0 -u
	said_only
	unpack
	same /etc/kpatch-early/keys/test.pub etc/kpatch-early/keys/test.pub
	signify-openbsd -V -q -p /etc/kpatch-early/keys/test.pub -x "$tree/etc/kpatch-early/manifest.sig" -m "$tree/etc/kpatch-early/manifest"
	is 0 $? "the manifest is signed"
	rm -r $conf /etc/kpatch-early/keys
	rebuilds 0
	is 0 "$($list "$initrd" | grep -c manifest.sig)" "a key that is gone is a change, too"

	anew "update_initramfs=no"
	makes 0 -c
	put_patch
	echo update_initramfs=no >>/etc/initramfs-tools/update-initramfs.conf
	rebuilds 1
	said "update-initramfs: Not updating initramfs."
	said "$initrd stays as it is: update-initramfs has renewed nothing, as it says above; with update_initramfs=no, update-initramfs -c -k $R does"
	makes 0 -c
	rebuilds 0
	said_nothing
	sed -i '$d' /etc/initramfs-tools/update-initramfs.conf

	anew "a new kernel: its image has the patches when it is made, and nothing is built twice"
	put_patch
	run-parts --arg="$R" --arg="/boot/vmlinuz-$R" --regex '^(initramfs-tools|zz-kpatch-early)$' /etc/kernel/postinst.d >/tmp/said 2>&1
	is 0 $? "the hooks of a kernel's package: exit status 0"
	said_only
	has 1 "$initrd"

	anew "an image of each maker, both installed"
	dracut_makes "$dracuts"
	makes 0 -c
	put_patch
	rebuilds 0
	has 1 "$initrd"
	has 1 "$dracuts"
	is "1 0" "$($list "$initrd" | grep -c conf/initramfs.conf) $(lsinitrd "$dracuts" | grep -c conf/initramfs.conf)" "each is of its own maker"
	rebuilds 0
	said_nothing
	cp "$initrd" "/boot/initrd-$R"
	rm "$store"/*
	rebuilds 1
	said "/boot/initrd-$R was made by initramfs-tools, whose update-initramfs makes $initrd alone; it stays as it is"
fi

anew "initramfs-tools alone"
dracut_makes "$dracuts"
mkdir /hidden
mv /usr/bin/{dracut,lsinitrd} /hidden/
makes 0 -c
rebuilds 0
said_nothing
put_patch
rebuilds 1
has 1 "$initrd"
said "$dracuts was made by dracut, which is not installed; it stays as it is; install dracut, or kpatch-early overlay -k $R"
rm "$dracuts"
rebuilds 0
said_nothing
echo garbage >"/boot/initrd-$R"
rebuilds 1
said "/boot/initrd-$R cannot be read; it stays as it is"
rm "/boot/initrd-$R" "$store"/*
rebuilds 0
has 0 "$initrd"

anew "dracut alone, for an image of initramfs-tools"
makes 0 -c
put_patch
mv /hidden/* /usr/bin/
mv /usr/sbin/update-initramfs /usr/bin/lsinitramfs /hidden/
rebuilds 1
said "$initrd was made by initramfs-tools, whose update-initramfs is not installed; it stays as it is; install initramfs-tools"

anew "neither"
mv /usr/bin/{dracut,lsinitrd} /hidden/
rebuilds 0
said_nothing
put_patch
rebuilds 1
said "$R has live patches, and neither dracut nor initramfs-tools is installed; they are in no boot of it, but by an overlay"
echo "1..$count"
