# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# For the scripts that fetch kernels and compile for them: the table of the kernels that tests use.

# A row is the suite of Debian that has the kernel, the end of its packages' names (linux-image-NAME), the suite
# whose compiler it needs, and which of the samples are compiled for it. "own" is the machine's own suite; another
# suite's compiler runs in images/debootstrapped; "cross" is the machine's own for arm64. "asked" are those that more kernels
# than one are asked about.
declare -A kernels=(
	# series           suite               name        compiler  samples
	[5.10-amd64]="     bullseye            amd64       own       asked"
	[amd64]="          own                 amd64       own       all"
	[rt-amd64]="       own                 rt-amd64    own       asked"
	[6.12-amd64]="     own                 6.12-amd64  own       asked"
	[trixie-amd64]="   trixie              amd64       trixie    asked"
	[7-amd64]="        trixie-backports    amd64       trixie    asked"
	[arm64]="          trixie-backports    source      cross     all"
)

# The samples that one kernel alone is asked about: they end a boot, or undo another patch.
not_asked=(lp_exec_fails lp_oops lp_panic lp_panic_later lp_sleep lp_slow lp_spin lp_spin_irq lp_veto lp_veto_fs
	lp_veto_later)

# kernel_row SERIES: sets $suite, $name, $compiler and $samples. Another series is a name of the machine's own suite.
kernel_row() {
	read -r suite name compiler samples <<<"${kernels[$1]:-own $1 own all}"
	# What Debian 12 has from its security suite is the first kernel of Debian 13.
	# shellcheck source=/dev/null
	[[ "$suite $name" != "own 6.12-amd64" || $(. /etc/os-release && echo "$VERSION_CODENAME") == bookworm ]] || name=amd64
}

# with_compiler KERNEL_FOLDER MAKE [ARGUMENT...]: runs it where the kernel's compiler is, after kernel_row. The machine's own
# compiles the kernel of an older suite too, if its headers may not choose another by name.
with_compiler() {
	case $compiler in
	own) "${@:2}" CC=gcc ;;
	cross) "${@:2}" ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu- ;;
	*) "$here/debootstrapped" "$compiler" --bind "$1" "${@:2}" ;;
	esac
}

# image_packages: prints those of $name's image, which comes first, after apt.sh. Fails when apt does not know them. From 7.0 on the
# image's package is empty, and depends on three others with the parts of the image.
image_packages() {
	local image part
	image=$(dependency "linux-image-$name" '^linux-image-')
	[[ -n $image ]] || {
		echo "kernel: apt knows no linux-image-$name in this suite: $suite" >&2
		return 1
	}
	echo "$image"
	for part in binary modules base; do
		dependency "$image" "^linux-$part-[0-9]"
	done
}
