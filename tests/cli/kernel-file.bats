#!/usr/bin/env -S bats --tap
# SPDX-License-Identifier: GPL-2.0-or-later
# What a kernel's file says, held against what its distribution and other programs say of it: for each stock kernel that is prepared.

load helpers

setup() {
	build=$(realpath "${BUILD:-$top/build}")
	facts=$build/kernel_facts
	kernels=("$build"/kernel/*amd64/vmlinux)
	export TMPDIR=$BATS_TEST_TMPDIR/tmp
	mkdir "$TMPDIR"
	cd "$BATS_TEST_TMPDIR" || exit
}

# same A B: two files; the first lines that differ are shown
same() { cmp -s "$1" "$2" || { diff "$1" "$2" | head -n 20 && false; }; }

# facts_of FILE: what it says in one line, or how it can't be read; nothing is left in $TMPDIR
facts_of() {
	"$facts" facts "$1" 2>/dev/null
	[[ -z $(ls -A "$TMPDIR" 2>/dev/null) ]] || echo "left: $(ls -A "$TMPDIR")"
}

# says FILE TEXT
says() {
	run facts_of "$1"
	[[ $output == "$2" ]] || { echo "$1: $output" && false; }
}

@test "two kernels at least are looked at" {
	[ "${#kernels[@]}" -ge 2 ]
}

@test "the exports are those of Module.symvers, with license, checksum and namespace" {
	for kernel in "${kernels[@]}"; do
		"$facts" exports "$kernel" | sort >ours
		awk -F '\t' '$3 == "vmlinux"' "${kernel%/*}/headers/Module.symvers" | sort >theirs
		[ -s theirs ]
		same ours theirs
	done
}

@test "the symbols ascend, and those at the borders of sections are where readelf has these" {
	for kernel in "${kernels[@]}"; do
		"$facts" symbols "$kernel" >symbols
		[ "$(wc -l <symbols)" -gt 80000 ]
		LC_ALL=C sort -c -s -k 1,1 symbols
		readelf -SW "$kernel" | sed -n 's/^ *\[ *[0-9]*\] //p' | awk '
			$1 == ".text" { print $3, "_text" }
			$1 == "__ksymtab" { print $3, "__start___ksymtab" }
			$1 == "__param" { print $3, "__start___param" }
			$1 == ".notes" { print $3, "__start_notes" }
			$1 == ".init.text" { print $3, "_sinittext" }' | sort >theirs
		[ "$(wc -l <theirs)" -eq 5 ]
		awk '$3 ~ /^(_text|__start___ksymtab|__start___param|__start_notes|_sinittext)$/ { print $1, $3 }' symbols | sort >ours
		same ours theirs
	done
}

# The kernel of tests/boot/arm64.t is compiled here, so it has a whole System.map. In kallsyms there are no such absolute symbols.
# An Image does not know its address.
@test "the symbols and exports of an Image for arm64 are those that its build has written" {
	kernel=$build/kernel/arm64
	[[ -e $kernel/vmlinuz ]] || skip "no kernel for arm64 is prepared"
	"$facts" symbols "$kernel/headers/vmlinux" | sort >ours
	awk '$2 != "A"' "$kernel/headers/System.map" | sort >theirs
	same ours theirs
	"$facts" symbols "$kernel/headers/vmlinux" | cut -c 17- >theirs
	"$facts" symbols "$kernel/vmlinuz" | cut -c 17- >ours
	same ours theirs
	"$facts" exports "$kernel/vmlinuz" | sort >ours
	awk -F '\t' '$3 == "vmlinux"' "$kernel/headers/Module.symvers" | sort >theirs
	same ours theirs
	"$facts" functions "$kernel/vmlinuz" cmdline_proc_show start_kernel | diff - <(printf '%s\n' "cmdline_proc_show 1 yes" "start_kernel 1 init")
}

@test "each export but absolute ones is a symbol" {
	for kernel in "${kernels[@]}"; do
		"$facts" symbols "$kernel" | awk '{ print $3 }' | sort -u >symbols
		"$facts" exports "$kernel" | cut -f 2 | sort -u >exports
		[ -z "$(comm -23 exports symbols | grep -v '^__crc_')" ]
	done
}

@test "release, build id and version magic are the kernel's, and stock modules are signed by its key" {
	for kernel in "${kernels[@]}"; do
		"$facts" facts "$kernel" >found
		grep -qx "release=$(<"${kernel%/*}/release")" found
		grep -qx "build id=$(readelf -n "$kernel" 2>/dev/null | sed -n 's/.*Build ID: //p')" found
		grep -qx "livepatch=yes" found
		module=$(find "${kernel%/*}"/lib/modules/ -name 'loop.ko*' | head -n 1)
		case $module in
		*.xz) xz -dc "$module" >loop.ko ;;
		*) cp "$module" loop.ko ;;
		esac
		grep -qxF "vermagic=$(modinfo -F vermagic ./loop.ko)" found
		[ "$("$facts" signed "$kernel" loop.ko)" = yes ]
	done
}

@test "another kernel's module is signed by a key that this one has not" {
	module=$(find "$build/kernel/$(another_kernel)/lib/modules/" -name 'loop.ko*' | head -n 1)
	xz -dc "$module" >loop.ko
	[ "$("$facts" signed "$build/kernel/amd64/vmlinux" loop.ko)" = no ]
}

@test "a function can be patched unless it is init, noinstr or assembly, and each of its name counts" {
	for kernel in "${kernels[@]}"; do
		"$facts" functions "$kernel" cmdline_proc_show start_kernel exc_page_fault asm_exc_page_fault vermagic no_such_name >found
		printf '%s\n' "cmdline_proc_show 1 yes" "start_kernel 1 init" "exc_page_fault 1 noinstr" \
			"asm_exc_page_fault 1 no location" "vermagic 1 no code" "no_such_name 0" | diff found -
		"$facts" functions "$kernel" init_once | grep -qE '^init_once [5-9]|1[0-9]( yes){5}'
	done
}

@test "vmlinuz, compressed in any way, and a unified kernel image say what vmlinux says" {
	kernel=$build/kernel/amd64
	says "$kernel/vmlinuz" "$("$facts" facts "$kernel/vmlinux")"
	objcopy --add-section .linux="$(realpath "$kernel/vmlinuz")" --change-section-vma .linux=0x2000000 \
		/usr/lib/systemd/boot/efi/linuxx64.efi.stub uki.efi
	says uki.efi "$("$facts" facts "$kernel/vmlinux")"
	"$facts" symbols uki.efi | cmp - <("$facts" symbols "$kernel/vmlinux")
}

# Not much of a kernel: an ELF file without symbols.
no_kernel() {
	echo 'int main(void) { return 0; }' | gcc -x c -o "$1" -
	nothing=$(printf '%s\n' "machine=62" "release=" "vermagic=unknown" "livepatch=unknown" "crcs=unknown" "symbols=0" "exports=0" "build id=")
}

@test "a kernel without symbols is one of which nothing is known" {
	no_kernel program
	says program "$nothing"
}

# As arm64's Image is.
@test "what is compressed as a whole is unpacked by the program for it" {
	no_kernel program
	for command in "gzip -c" "xz -c" "xz --format=lzma -c" "zstd -qc" "lz4 -lqc" "bzip2 -c" "lzop -c"; do
		$command program >packed
		says packed "$nothing"
	done
}

@test "what is no kernel, is cut, or cannot be unpacked is told" {
	echo text >text
	says text "no kernel "
	: >empty
	says empty "no kernel "
	head -c 3000000 "$build/kernel/amd64/vmlinuz" >cut
	says cut "damaged "
	gzip -c cut | head -c 1000 >cut.gz
	says cut.gz "not unpacked gzip"
	mkdir none
	ln -s "$(type -P ls)" none
	PATH=$PWD/none says cut.gz "no decompressor gzip"
	TMPDIR=$PWD/absent says cut.gz "error "
	head -c 300000000 /dev/zero | gzip -1 >bomb.gz
	says bomb.gz "too large gzip"
}

@test "a kernel is open in 64 MiB of memory" {
	for kernel in "${kernels[@]}"; do
		kilobytes=$("$facts" memory "$kernel")
		echo "$kernel: $kilobytes KiB"
		[ "$kilobytes" -lt 65536 ]
	done
}
