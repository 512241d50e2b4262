#!/usr/bin/env bash
# A full Debian: the guide's procedure 2, by the real kpatch and by ours. In the first boot the path unit rebuilds
# the initramfs, and the shutdown waits for it. The host rebuilds it after the second boot, and the shutdown unit
# at the end of the third.
. "$(dirname "$0")/lib.sh"
use amd64
disk patched.img
boot_disk uninstall-kpatch kpe.rebuild=path
guest_rebuilt 1 "the path unit"
boot_disk install-again
guest_rebuilt 0 "a unit"
host_rebuilds /usr/lib/kpatch-early/rebuild
boot_disk uninstall-early kpe.rebuild=shutdown
guest_rebuilt 1 "the shutdown unit"
boot_disk removed
done_booting
