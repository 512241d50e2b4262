# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# For the boot tests: builds or reuses an initramfs, adds a tree to it, boots it, and passes the
# guest's TAP on. A missing plan or a guest that does not end fails the test.
set -euo pipefail

top=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../..")
export BUILD=${BUILD:-$top/build}
KPE_TEST=${0##*/} KPE_TEST=${KPE_TEST%.t}
export KPE_TEST
cd "$top"
mkdir -p "$BUILD/log"
# The newer one emulates the same boot with two thirds of the CPU time, and runs 6.12 on several CPUs.
[[ -n ${BOOT_QEMU:-} ]] || BOOT_QEMU=$(images/qemu-newer)
export BOOT_QEMU

# What guests get: our programs, in this folder, BusyBox, and what $overlay is made with besides. For tests/boot/arm64.sh.
programs=$BUILD busybox=/bin/busybox overlay_options=()

work=$(mktemp -d "$BUILD/boot.XXXXXX")
trap 'rm -rf "$work"' EXIT
tree=$work/tree
mkdir -p "$tree"

# use KERNEL: sets $kernel, $release and $patches for a kernel from images/kernel
use() {
	kernel=$(images/kernel "$1") stock=$kernel
	release=$(<"$kernel/release")
	patches=$(images/build-patches "$kernel")
	baked=$tree/usr/lib/kpatch-early/patches/$release
}

# another: a series with another kernel than that of amd64, which 6.12-amd64 is not on Debian 13
another() {
	local other=6.12-amd64
	! cmp -s "$(images/kernel amd64)/release" "$(images/kernel $other)/release" || other=rt-amd64
	echo $other
}

# paths NAME...: the compiled samples of these names
paths() { printf "$patches/%s.ko\n" "$@"; }

# drop_in NAME...: a drop-in that names them in this order
drop_in() {
	printf "$release %s.ko\n" "$@" >"$work/drop-in.conf"
	export INITRAMFS_DROP_IN=$work/drop-in.conf
}

# base FLAVOUR NAME...: an initramfs into which dracut baked these patches, in this order. One with patches is
# not compressed: to make it takes 3 to 5 s of CPU less, and each boot 0.3 s. One without is, as Debian's are,
# since overlays follow it: it ends anywhere, and the kernel has to find them.
base() {
	local flavour=$1 INITRAMFS_COMPRESS=${2:+cat}
	export INITRAMFS_COMPRESS
	shift
	[[ $# -eq 0 ]] || drop_in "$@"
	mapfile -t files < <([[ $# -eq 0 ]] || paths "$@")
	initramfs=$(images/initramfs "$kernel" "$flavour" "${files[@]}")
}

# sum FILE: its digest, as a manifest has it
sum() {
	local sum
	sum=$(sha256sum <"$1")
	echo "${sum%% *}"
}

# new_tree: begins a tree with nothing in it
new_tree() {
	rm -rf "$tree"
	mkdir "$tree"
}

# line FILE [OPTION...]: adds the sample FILE to the tree's manifest, with its true digest
line() {
	local file=$1
	shift
	[[ -d $baked ]] || mkdir -p "$baked"
	install -m 644 "$patches/$file" "$baked/$file"
	raw_line "$file" "$(sum "$patches/$file")" "$@"
}

# raw_line FILE SHA256 [OPTION...]
raw_line() {
	[[ -d $tree/etc/kpatch-early ]] || mkdir -p "$tree/etc/kpatch-early"
	echo "$release $1 sha256=$2 ${*:3}" >>"$tree/etc/kpatch-early/manifest"
}

# hook POINT < SCRIPT: a dracut hook of the test's own
hook() {
	mkdir -p "$tree/usr/lib/dracut/hooks/$1"
	cat >"$tree/usr/lib/dracut/hooks/$1/00-test.sh"
	chmod 755 "$tree/usr/lib/dracut/hooks/$1/00-test.sh"
}

# add_tree: the next boots have the tree
add_tree() { append_tree; }

# Appends the tree as a second archive, whose files win. It begins at a multiple of 4 bytes, and
# names no folder, since one would replace a symbolic link of the first archive.
append_tree() {
	local size
	cp "$initramfs" "$work/initramfs"
	size=$(stat -c %s "$work/initramfs")
	truncate -s $(((size + 3) / 4 * 4)) "$work/initramfs"
	(cd "$tree" && find . -mindepth 1 ! -type d | sort | cpio -o -H newc --quiet) >>"$work/initramfs"
	initramfs=$work/initramfs
}

# alone: the tree is the whole initramfs, so it brings its folders itself
alone() {
	(cd "$tree" && find . -mindepth 1 | sort | cpio -o -H newc --quiet) >"$work/initramfs"
	initramfs=$work/initramfs
	rm -r "$tree"
	mkdir "$tree"
}

# patched_root: a read-only root of the test's own as the first disk, with lp_version baked into it
patched_root() {
	mkdir "$work/root" "$work/nothing"
	debugfs -R "rdump / $work/root" "$programs/root.img" 2>/dev/null
	mv "$work/root/sbin/init" "$work/root/test/guest-init"
	install -m 755 tests/boot/guest/pid1-init "$work/root/sbin/init"
	"$BUILD/kpatch-early" bake -k "$release" --root "$work/nothing" --output "$work/root" \
		"$patches/lp_version.ko" >/dev/null
	mke2fs -q -t ext4 -O ^has_journal -d "$work/root" "$work/disk" 48m >/dev/null
	export BOOT_DISK=$work/disk
}

# root_as_pid_1: the same, and an initramfs that does no more than mount it: what boots is the init= of the root
root_as_pid_1() {
	local count=100
	patched_root
	install -D -m 755 /bin/busybox "$tree/bin/busybox"
	install -m 755 tests/boot/guest/pid1-stage "$tree/init"
	mkdir "$tree/modules"
	for module in virtio_pci virtio_blk crc32c ext4; do
		modprobe -S "$release" -d "$kernel" --show-depends "$module"
	done | while read -r _ file _; do
		cp "$file" "$tree/modules/$((count += 1))-$(basename "$file")"
	done
	alone
}

# base_by_hand: a base of BusyBox alone, which boots in half the time. It has no hooks, so our program needs rdinit=.
drivers=(virtio_pci virtio_blk crc32c_generic ext4)
base_by_hand() {
	local hand=$work/hand
	mkdir -p "$hand"/{bin,dev,mnt,proc,sys,"lib/modules/$release"}
	cp "$busybox" "$hand/bin/busybox"
	for module in "${drivers[@]}"; do
		modprobe -S "$release" -d "$kernel" --show-depends "$module"
	done | while read -r _ file _; do
		cp "$file" "$hand/lib/modules/$release/"
	done
	depmod -b "$hand" "$release" 2>/dev/null
	cat >"$hand/init" <<-'END'
		#!/bin/busybox sh
		/bin/busybox mount -t devtmpfs devtmpfs /dev
		/bin/busybox modprobe -a virtio_pci virtio_blk crc32c_generic ext4
		until [ -b /dev/vda ]; do /bin/busybox sleep 0.1; done
		/bin/busybox mount -o ro -t ext4 /dev/vda /mnt
		! [ -d /run/kpatch-early ] || /bin/busybox mount -o move /run /mnt/run
		exec /bin/busybox switch_root /mnt /sbin/init
	END
	chmod 755 "$hand/init"
	(cd "$hand" && find . | cpio -o -H newc --quiet | gzip -1) >"$work/base.img"
	initramfs=$work/base.img
}

# overlay [OPTION...] NAME...: an overlay with these samples, $overlay; its manifest has the digest $overlay_manifest
overlay() {
	local options=() said
	while [[ $1 == --* ]]; do
		options+=("$1")
		shift
	done
	overlay=$work/overlay.cpio
	mapfile -t files < <(paths "$@")
	said=$("$BUILD/kpatch-early" overlay -k "$release" -o "$overlay" "${overlay_options[@]}" "${options[@]}" "${files[@]}")
	echo "$said" >&2
	overlay_manifest=${said##*overlay_manifest=}
}

# unpacked OVERLAY: what it holds is what the tree holds now
unpacked() {
	new_tree
	unpack "$1"
}

# unpack OVERLAY: adds what it holds, behind four zeros, to the tree
unpack() { tail -c +5 "$1" | gzip -qdc | (cd "$tree" && cpio -idmu --quiet); }

# join FILE...: $initramfs is these archives in a row, without any padding, as cat leaves them
join() {
	cat "$@" >"$work/initramfs"
	initramfs=$work/initramfs
}

# in_lz4 FILE PROGRAM: $initramfs is this base, which PROGRAM compressed, in LZ4 instead
in_lz4() {
	"$2" -qdc "$1" | lz4 -l -9 -q -c >"$work/lz4.img"
	initramfs=$work/lz4.img
}

# ends_anywhere: gives $initramfs a size of 1 modulo 4, as a compressed one may have
ends_anywhere() {
	cp "$initramfs" "$work/base"
	truncate -s "$(($(stat -c %s "$initramfs") / 4 * 4 + 5))" "$work/base"
	initramfs=$work/base
}

# Keeps what apply read in the initramfs, so that the guest can run it again after the pivot.
keep_tree() {
	hook pre-pivot <<-'END'
		mkdir -p /run/kpatch-early/tree/usr/lib /run/kpatch-early/tree/etc
		cp -r /usr/lib/kpatch-early /run/kpatch-early/tree/usr/lib/
		cp -r /etc/kpatch-early /run/kpatch-early/tree/etc/
		! [ -d /run/systemd/system ] ||
		    systemctl status --no-pager kpatch-early.service > /run/kpatch-early/systemctl 2>&1 || :
	END
}

# boot NAME [WORD...]: boots $initramfs with the tree, and runs the guest's script NAME
boot() {
	local name=$1 log out
	shift
	log=$BUILD/log/$KPE_TEST.console
	[[ -z $(find "$tree" ! -type d -print -quit) ]] || add_tree
	"$boot_with" "$kernel" "$initramfs" "$name" "$log" "$@" >"$work/tap" || {
		cat "$work/tap"
		echo "Bail out! $name: the guest did not end"
		exit 1
	}
	cat "$work/tap"
	if ! grep -q '^1\.\.' "$work/tap" || grep -q '^not ok' "$work/tap"; then
		tail -n 60 "$log" >&2
		exit 1
	fi
	beside_check >&2 || exit 1
}

# Files that boots have under a sample's name, and that are neither in the tree nor the sample: for beside_check. $beside_options
# are its program's. $stock is the kernel's folder also where $kernel is a copy.
other_files=() beside_options=() stock=

# beside_check: what the kernel did with the patches of the last boot, as $log says, is what check says of them. Prints what is not.
beside_check() {
	tests/boot/beside-check "${beside_options[@]}" "${stock:-$kernel}" "$log" \
		"$tree/usr/lib/kpatch-early/patches/$release"/*.ko "${other_files[@]}" "$patches"/*.ko
}

# as_check_says TITLE: a test of the host's own after each boot, told if it is red
as_check_says() {
	beside_check >"$work/disagreements" || {
		check 1 "$1: what check says is what the kernel did"
		sed 's/^/# /' "$work/disagreements"
	}
}

# disk IMAGE [--initramfs-tools]: a disk of the test's own with a full Debian, plain.img or patched.img. The file $installed has what
# dpkg said when the host installed the packages on the latter. Its initramfs is made by dracut, or by initramfs-tools.
disk() {
	local disks
	disks=$(images/debian "${@:2}" "$kernel" tests/boot/debian tests/boot/guest)
	disk=$work/disk installed=$disks/dpkg
	cp --sparse=always "$disks/$1" "$disk"
}

# boot_disk NAME [WORD...]: boots the kernel and the initramfs that are on the disk now, and runs NAME. The guest's
# units rebuild the initramfs only with the word kpe.rebuild=path or kpe.rebuild=shutdown (images/debian).
# Where many short processes start, emulation of two CPUs takes more than twice the time of one. BOOT_CPUS= asks for more.
# The CPU has AVX and fast string instructions here: dracut in the guest takes half as long again without them.
boot_disk() {
	local file
	replay_journal
	for file in vmlinuz initrd.img; do
		debugfs -R "dump /boot/$file-$release $work/$file" "$disk" 2>/dev/null
	done
	! cmp -s "$work/vmlinuz" "$kernel/vmlinuz" || ln -sf "$kernel/vmlinux" "$work/vmlinux"
	BOOT_DISK=$disk BOOT_CPU=max,la57=off,smap=off BOOT_MEMORY=1024 BOOT_CPUS=${BOOT_CPUS:-1} BOOT_TIMEOUT=1800 \
		initramfs=$work/initrd.img kernel=$work boot_again "$@"
}

# replay_journal: a guest may end with changes in the journal, which debugfs does not read
replay_journal() { e2fsck -p "$disk" >/dev/null || [[ $? -eq 1 ]]; }

building() { echo "kpatch-early: rebuild: building /boot/initrd.img-$release"; }

# guest_rebuilt TIMES WHO: so often a unit of the last boot began to build the initramfs, as its console shows
guest_rebuilt() { says "$1" "boot $boots: builds of the initramfs, by $2" grep -c "$(building)" "$log"; }

# host_rebuilds COMMAND...: after a boot, the host runs COMMAND in the disk's own root, and it has to rebuild the
# initramfs
host_rebuilds() {
	local status=0
	replay_journal
	images/debian --run "$disk" "$@" >"$work/host" || status=$?
	check $status "the host, in the disk's root: $*"
	says "$(building)" "the host's rebuild" cat "$work/host"
}

# What boots: images/boot, or images/restored.
boots=0 count=0 boot_with=images/boot

# boot_again NAME [WORD...]: one of several boots of $kernel and $initramfs; done_booting ends the report
boot_again() {
	next_log
	report "boot $boots" "$boot_with" "$kernel" "$initramfs" "$1" "$log" "${@:2}"
}

# boot_loader LOADER ENTRY NAME [WORD...]: one of several boots of $kernel, $initramfs and $overlay,
# by this entry of the loader's menu
boot_loader() {
	next_log
	report "$1, $2" images/boot-loader "$1" "$2" "$kernel" "$initramfs" "$overlay" "$3" "$log" "${@:4}"
}

# boot_until_end [WORD...]: one of several boots, with the script $guest, if it comes so far. A panic ends it at the line
# that announces the restart: for the seconds till then the kernel would only count. With real_restart=yes the machine ends.
real_restart='' announced="Rebooting in [0-9]* seconds"
boot_until_end() {
	start_machine "$@"
	[[ -n $real_restart ]] || end_at_announcement
	wait $boot || { [[ -z $real_restart ]] && grep -q "$announced" "$log"; } || {
		cat "$work/errors" >&2
		echo "Bail out! boot $boots: the machine did not end"
		exit 1
	}
	as_check_says "boot $boots"
}

# start_machine [WORD...]: begins one of several boots, with the script $guest, if it comes so far. The process $boot waits for
# the machine, whose own is in $work/pid.
start_machine() {
	next_log
	rm -f "$work/pid" "$log"
	BOOT_ARGUMENTS="${BOOT_ARGUMENTS:-} -pidfile $work/pid" \
		"$boot_with" "$kernel" "$initramfs" "${guest:-none}" "$log" "$@" >"$work/tap" 2>"$work/errors" &
	boot=$!
}

# wait_for_console TEXT SECONDS: looks so often until TEXT is on the console, or the machine has ended
wait_for_console() { until grep -qs "$1" "$log" || ! kill -0 "$boot" 2>/dev/null; do sleep "$2"; done; }

# kill_machine: at once. Fails if it has ended: QEMU removes the file then, and $(<FILE) of one that is not there would end the test.
kill_machine() { pkill -9 -F "$work/pid" 2>/dev/null; }

# end_at_announcement: waits for the machine's end, or kills it when it announces a restart
end_at_announcement() {
	wait_for_console "$announced" 0.1
	if grep -qs "$announced" "$log"; then kill_machine || :; fi
}

# boot_to_restart TEXT [WORD...]: one of several boots, whose kernel says TEXT in its log and restarts, by the boot
# guard's doing. $guest is the script that runs if it comes so far.
boot_to_restart() {
	local text=$1
	boot_until_end panic=0 "${@:2}"
	[[ ! -s $work/tap ]] || text="$text, and not: $(head -n 3 "$work/tap")"
	verdict "the machine restarts after: $text" grep -q "$text" "$log"
	verdict "and does not go on" test "$(grep -cE "does not restart|reboot: Power down" "$log")" = 0
}

# power_cut TEXT SECONDS [WORD...]: one of several boots, whose power is cut that long after TEXT is on the console
power_cut() {
	start_machine panic=0 "${@:3}"
	wait_for_console "$1" 0.02
	sleep "$2"
	kill_machine || {
		tail -n 60 "$log" >&2
		echo "Bail out! boot $boots: it ended before: $1"
		exit 1
	}
	wait $boot || :
	as_check_says "boot $boots"
}

# verdict TEXT COMMAND...: a test of the host's own, after a boot
verdict() {
	local status=0
	"${@:2}" || status=1
	check $status "boot $boots: $1"
	[[ $status -eq 0 ]] || tail -n 60 "$log" >&2
}

# boot_to_end PATTERN [WORD...]: one of several boots, which ends before the root's init runs, and whose console, taken
# for one line, matches this pattern
boot_to_end() {
	boot_until_end "${@:2}"
	verdict "the machine ends: $1" ended "$1"
}
ended() { tr -d '\r' <"$log" | tr '\n' ' ' | grep -q "$1" && ! grep -q "the root's init runs" "$log"; }

# on_failure ACTION [SETTING...]: a tree whose patches are required, and one of them can't be loaded; add_tree follows
on_failure() {
	initramfs=$first_base
	rm -f "$work/initramfs"
	new_tree
	line lp_version.ko required
	line lp_unknown_function.ko required
	printf '%s\n' "on_failure=$1" "${@:2}" >"$tree/etc/kpatch-early/kpatch-early.conf"
}

# rounds DEFAULT LONG: how often something is tried, by default and with tests/run --long
rounds() { if [[ -n ${KPE_LONG:-} ]]; then echo "$2"; else echo "$1"; fi; }

# figure TEXT: what the report of tests/run says besides
figure() {
	mkdir -p "$BUILD/report"
	echo "$KPE_TEST: $*" >>"$BUILD/report/figures"
}

# check STATUS TEXT: a test of the host's, between boots
check() {
	count=$((count + 1))
	if [[ $1 -eq 0 ]]; then echo "ok $count - $2"; else echo "not ok $count - $2"; fi
}

# says WANT TEXT COMMAND...: this is a line of what the command says
says() {
	local status=0
	"${@:3}" >"$work/said" 2>&1 || :
	grep -qxF -e "$1" "$work/said" || status=1
	check "$status" "$2: $1"
	[[ $status -eq 0 ]] || sed 's/^/# /' "$work/said"
}

# panicked TIMES: what the machine did before the last boot, in the same log
panicked() { says "$1" "the kernel panicked, and the boot loader started it again, so often" grep -c "Kernel panic.*lp_panic panics" "$log"; }

# set_of [NAME...]: these patches and no others are the base's for the next boots, with what take_tree adds
set_of() {
	new_tree
	for name in "$@"; do line "$name.ko"; done
	take_tree
}

# take_tree: the tree of now, with the settings in $work/settings, is what the next boots add to the base. In a restored guest
# $begin runs before our program does.
begin=
take_tree() {
	initramfs=$first_base
	rm -f "$work/initramfs"
	[[ ! -e $work/settings ]] || cp "$work/settings" "$tree/etc/kpatch-early/kpatch-early.conf"
	[[ -z $begin ]] || before <<<"$begin"
	add_tree
}

next_log() {
	boots=$((boots + 1))
	log=$BUILD/log/$KPE_TEST-$boots.console
}

# report TITLE COMMAND...: a boot by COMMAND, whose TAP becomes part of the report of several
report() {
	local title=$1 plan told bad
	shift
	"$@" >"$work/tap" || {
		cat "$work/tap"
		echo "Bail out! $title: the guest did not end"
		exit 1
	}
	told=$(awk '/^1\.\./ { plan = substr($0, 4) } /^(not )?ok / { told++ } /^not ok/ { bad++ }
		END { print plan == "" ? "none" : plan, told + 0, bad + 0 }' "$work/tap")
	IFS=" " read -r plan told bad <<<"$told"
	if [[ $plan != "$told" ]]; then
		cat "$work/tap"
		tail -n 60 "$log" >&2
		[[ $plan == none ]] || echo "Bail out! $title: its plan is not what it told"
		[[ $plan != none ]] || echo "Bail out! $title: the guest's script did not end"
		exit 1
	fi
	awk -v n="$count" -v boot="$title" '/^1\.\./ { next }
		/^(not )?ok / { n++; sub(/ok [0-9]+ -/, "ok " n " - " boot ":") } { print }' "$work/tap"
	count=$((count + told))
	[[ $bad -eq 0 ]] || tail -n 60 "$log" >&2
	as_check_says "$title"
}

# done_booting: the plan
done_booting() { echo "1..$count"; }
