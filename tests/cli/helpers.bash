# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Fake roots for the static programs, the host's and the early one: KPATCH_EARLY names one that is both. Modules are real ELF objects, made by
# gcc, that say what the test wants in .modinfo; the host's kernel never loads one.

top=$(realpath "$BATS_TEST_DIRNAME/../..")
# Programs of another machine are run by scripts, in a folder of their own (tests/cross).
programs=${KPATCH_EARLY_SCRIPTS:-$top/build}
program=${KPATCH_EARLY:-$programs/kpatch-early} early=${KPATCH_EARLY:-$programs/early/kpatch-early}
early_file=${KPATCH_EARLY_FILE:-$early}
release=$(uname -r)
arm64=/usr/aarch64-linux-gnu/bin	# its assembler and strip

# fake_root: $root, with $file, its status file, $manifest, $baked and $store
fake_root() {
	root=$BATS_TEST_TMPDIR/root
	mkdir -p "$root"/{proc,sys/kernel,sys/module,dev,run,etc/kpatch-early}
	echo "quiet root=/dev/vda" >"$root/proc/cmdline"
	: >"$root/dev/kmsg"
	file=$root/run/kpatch-early/status
	manifest=$root/etc/kpatch-early/manifest
	baked=$root/usr/lib/kpatch-early/patches
	store=$root/var/lib/kpatch
}

# hash_of TEXT: sets $hash, the same sixteen digits for the same text
hash_of() {
	local i code
	local sum=5381
	for ((i = 0; i < ${#1}; i++)); do
		printf -v code %d "'${1:i:1}"
		sum=$((sum * 33 + code))
	done
	printf -v hash %016x "$sum"
}

# module FILE [FIELD=VALUE...]: an object with these .modinfo fields and a build id
module() {
	local file=$1 field hash
	shift
	[[ -d ${file%/*} ]] || mkdir -p "${file%/*}"
	hash_of "$*"
	{
		echo '.section .modinfo,"a"'
		for field in "$@"; do echo ".string \"$field\""; done
		echo '.section .note.gnu.build-id,"a",@note'
		echo ".long 4, 8, 3"
		echo '.string "GNU"'
		echo ".quad 0x$hash"
		echo '.section .debug_info; .zero 4096'
	} | as -o "$file" -
}

# patch FILE [RELEASE]: a live patch for RELEASE, by default the running kernel
patch() {
	local name=${1##*/}
	name=${name%.ko}
	module "$1" "name=${name//-/_}" livepatch=Y license=GPL "vermagic=${2:-$release} SMP mod_unload "
}

# for_machine FILE HEX: says in the ELF header of FILE that it is for this machine
for_machine() { printf '%b' "\\x$2\\0" | dd of="$1" bs=1 seek=18 conv=notrunc status=none; }

sum() {
	local sum
	sum=$(sha256sum <"$1")
	echo "${sum%% *}"
}

# line FILE [OPTION...]: a good patch in the baked tree, and its line
line() {
	patch "$baked/$release/$1"
	echo "$release $1 sha256=$(sum "$baked/$release/$1") ${*:2}" >>"$manifest"
}

# without_verdict: what comes next is the first run of its boot
without_verdict() { [[ ! -d $root/run/kpatch-early ]] || rm -f "$root"/run/kpatch-early/status{,.last}; }

# apply [OPTION...]: the first run of a boot
apply() {
	without_verdict
	apply_again "$@"
}

# apply_again [OPTION...]: once more at that boot
apply_again() { run "$early" apply --root "$root" "$@"; }

# enabled NAME [ENABLED [TRANSITION [REPLACE]]]: the fake sysfs says that NAME is in force
enabled() {
	mkdir -p "$root/sys/kernel/livepatch/$1"
	echo "${2:-1}" >"$root/sys/kernel/livepatch/$1/enabled"
	echo "${3:-0}" >"$root/sys/kernel/livepatch/$1/transition"
	[[ -z ${4:-} ]] || echo "$4" >"$root/sys/kernel/livepatch/$1/replace"
}

# loaded NAME FILE: the fake sysfs says that FILE is loaded as NAME
loaded() {
	mkdir -p "$root/sys/module/$1/notes"
	objcopy -O binary --only-section=.note.gnu.build-id --set-section-flags .note.gnu.build-id=alloc \
		"$2" "$root/sys/module/$1/notes/.note.gnu.build-id"
}

# injected RULE [CALL,...]: apply, with the result of system calls replaced by strace; CALLs are in the trace as well
injected() {
	without_verdict
	injected_again "$@"
}

# injected_again RULE [CALL,...]: the same once more at that boot
injected_again() {
	run strace -f -qq -o "$BATS_TEST_TMPDIR/strace" -e "trace=${1%%:*}${2:+,$2}" -e "inject=$1" \
		"$early" apply --root "$root"
}

sleeps=nanosleep,clock_nanosleep

# slept_ms: how long the program in the trace asked to sleep, in all. No limit of ours makes that longer on a busy host.
slept_ms() {
	awk 'match($0, /tv_sec=[0-9]+/) { ms += 1000 * substr($0, RSTART + 7, RLENGTH - 7) }
		match($0, /tv_nsec=[0-9]+/) { ms += substr($0, RSTART + 8, RLENGTH - 8) / 1000000 }
		END { printf "%d\n", ms }' "$BATS_TEST_TMPDIR/strace"
}

# until_true COMMAND...: waits for COMMAND to succeed. The end is for what never comes, on any host.
until_true() {
	local tries
	for ((tries = 0; tries < 2400; tries++)); do
		"$@" && return
		sleep 0.05
	done
	echo "it never came true: $*"
	return 1
}

file_has() {
	grep -q -e "$1" "$file" || {
		cat "$file"
		return 1
	}
}

output_has() {
	[[ $output == *"$1"* ]] || {
		echo "$output"
		return 1
	}
}

# another_kernel: a series of images/kernel with another kernel than that of amd64, which 6.12-amd64 is not on Debian 13
another_kernel() {
	local series=6.12-amd64
	(
		export BUILD=${BUILD:-$top/build}
		! cmp -s "$BUILD"/kernel/{amd64,$series}/release || series=rt-amd64
		"$top/images/build-patches" "$("$top/images/kernel" $series)" >&2
		echo $series
	)
}
