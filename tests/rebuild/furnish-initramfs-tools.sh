# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# For in-root, behind furnish.sh: initramfs-tools in the current folder, beside dracut, and modules for its hook to bring.
for module in drivers/watchdog/{i6300esb,softdog} fs/efivarfs/efivarfs lib/crc-itu-t drivers/firmware/efi/efi-pstore; do
	for file in "$kernel/lib/modules/$release/kernel/$module".ko*; do
		[[ ! -e $file ]] || install -D -m 644 -t "$modules/kernel/${module%/*}" "$file"
	done
done
depmod -b . "$release"
cp "$kernel"/patches/lp_{depends,stall,veto}.ko samples/
cp "$packages"/*.deb .
# kdump-tools is for its hooks alone.
chroot . sh -ec 'dpkg --unpack --no-triggers --force-depends /kdump-tools*
	rm /kdump-tools*
	dpkg -i --no-triggers --force-depends,conflicts,confold /*.deb' >dpkg.log 2>&1 || { cat dpkg.log >&2; exit 1; }
cat >etc/initramfs-tools/conf.d/test <<-'END'
	MODULES=list
	COMPRESS=zstd
	COMPRESSLEVEL=1
END
# Those of other packages would bring half of the machine, or fail without it.
find usr/share/initramfs-tools/hooks ! -name kpatch-early ! -name '*kdump*' ! -type d -delete
find etc/kernel/postinst.d ! -name initramfs-tools ! -name zz-kpatch-early ! -name '*kdump*' ! -type d -delete
