#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# In a throw-away machine, see in-root: what rebuild must not touch, believe or forget. usage: careful.sh RELEASE
. /rebuild.sh

unpatched=/unpatched.img
dracut_makes $unpatched
machine=$(</etc/machine-id) other=ffffffffffffffffffffffffffffffff

# stays FILE: it is what it was when "keep FILE" was said
keep() { cp "$1" /tmp/kept; }
stays() {
	cmp "$1" /tmp/kept >>/tmp/said 2>&1
	check $? "$1 is what it was"
}

anew "another machine's images on a shared EFI system partition, and a longer release"
mkdir -p "/boot/efi/$other/$R" /boot/efi/EFI/Linux
for image in "/boot/efi/$other/$R/initrd" "/boot/efi/EFI/Linux/"{"$other-$R","linux-$R-$other","$machine-$R+debug","$R+64k"}.efi; do
	echo mine >"$image"
done
cp $unpatched "$initrd"
put_patch
rebuilds 0
has 1 "$initrd"
is "mine mine mine mine mine" "$(cat "/boot/efi/$other/$R/initrd" /boot/efi/EFI/Linux/* | xargs)" "all others are what they were"

anew "words in an image are not a shell's to read"
mkdir -p "lib/dracut"
for words in "; touch /tmp/run-by-us #" "\$(touch /tmp/run-by-us)" " --kernel-cmdline '\`touch /tmp/run-by-us\`'" " --include '/it's mine' '/x'"; do
	rm -rf /tmp/image
	mkdir -p /tmp/image/usr/lib/dracut
	echo "$words" >/tmp/image/usr/lib/dracut/build-parameter.txt
	(cd /tmp/image && find . | cpio -o -H newc --quiet) >"$initrd"
	put_patch
	$rebuild >/tmp/said 2>&1
	check "$([[ ! -e /tmp/run-by-us ]]; echo $?)" "not run: $words"
done
said "$initrd stays as it is: what dracut noted in it about how it was made cannot be read"

anew "words that have dracut read, run or sign something are not believed on the EFI system partition"
image=/boot/efi/x/$R/initrd
mkdir -p "${image%/*}"
echo ': >/tmp/run-by-us' >/boot/efi/x/conf
dracut_makes --no-hostonly "$image"
put_patch
rebuilds 0
has 1 "$image"
dracut_makes --conf /boot/efi/x/conf "$image"
keep "$image"
rm -f /tmp/run-by-us
put_patch loadavg
rebuilds 1
said "it was made with --conf, which is not believed of an image on the EFI system partition"
check "$([[ ! -e /tmp/run-by-us ]]; echo $?)" "the file was not read"
stays "$image"

anew "an image that can't be read"
echo garbage >"$initrd"
rebuilds 1
said "$initrd cannot be read; it stays as it is"
: >"$initrd"
rebuilds 1
said "$initrd cannot be read; it stays as it is"
rebuilds 1 --without

anew "an image that dracut makes without what it is to hold does not take the old one's place"
cp $unpatched "$initrd"
keep "$initrd"
put_patch
echo 'omit_dracutmodules+=" kpatch-early "' >/etc/dracut.conf.d/a.conf
rebuilds 1
said "$initrd stays as it is: a new one does not hold what it is to hold"
stays "$initrd"
is "" "$(find /boot -name '*kpatch-early*')" "no file of a build is left"

anew "an image is unpacked once a run, and for no more than it has"
cp $unpatched "$initrd"
put_patch
cat >/usr/sbin/lsinitrd <<-'END'
	#!/bin/sh
	echo "$*" >>/tmp/looks
	exec /usr/bin/lsinitrd "$@"
END
chmod 755 /usr/sbin/lsinitrd
rebuilds 0
is 7 "$(wc -l </tmp/looks)" "two looks into the old image, five into the new one"
: >/tmp/looks
rebuilds 0
is 5 "$(wc -l </tmp/looks)" "five at the next run"
rm /usr/sbin/lsinitrd

anew "no room for what it finds out, or for what it remembers"
cp $unpatched "$initrd"
put_patch
mount -t tmpfs -o size=40k tmpfs /tmp
head -c 28K /dev/zero >/tmp/fill
$rebuild >/run/said 2>&1
status=$?
umount /tmp
cp /run/said /tmp/said
is 1 $status "/tmp is almost full: exit status 1"
said "what is to be in the images of $R could not be found out; they stay as they are"
has 0 "$initrd"
echo 'add_dracutmodules+=" no-such-module "' >/etc/dracut.conf.d/a.conf
mkdir -p /run/kpatch-early
mount -t tmpfs -o size=4k,nr_inodes=4 tmpfs /run/kpatch-early
: >/run/kpatch-early/rebuild.lock
head -c 8K /dev/zero >/run/kpatch-early/fill 2>/dev/null
timeout 60 "$rebuild" >/tmp/said 2>&1
is 1 $? "/run is full, and a build fails: exit status 1"
umount /run/kpatch-early

anew "a script of post-update.d is told the image's own name, once; again if it failed; and what it leaves behind holds nothing"
cp $unpatched "$initrd"
put_patch
mkdir -p /etc/initramfs/post-update.d
cat >/etc/initramfs/post-update.d/copies <<-'END'
	#!/bin/sh
	echo "$@" >>/tmp/told
	sleep 1000 >/dev/null 2>&1 &
	echo $! >>/tmp/left-behind
	[ -e /tmp/works ]
END
chmod 755 /etc/initramfs/post-update.d/copies
rm -f /tmp/told
rebuilds 1
said "what boots $R may be an older copy"
is "$R $initrd" "$(</tmp/told)" "told once"
: >/tmp/works
timeout 60 "$rebuild" >/tmp/said 2>&1
is 0 $? "the next run: exit status 0"
is 2 "$(wc -l </tmp/told)" "told again"
rebuilds 0
is 2 "$(wc -l </tmp/told)" "and not a third time"
xargs kill </tmp/left-behind

