#!/usr/bin/env bash
# A full Debian whose initramfs is made by initramfs-tools: the guide's three procedures. The trigger of a package rebuilds the
# initramfs in the guest, and the path unit does once; between boots the host does. install-again.sh begins with a list that is empty.
# Only with --long.
. "$(dirname "$0")/lib.sh"
use amd64
disk plain.img --initramfs-tools
boot_disk install-package
boot_disk patched
host_rebuilds dpkg -r "kpatch-patch-$release"
boot_disk install-again
host_rebuilds /usr/lib/kpatch-early/rebuild
boot_disk uninstall-kpatch kpe.rebuild=path
guest_rebuilt 1 "the path unit"
boot_disk install-again
host_rebuilds /usr/lib/kpatch-early/rebuild
boot_disk disable-service
host_rebuilds /usr/lib/kpatch-early/rebuild
boot_disk disabled-service
done_booting
