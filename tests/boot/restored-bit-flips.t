#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A patch with one bit flipped, or cut. With the good digest in the manifest it is refused before the kernel is asked. With
# the digest of the flipped one the kernel decides: the boot comes up and tells what is in force, or the guard ends it.
# It waits as long as it computes.
. "$(dirname "$0")/restore.sh"
. "$(dirname "$0")/zoo.sh"
use amd64
strip -g -o "$work/good.ko" "$patches/lp_version.ko"
size=$(stat -c %s "$work/good.ko")

# flip BYTE BIT FILE: the good patch with this bit changed
flip() { perl -0777 -pe "substr(\$_, $1, 1) ^= chr(1 << $2)" "$work/good.ko" >"$3"; }

# random: the next of a row of numbers below 2^31 that is the same in each run, so that a red one can be made again
seed=15
random() { seed=$(((seed * 1103515245 + 12345) % 2147483648)); }

# changed FILE: a line for FILE in the tree, with the digest of the good one
changed() { raw_line "$(basename "$1")" "$(sum "$work/good.ko")"; }

flips=$(rounds 64 256)
byte=() bit=()
for ((i = 0; i < flips; i++)); do
	random
	byte[i]=$((seed / 8 % size)) bit[i]=$((i % 8))
done
new_store
for ((first = 0; first < flips; first += 64)); do
	new_tree
	mkdir -p "$baked"
	for ((i = first; i < first + 64; i++)); do
		flip "${byte[i]}" "${bit[i]}" "$baked/flip-$i.ko"
		changed "$baked/flip-$i.ko"
		head -c "${byte[i]}" "$work/good.ko" >"$baked/cut-$i.ko"
		changed "$baked/cut-$i.ko"
	done
	ask flips-refused kpe.count=128
done

# A kernel sees more of a flipped patch than check does. What check refuses it never takes.
beside_options=(--taken-only)
declare -A ends=([applied]=0 [failed]=0 [crashed]=0)
guest=flipped begin=$lockups_show_soon
for ((i = 0; i < flips; i++)); do
	new_store
	new_tree
	mkdir -p "$baked"
	flip "${byte[i]}" "${bit[i]}" "$baked/lp_version.ko"
	raw_line lp_version.ko "$(sum "$baked/lp_version.ko")"
	with_settings load_timeout=4 transition_timeout=2
	take_tree
	boot_until_end panic=0
	if grep -q '^1\.\.' "$work/tap"; then
		end=$(sed -n 's/^ok.*the state of the boot is //p' "$work/tap")
		status=$(grep -c '^not ok' "$work/tap" || :)
	else
		end=crashed
		# It ended, or boot_until_end had failed: by a panic, by us, or without a word, by a triple fault.
		status=$(grep -c "reboot: Power down" "$log" || :)
		store_is "was not loaded at this boot"
		verdict "our program did not crash" test "$(grep -cE "kpatch-early\[[0-9]+\]: segfault|traps: kpatch-early" "$log")" = 0
	fi
	verdict "bit ${bit[i]} of byte ${byte[i]} flipped: ${end:-?}" test "$status$end" = "0$end"
	ends[${end:-failed}]=$((ends[${end:-failed}] + 1))
done
figure "$flips flips of one bit with a true digest: ${ends[applied]} applied, ${ends[failed]} refused, ${ends[crashed]} crashed"
done_booting
