#!/usr/bin/env bash
# A full Debian: packages installed, patched before udev; the guide's procedure 1, the package removed. When the
# patch is installed, the trigger rebuilds the initramfs in the guest. The host removes the package, and so the
# trigger rebuilds on the host then.
. "$(dirname "$0")/lib.sh"
use amd64
disk plain.img
says "$(building)" "both packages installed at once, by the host" cat "$installed"
boot_disk install-package
guest_rebuilt 0 "a unit"
boot_disk patched
host_rebuilds dpkg -r "kpatch-patch-$release"
boot_disk removed
done_booting
