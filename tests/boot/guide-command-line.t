#!/usr/bin/env bash
# A full Debian: the kernel command line, which the late service obeys too, and only for that boot. The last
# boot has two CPUs.
. "$(dirname "$0")/lib.sh"
use amd64
disk patched.img
boot_disk command-line kpatch.disable=1
boot_disk skipped kpatch.skip=lp-version
BOOT_CPUS=2 boot_disk stalled
done_booting
