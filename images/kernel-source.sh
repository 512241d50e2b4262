# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# For the scripts that build a small kernel of a Debian's source, with a configuration of our own. The caller has $here.
. "$here/apt.sh"

# source_kernel NAME ARCH [MAKE WORD...]: the kernel's folder is $folder, BUILD/kernel/NAME; its configuration is
# images/NAME.config. ARCH is a folder of the source. Each make gets the words.
source_kernel() {
	series=$1 arch=$2 make_words=("${@:3}")
	folder=$(realpath -m "${BUILD:-build}")/kernel/$1
	source=$folder/source config=$here/$1.config
}

say() { printf '[%3d s] kernel %s: %s\n' "$SECONDS" "$series" "$*" >&2; }

# What is not compiled is half of the source. Kconfig files and Makefiles are asked for all the same.
left_out() {
	local machines=(alpha arc arm arm64 csky hexagon loongarch m68k microblaze mips nios2 openrisc parisc powerpc riscv s390
		sh sparc um x86 xtensa)
	printf '%s\n' {sound,drivers/{gpu,iio,infiniband,media,net,scsi,staging,usb}}/'*.[ch]' Documentation/'*'.{rst,txt,yaml} \
		tools/{perf,testing} 'arch/*/boot/dts'
	printf 'arch/%s/*.[chS]\n' "${machines[@]}" | grep -v "^arch/$arch/"
}

# fetch_source SUITE: the newest source that this Debian has
fetch_source() {
	local package out
	rm -rf "$folder"
	mkdir -p "$source"
	private_list "$folder/apt" "$1" amd64
	package=$(dependency linux-source '^linux-source-[0-9]')
	say "downloading $package"
	(cd "$folder" && apt-get -qq "${apt[@]}" download "$package" >&2)
	mapfile -t out < <(left_out)
	dpkg-deb --fsys-tarfile "$folder"/*.deb | tar -xO "./usr/src/$package.tar.xz" | xz -dc |
		tar -x -C "$source" --strip-components=1 --anchored "${out[@]/#/--exclude=$package/}"
	rm -rf "$folder"/*.deb "$folder/apt"
	touch "$folder/fetched"
}

make_kernel() {
	make -s -j"$(nproc)" -C "$source" "${make_words[@]}" "$@" >>"$folder/log" 2>&1 || {
		tail -n 40 "$folder/log" >&2
		say "make $* failed, see $folder/log"
		return 1
	}
}

# A value that the kernel's Kconfig does not take is dropped without a word.
configure() {
	rm -f "$folder/log"
	make_kernel KCONFIG_ALLCONFIG="$config" allnoconfig
	! grep '^CONFIG' "$config" | grep -vxFf "$source/.config" >&2 || {
		say "the kernel's configuration came out without these lines of images/$series.config"
		return 1
	}
}

# is_kernel_current: this configuration was built to its end, as set_current notes
is_kernel_current() { cmp -s "$config" "$folder/config"; }
set_current() { cp "$config" "$folder/config"; }
