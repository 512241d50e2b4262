#!/usr/bin/env bash
# An overlay and an initramfs made by hand with BusyBox: as rdinit=.
. "$(dirname "$0")/lib.sh"
use amd64
mkdir -p "$work/hand"/{bin,lib/modules,proc,sys,dev,mnt}
cp /bin/busybox "$work/hand/bin/"
for name in virtio_ring virtio virtio_pci_modern_dev virtio_pci_legacy_dev virtio_pci virtio_blk crc16 crc32c_generic libcrc32c mbcache jbd2 ext4; do
	find "$kernel/lib/modules/$release/kernel" -name "$name.ko" -exec cp {} "$work/hand/lib/modules/" \;
done
cat >"$work/hand/init" <<'END'
#!/bin/busybox sh
/bin/busybox mount -t devtmpfs devtmpfs /dev
for name in virtio_ring virtio virtio_pci_legacy_dev virtio_pci_modern_dev virtio_pci virtio_blk crc16 crc32c_generic libcrc32c mbcache jbd2 ext4; do
	! [ -e /lib/modules/$name.ko ] || /bin/busybox insmod /lib/modules/$name.ko
done
until [ -b /dev/vda ]; do /bin/busybox sleep 0.1; done
/bin/busybox mount -o ro -t ext4 /dev/vda /mnt
! [ -d /run/kpatch-early ] || /bin/busybox mount -o move /run /mnt/run
exec /bin/busybox switch_root /mnt /sbin/init
END
chmod 755 "$work/hand/init"
(cd "$work/hand" && find . | cpio -o -H newc --quiet | gzip -1) >"$work/base.img"
initramfs=$work/base.img
words=(rdinit=/usr/sbin/kpatch-early)
. "$(dirname "$0")/overlay.sh"
done_booting
