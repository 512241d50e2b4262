#!/usr/bin/env bash
# A full Debian: packages installed, patched before udev; the guide's procedure 1, the package removed.
. "$(dirname "$0")/lib.sh"
use amd64
disk plain.img
boot_disk install-package
boot_disk remove-package
boot_disk removed
done_booting
