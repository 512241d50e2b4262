#!/usr/bin/env -S bats --tap
# bake, overlay and install run the check over what they take, for a stock kernel.

load helpers

setup() {
	fake_root
	kernel=$top/build/kernel/amd64	# of x86-64
	[[ -z ${BUILD-} ]] || kernel=$BUILD/kernel/amd64
	k=$(<"$kernel/release")
	samples=$kernel/patches
	bad=lp_unknown_function.ko
	why="check refuses it, rule 10: vmlinux has no function kpe_no_such_function"
	settings=$root/etc/kpatch-early/kpatch-early.conf
	cache=$root/var/cache/kpatch-early/check/$k
	mkdir -p "$root/boot" "$root/lib/modules/$k" "$root/etc/kpatch-early/manifest.d"
	cp "$kernel/lib/modules/$k"/modules.* "$root/lib/modules/$k/"
	cp --reflink=auto "$kernel/vmlinux" "$root/boot/vmlinuz-$k"
}

# stored NAME...: these samples are in the store
stored() {
	local name
	mkdir -p "$store/$k"
	for name in "$@"; do cp "$samples/$name" "$store/$k/"; done
}

bake() { run "$program" bake -k "$k" --root "$root" "$@"; }

# within COMMAND...: with the real /proc in the root, which modules are read through
within() { timeout 300 unshare --mount sh -c 'mount --bind /proc "$0/proc" && exec "$@"' "$root" "$@"; }
inside() { run within chroot "$root" /sbin/kpatch-early "$@"; }
with_program() {
	mkdir -p "$root/sbin"
	cp "$program" "$root/sbin/"
}

is_baked() { grep -q "^$k $1 " "$manifest" && [[ -e $baked/$k/$1 ]]; }

@test "what the kernel would refuse is not baked, and the others are" {
	stored "$bad" lp_version.ko
	bake
	[ "$status" -eq 1 ]
	output_has "kpatch-early: bake: $store/$k/$bad: $why"
	output_has "; it is not baked"
	is_baked lp_version.ko
	[ ! -e "$baked/$k/$bad" ]
	[ "$(grep -c "^$k " "$manifest")" -eq 1 ]
	[[ $output != *"baked $bad"* ]]
}

@test "a patch that would cost a driver is not baked" {
	cp -a "$kernel/lib/modules/$k/kernel" "$root/lib/modules/$k/"
	stored lp_veto.ko
	bake
	[ "$status" -eq 1 ]
	output_has "check refuses it, rule 15: the kernel would refuse virtio_blk: virtio_blk has no function kpe_no_such_function"
	[ ! -e "$baked/$k/lp_veto.ko" ]
	[ "$(grep -c "^$k " "$manifest")" -eq 0 ]
}

@test "whether the folder that becomes an initramfs brings the driver is told, and is not kept for another one" {
	local folder refuses="rule 15: the kernel would refuse virtio_blk"
	cp -a "$kernel/lib/modules/$k/kernel" "$root/lib/modules/$k/"
	with_program
	stored lp_veto.ko
	mkdir -p "$root/tree/lib/modules/$k"
	bake --output "$root/tree"
	output_has "$refuses: virtio_blk has no function"
	(cd "$root" && cp --parents -a "lib/modules/$k/kernel/drivers/block" tree/)
	bake --output "$root/tree"
	output_has "$refuses, which this initramfs brings: virtio_blk has no function"
	# Of this system verdicts are kept.
	for folder in /other /tree /tree /other; do
		inside bake -k "$k" --output "$folder"
		[ "$status" -eq 1 ]
		if [[ $folder == /tree ]]; then
			output_has "$refuses, which this initramfs brings: "
		else
			output_has "$refuses: "
		fi
	done
	[ "$(wc -l <"$cache")" -eq 2 ]
	# Without --output it is no initramfs.
	bake
	output_has "$refuses: "
}

@test "--no-check and check=warn bake it, and say so; check=off is silence" {
	local words="kpatch-early: bake: $store/$k/$bad: $why"
	stored "$bad"
	bake --no-check
	[ "$status" -eq 0 ]
	output_has "$words"
	output_has "; it is baked all the same"
	is_baked "$bad"
	rm "$manifest"
	echo check=warn >"$settings"
	bake
	[ "$status" -eq 0 ]
	output_has "$words"
	is_baked "$bad"
	rm "$manifest"
	echo check=off >"$settings"
	for option in "" --no-check; do
		bake $option
		[ "$status" -eq 0 ]
		[[ $output != *check* ]]
		is_baked "$bad"
	done
}

