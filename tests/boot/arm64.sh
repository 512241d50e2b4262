# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# For the tests on arm64, after lib.sh or restore.sh: kernel, machine and the guest's programs are of arm64. What guests boot is
# made by this machine's own programs.
programs=$BUILD/cross/arm64/build
busybox=$(images/foreign arm64 own busybox-static)/bin/busybox

# prepare_arm64: the kernel, our programs and the root image; once at a time
prepare_arm64() {
	images/packages kernels
	images/kernel arm64 >/dev/null
	make -s -j"$(nproc)" CC="$(images/cross arm64)" BUILD="$programs" all "$programs/record" >&2
	BUILD=$programs BUSYBOX=$busybox images/root tests/boot/guest >/dev/null
}
mkdir -p "$BUILD/cross"
exec 9>"$BUILD/cross/arm64.prepare"
flock 9
prepare_arm64 9>&-
exec 9>&-

BOOT_QEMU=$(images/qemu-newer arm64)
BOOT_FIRMWARE=$(images/foreign amd64 own qemu-efi-aarch64)/usr/share/AAVMF
export BOOT_ARCHITECTURE=arm64 BOOT_ROOT=$programs/root.img BOOT_FIRMWARE
use arm64
as_pid_1=rdinit=/usr/sbin/kpatch-early

# Each driver is part of the kernel.
drivers=()

# The root that overlays are made of.
install -D -m 755 "$programs/early/kpatch-early" "$work/arm64/usr/lib/kpatch-early/kpatch-early"
overlay_options=("--root=$work/arm64")

# restarts NAME [WORD...]: one of several boots, of a machine that restarts until the guest's script NAME comes, and panics
# twice before
restarts() {
	BOOT_ARGUMENTS="-action reboot=reset" boot_again "$1" panic=0 "${@:2}"
	says 2 "boots that ended in a panic" grep -c "Kernel panic.*lp_panic panics" "$log"
}
