# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# For in-root: makes the machine in the current folder, from the project in $top. Of dracut's modules ours alone is left, so that a
# build takes a second or two.
modules=lib/modules/$release
rm -rf lib/modules/* var/lib/kpatch etc/kernel etc/initramfs usr/lib/systemd/system/kpatch.service
mkdir -p "$modules/kernel/drivers" samples run/systemd/system
cp "$kernel/lib/modules/$release"/modules.{builtin,builtin.modinfo,order} "$modules/"
cp -r "$kernel/lib/modules/$release/kernel/drivers/block" "$modules/kernel/drivers/"
depmod -b . "$release"
cp "$kernel/boot"/{vmlinuz,config}-"$release" boot/
cp "$kernel"/patches/lp_{version,loadavg}.ko samples/
rm -rf usr/lib/dracut/modules.d/*
make -s -C "$top" -o "$build/kpatch-early" -o "$build/early/kpatch-early" -o "$build/lib/done" BUILD="$build" install DESTDIR="$PWD" >/dev/null
mkdir -p etc/dracut.conf.d
rm -f etc/dracut.conf.d/*
cp "$top/tests/rebuild/dracut.conf" etc/dracut.conf.d/test.conf
echo 0123456789abcdef0123456789abcdef >etc/machine-id
# sid's dracut needs no cpio.
echo etc/machine-id | cpio -o -H newc --quiet | gzip -n >bare.img
cp "$top/tests/rebuild/lib.sh" rebuild.sh
cp "$top/tests/rebuild/$script" script.sh
