#!/usr/bin/env bash
# A full Debian with rpm and dnf, which is yum there: packages installed, patched before udev; the guide's procedure 1 in its own
# words. The host installs both packages. The guest removes the patch's, whose file trigger rebuilds the initramfs.
# Only with --long.
. "$(dirname "$0")/lib.sh"

# put FILE...: into the disk's folder /packages
put() {
	local file
	for file in "$@"; do debugfs -w -R "write $file packages/${file##*/}" "$disk" >/dev/null 2>&1; done
}

use amd64
disk plain.img
images/rpm --build "$(images/rpm --systemd)" -bb tests/rpm/by-dpkg.spec
put "$(make -s rpm | tail -n 1)" "$(images/sample-patch-rpm)" "$BUILD"/rpm/by-dpkg-*.rpm tests/rpm/furnish.sh
host_rebuilds sh /packages/furnish.sh "$release"
boot_disk rpm-remove
guest_rebuilt 0 "a unit"
boot_disk rpm-removed
done_booting