@test "a required patch that is refused keeps its line, without a file" {
	stored "$bad"
	echo "$k $bad required" >"$root/etc/kpatch-early/manifest.d/a.conf"
	bake
	[ "$status" -eq 1 ]
	output_has "$bad, required for $k, has its line in the manifest without a file"
	grep -q "^$k $bad .* required" "$manifest"
	[ ! -e "$baked/$k/$bad" ]
}

@test "without a kernel's file the patches are baked, and that is said once where its modules are" {
	stored "$bad" lp_version.ko
	rm "$root/boot/vmlinuz-$k"
	bake
	[ "$status" -eq 0 ]
	[ "$(grep -c "no file of it is in /boot or /lib/modules; whether that kernel would load its patches is not checked" <<<"$output")" -eq 1 ]
	is_baked "$bad"
	rm -r "$root/lib/modules"
	bake
	[ "$status" -eq 0 ]
	[[ $output != *"not checked"* ]]
	echo nonsense >"$root/boot/vmlinuz-$k"
	bake
	[ "$status" -eq 0 ]
	[ "$(grep -c "it is no kernel of a format that is known; whether that kernel" <<<"$output")" -eq 1 ]
}

@test "a drop-in's build id of another kernel is refused, and its own one is not" {
	local id
	stored lp_version.ko
	echo "$k lp_version.ko buildid=0123456789abcdef0123456789abcdef01234567" >"$root/etc/kpatch-early/manifest.d/a.conf"
	bake
	[ "$status" -eq 1 ]
	output_has "rule 13: the kernel's build id is "
	id=$(sed "s/.*build id is \([0-9a-f]*\),.*/\1/;t;d" <<<"$output")
	echo "$k lp_version.ko buildid=$id" >"$root/etc/kpatch-early/manifest.d/a.conf"
	bake
	[ "$status" -eq 0 ]
	is_baked lp_version.ko
}

@test "an overlay has no patch that is refused, but with --no-check" {
	local overlay=$BATS_TEST_TMPDIR/overlay
	stored "$bad"
	run "$program" overlay -k "$k" --root "$root" -o "$overlay"
	[ "$status" -eq 1 ]
	output_has "$why"
	[ ! -e "$overlay" ]
	run "$program" overlay -k "$k" --root "$root" --no-check -o "$overlay"
	[ "$status" -eq 0 ]
	output_has "$why"
	[ -s "$overlay" ]
}

@test "install refuses what the kernel would, but with --no-check" {
	with_program
	cp "$samples/$bad" "$samples/lp_version.ko" "$root/"
	inside install -k "$k" "$bad" lp_version.ko
	[ "$status" -eq 1 ]
	output_has "kpatch-early: install: $bad: $why"
	output_has "; it is not installed"
	[ ! -e "$store/$k/$bad" ]
	[ -e "$store/$k/lp_version.ko" ]
	inside install -k "$k" --no-check "$bad"
	[ "$status" -eq 0 ]
	output_has "; it is installed all the same"
	[ -e "$store/$k/$bad" ]
	inside uninstall -k "$k" --no-check "$bad"
	[ "$status" -eq 2 ]
}

@test "what was found out is kept, until the kernel, its modules or the patch is another one" {
	with_program
	stored "$bad" lp_version.ko
	inside bake -k "$k"
	output_has "$why"
	[ "$(wc -l <"$cache")" -eq 3 ]
	for change in "touch $root/boot/vmlinuz-$k" "touch $root/lib/modules/$k/modules.dep"; do
		sed -i 's/rule 10: .*/rule 10: KEPT/' "$cache"
		inside bake -k "$k" --output /elsewhere
		output_has "rule 10: KEPT; it is not baked"
		$change
		inside bake -k "$k" --output /elsewhere
		output_has "$why"
	done
	sed -i 's/rule 10: .*/rule 10: KEPT/' "$cache"
	echo >>"$store/$k/$bad"
	inside bake -k "$k"
	output_has "$why"
	[ "$(wc -l <"$cache")" -eq 4 ]
}

@test "of another root nothing is kept" {
	stored "$bad"
	bake
	output_has "$why"
	[ ! -e "$root/var/cache" ]
}