anew "the options of an entry, or of a unified kernel image, are not those of this boot"
mkdir -p /boot/efi/loader/entries "/boot/efi/$machine" /etc/kernel
printf '%s\n' BOOT_ROOT=/boot/efi layout=bls >/etc/kernel/install.conf
cp $unpatched "$initrd"
kernel-install add "$R" "/boot/vmlinuz-$R" "$initrd" >>/tmp/said 2>&1
entry=$(echo /boot/efi/loader/entries/*.conf)
sed -i 's/^options.*/options    root=UUID=by-hand ro/' "$entry"
put_patch
rebuilds 0
has 1 "/boot/efi/$machine/$R/initrd.img-$R"
is "root=UUID=by-hand ro" "$(sed -n 's/^options *//p' "$entry" | sed 's/ systemd.machine_id=.*//')" "the entry has its options"

anew "an entry whose initramfs nobody makes again keeps it"
mkdir -p /boot/efi/loader/entries "/boot/efi/$machine" /etc/kernel
printf '%s\n' BOOT_ROOT=/boot/efi layout=bls initrd_generator=none >/etc/kernel/install.conf
cp $unpatched /tmp/initrd
kernel-install add "$R" "/boot/vmlinuz-$R" /tmp/initrd >>/tmp/said 2>&1
entry=$(echo /boot/efi/loader/entries/*.conf) image=/boot/efi/$machine/$R/initrd
cp "$entry" /tmp/entry
keep "$image"
put_patch
rebuilds 1
said "$image is not what it is to be, and building it again does not help; see kernel-install's configuration"
stays "$image"
mkdir -p /etc/kernel/install.d
cat >/etc/kernel/install.d/99-fails.install <<-'END'
	#!/bin/sh
	rm -f "$3/initrd"
	exit 1
END
chmod 755 /etc/kernel/install.d/99-fails.install
put_patch loadavg
rebuilds 1
said "$image could not be renewed by kernel-install; the next boot has what it has in it now"
stays "$image"
cmp "$entry" /tmp/entry >>/tmp/said 2>&1
check $? "its entry is what it was"
cat >/etc/kernel/install.d/99-fails.install <<-'END'
	#!/bin/sh
	rm -f "$3/initrd"
	pid=$$
	until grep -qs kpatch-early/rebuild /proc/$pid/cmdline; do pid=$(cut -d ' ' -f 4 /proc/$pid/stat); done
	kill $pid && : >/tmp/ended
END
rebuilds 1 --force
check "$([[ -e /tmp/ended ]]; echo $?)" "a plugin ended it"
stays "$image"
is "" "$(find /boot -name '.*kpatch-early*')" "no copy is left by a rebuild that was ended within kernel-install"

anew "another form of kpatch_early_root= in dracut.conf"
cp $unpatched "$initrd"
mkdir -p /srv/b/var/lib/kpatch/"$R" /srv/b/usr/sbin /srv/b/usr/lib
cp /samples/lp_version.ko /srv/b/var/lib/kpatch/"$R"/
cp /usr/sbin/kpatch-early /srv/b/usr/sbin/
cp -r /usr/lib/kpatch-early /srv/b/usr/lib/
cat >/etc/dracut.conf.d/a.conf <<-'END'
	base=/srv; export kpatch_early_root=$base/"b"
END
rebuilds 0
has 1 "$initrd"
rebuilds 0
said_nothing
rm -r /srv/b

anew "names that are none, and an open umask"
cp $unpatched "$initrd"
put_patch
mkdir -p '/lib/modules/*' '/lib/modules/a b'
(umask 0 && cd / && "$rebuild") >/tmp/said 2>&1
is 0 $? "exit status 0"
has 1 "$initrd"
rmdir '/lib/modules/*' '/lib/modules/a b'

if [[ -e /usr/lib/systemd/boot/efi/linuxx64.efi.stub ]]; then
	anew "a unified kernel image is more than its initramfs"
	mkdir -p /boot/efi/EFI/Linux
	uki=/boot/efi/EFI/Linux/$machine-$R.efi
	echo 'kernel_cmdline="root=LABEL=root ro"' >/etc/dracut.conf.d/a.conf
	dracut_makes --uefi "$uki"
	objcopy -O binary --only-section=.cmdline "$uki" /tmp/cmdline
	sed -i s/LABEL=root/LABEL=here/ /tmp/cmdline
	objcopy --update-section .cmdline=/tmp/cmdline "$uki"
	objcopy -O binary --only-section=.cmdline "$uki" /tmp/cmdline
	check "$(grep -qa LABEL=here /tmp/cmdline; echo $?)" "it has a command line of its own"
	keep "$uki"
	put_patch
	TMPDIR=/nonexistent rebuilds 1
	said "the new one has not the same .cmdline; whoever made it has to make it again"
	stays "$uki"
	is "" "$(ls /vmlinuz /initrd.img 2>/dev/null)" "nothing is written to /"
	if command -v sbsign >/dev/null; then
		openssl req -newkey rsa:2048 -nodes -keyout /tmp/key -new -x509 -subj /CN=test -out /tmp/cert 2>/dev/null
		dracut_makes --uefi "$uki"
		sbsign --key /tmp/key --cert /tmp/cert --output "$uki" "$uki" >>/tmp/said 2>&1
		keep "$uki"
		put_patch loadavg
		rebuilds 1
		said "$uki stays as it is: it is signed, and the new one is not"
		stays "$uki"
	fi
fi
echo "1..$count"
