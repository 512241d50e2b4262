#!/usr/bin/env -S bats --tap
# SPDX-License-Identifier: GPL-2.0-or-later
# tests/boot/beside-check can fail: consoles of boots that never were, with the samples for a stock kernel.

load helpers

setup() {
	kernel=${BUILD:-$top/build}/kernel/amd64	# of x86-64
	samples=$kernel/patches console=$BATS_TEST_TMPDIR/console other=$BATS_TEST_TMPDIR/other
	# What check says is asked once for all tests.
	export BUILD=$BATS_FILE_TMPDIR/build
	mkdir -p "$BUILD" "$other"
	ln -sf "$program" "$BUILD/kpatch-early"
	rm -f "$BUILD/report/beside-check"
	not_found="a function to patch was not found, or the patch does not fit those in force"
	symbol="livepatch: symbol 'kpe_no_such_function' not found in symbol table"
}

# console LINE...: what a boot has on its console
console() { printf '[    1.234567] %s\r\n' "$@" >"$console"; }

# beside [OPTION|FILE...]: the samples, after these files
beside() { run "$top/tests/boot/beside-check" "$@" "$kernel" "$console" "$samples"/*.ko; }

# same WORD PATCH ANSWER: there is no disagreement, and this is the one comparison
same() {
	[[ $status -eq 0 && -z $output ]] || {
		echo "$status: $output"
		return 1
	}
	[[ $(cut -f 1,3,4 "$BUILD/report/beside-check") == "$1"$'\t'"$2"$'\t'"$3" ]] || {
		cat "$BUILD/report/beside-check"
		return 1
	}
}

# red TEXT: there is one disagreement, which begins so
red() {
	[[ $status -eq 1 && $output == "$1"* && $output != *$'\n'* ]] || {
		echo "$status: $output"
		return 1
	}
}

failed() { echo "kpatch-early: $1: failed at ${3:-load}: $2; it is not in force, the boot goes on"; }

@test "what the kernel took, and check has nothing against, is the same" {
	console "livepatch: 'lp_version': patching complete"
	beside
	same same lp_version taken
	rm "$BUILD/report/beside-check"
	console "kpatch-early: lp_version: applied in 98 ms"
	beside
	same same lp_version taken
}

@test "it is red that the kernel took what check refuses" {
	console "kpatch-early: lp_unknown_function: applied in 98 ms"
	beside
	red 'check refuses lp_unknown_function, by rule 10 with EINVAL "livepatch: symbol '
	console "livepatch: 'lp_unknown_symbol': patching complete"
	beside
	red "check refuses lp_unknown_symbol, by rule 4 with ENOENT "
	console "$(failed lp_unknown_function "its transition did not end in 2 s, so it was reversed and unloaded" transition)"
	beside
	red "check refuses lp_unknown_function, "
}

@test "it is red that the kernel refused what check has nothing against" {
	console "$(failed lp_version "$not_found (Invalid argument)")"
	beside
	red "check has nothing against lp_version; the kernel's answer: EINVAL"
	console "$(failed lp_version "the patch's own init refused (Domain error)")"
	beside
	red "check has nothing against lp_version; the kernel's answer: init"
}

@test "a refusal is the same if error and words are, and else red" {
	console "$symbol" "$(failed lp_unknown_function "$not_found; the kernel says: $symbol")"
	beside
	same same lp_unknown_function EINVAL
	console "$(failed lp_unknown_function "$not_found (Invalid argument)")"
	beside
	red "check refuses lp_unknown_function, "
	console "$symbol" "$(failed lp_unknown_function "the kernel does not know a symbol that the patch uses")"
	beside
	red "check refuses lp_unknown_function, "
}

@test "a patch that our program did not hand to the kernel says nothing" {
	console "$(failed lp_version "its SHA-256 is 0, not the one in the manifest" digest)" \
		"$(failed lp_loadavg "not tried: the kernel can load no live patch any more")"
	beside
	[ "$status" -eq 0 ]
	[ ! -e "$BUILD/report/beside-check" ]
}

@test "a line that a power cut has cut says nothing" {
	printf '[    1.234567] kpatch-early: lp_version: failed at load: a fun' >"$console"
	beside
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "the status file's lines count, as a guest shows them" {
	printf 'kpe: patch=lp_version outcome=failed ms=0 step=load reason="%s"\n' "$not_found" >"$console"
	beside
	red "check has nothing against lp_version; the kernel's answer: EINVAL"
}

@test "what is in the written list is no disagreement" {
	console "$(failed lp_init_fails "the patch's own init refused (Domain error)")"
	beside
	same beyond lp_init_fails init
}

@test "each line of that list is about patches that check has nothing against" {
	local names
	while read -r names _; do
		[[ $names != "#"* && $names != "*" ]] || continue
		# shellcheck disable=SC2086 # names may be a pattern
		run "$program" check --kernel "$kernel/vmlinux" --modules "$samples/lib/modules/$(<"$kernel/release")" "$samples"/$names.ko
		[ "$status" -eq 0 ] || {
			echo "$output"
			return 1
		}
	done <"$top/tests/boot/beyond-check"
}

@test "what is unknown to check is counted, and red neither way" {
	ln -s "$kernel"/{release,vmlinux,lib} "$other/"
	export BUILD=$other
	kernel=$other	# without the module that lp_stall needs
	ln -s "$program" "$BUILD/kpatch-early"
	console "livepatch: 'lp_stall': patching complete"
	beside
	same unknown lp_stall taken
	rm "$BUILD/report/beside-check"
	console "$(failed lp_stall "$not_found")"
	beside
	same unknown lp_stall EINVAL
}

@test "a driver that the kernel refuses is one that check says it would refuse" {
	local words="livepatch: failed to initialize patch 'lp_veto' for module 'virtio_blk'"
	console "$symbol" "$words (-22)" "livepatch: patch 'lp_veto' failed for module 'virtio_blk', refusing to load module 'virtio_blk'"
	beside
	same same "virtio_blk with lp_veto" EINVAL
	rm "$BUILD/report/beside-check"
	console "livepatch: 'lp_veto': patching complete" # without the driver
	beside
	same same lp_veto taken
	console "$symbol" "$words (-12)"
	beside
	red "check refuses virtio_blk with lp_veto, by rule 15 with EINVAL "
	console "livepatch: applying patch 'lp_veto' to loading module 'virtio_blk'"
	beside
	red "check refuses virtio_blk with lp_veto, by rule 15 with EINVAL "
	console "livepatch: patch 'lp_version' failed for module 'virtio_blk', refusing to load module 'virtio_blk'"
	beside
	red "check has nothing against virtio_blk with lp_version; the kernel's answer: refused"
}

@test "where the kernel wants signatures, so does check" {
	console "$(failed lp_version "the kernel wants a valid signature by a key it trusts")"
	beside
	red "check has nothing against lp_version; the kernel's answer: EKEYREJECTED"
	console "Kernel command line: quiet module.sig_enforce=1" "Loading of unsigned module is rejected" \
		"$(failed lp_version "the kernel wants a valid signature by a key it trusts")"
	beside
	same same lp_version "EKEYREJECTED, ENOKEY, EBADMSG"
	rm "$BUILD/report/beside-check"
	console "Kernel is locked down from EFI Secure Boot" "$(failed lp_version "the kernel forbids loading modules like this one \
(lockdown, nomodule, module_blacklist= or a missing capability)")"
	beside
	same same lp_version EPERM
	console "Kernel is locked down from EFI Secure Boot" "livepatch: 'lp_version': patching complete"
	beside
	red "check refuses lp_version, by rule 14 "
}

@test "the file that was loaded counts, not the sample of that name" {
	cp "$samples/lp_unknown_function.ko" "$other/lp_version.ko"
	console "livepatch: 'lp_version': patching complete"
	run "$top/tests/boot/beside-check" "$kernel" "$console" "$other/lp_version.ko" "$samples"/*.ko
	red "check refuses lp_version, by rule 10 "
	console "livepatch: 'lp_elsewhere': patching complete"
	beside
	red "no file of the patch lp_elsewhere is known"
}

@test "of flipped bits only what the kernel takes is held against check" {
	console "$(failed lp_version "$not_found")" "$(failed lp_unknown_function "the kernel is out of memory")"
	beside --taken-only
	[ "$status" -eq 0 ]
	console "livepatch: 'lp_flipped': patching complete"
	run "$top/tests/boot/beside-check" --taken-only "$kernel" "$console" "$samples"/lp_{unknown_function,version}.ko
	red "check refuses lp_flipped, "
}
