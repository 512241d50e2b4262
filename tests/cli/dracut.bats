#!/usr/bin/env -S bats --tap
# Initramfs images by this machine's own dracut, of a kernel of a few modules, with our dracut module.

load helpers

setup() {
	fake_root
	cd "$top"
	k=$release
	modules=$BATS_TEST_TMPDIR/kernel/lib/modules/$k
	image=$BATS_TEST_TMPDIR/initrd.img
	unpacked=$BATS_TEST_TMPDIR/unpacked
	mkdir -p "$BATS_TEST_TMPDIR"/{conf.d,tmp,bin}
	# The machine that the images are for has programs that do not run here: its e_machine is that of arm64.
	ln -s "$program" "$BATS_TEST_TMPDIR/bin/"
	install -D -m 755 build/kpatch-early "$root/usr/sbin/kpatch-early"
	install -D -m 755 build/early/kpatch-early "$root/usr/lib/kpatch-early/kpatch-early"
	for file in "$root"/usr/{sbin,lib/kpatch-early}/kpatch-early; do
		printf '\267' | dd of="$file" bs=1 seek=18 conv=notrunc status=none
	done
	kernel "$modules"
}

# kernel FOLDER: lib/modules/$k with crc7 built in, dep-a, which needs what dep_b exports, and a watchdog's driver
kernel() {
	module "$1/kernel/dep-a.ko" name=dep_a "vermagic=$k SMP "
	printf '%s\n' '.section .modinfo,"a"; .string "name=dep_a"; .string "depends=dep_b"; .data; .quad dep_b_function' |
		as -o "$1/kernel/dep-a.ko" -
	printf '%s\n' '.section .modinfo,"a"; .string "name=dep_b"; .section __ksymtab_strings,"a"; .string "dep_b_function"' |
		as -o "$1/kernel/dep_b.ko" -
	module "$1/kernel/drivers/watchdog/dog.ko" name=dog "alias=platform:dog"
	xz "$1/kernel/dep-a.ko" "$1/kernel/drivers/watchdog/dog.ko"
	echo kernel/lib/crc7.ko >"$1/modules.builtin"
	printf 'crc7.license=GPL\0' >"$1/modules.builtin.modinfo"
	: >"$1/modules.order"
	depmod -b "${1%/lib/modules/*}" "$k"
}

# dracut_tree FOLDER: dracut's own files there, with our module
dracut_tree() {
	mkdir -p "$1"
	cp -a /usr/lib/dracut/. "$1/"
	rm -rf "$1/modules.d/50kpatch-early"
	cp -a dracut-module/50kpatch-early "$1/modules.d/"
}

# dracut_q LINE...: dracut -q with these lines in dracut.conf, besides those that keep the image small
dracut_q() {
	[[ -d $BATS_TEST_TMPDIR/dracut ]] || dracut_tree "$BATS_TEST_TMPDIR/dracut"
	printf '%s\n' "kpatch_early_root=$root" 'dracutmodules=" kpatch-early "' hostonly=no 'drivers=" "' "$@" \
		>"$BATS_TEST_TMPDIR/dracut.conf"
	rm -f "$image"
	DRACUT_PATH="$BATS_TEST_TMPDIR/bin /sbin /bin /usr/sbin /usr/bin" dracutbasedir=$BATS_TEST_TMPDIR/dracut run dracut -q --conf "$BATS_TEST_TMPDIR/dracut.conf" \
		--confdir "$BATS_TEST_TMPDIR/conf.d" --kmoddir "$modules" --kver "$k" --tmpdir "$BATS_TEST_TMPDIR/tmp" --force "$image"
	output=$(sed 's/^dracut\[[A-Z]\]:/dracut:/' <<<"$output")	# dracut 106 has the level there
}

# unpack: $unpacked gets what the kernel would make of the image
unpack() {
	rm -rf "$unpacked"
	mkdir "$unpacked"
	(cd "$unpacked" && lsinitrd --unpack "$image")
}

# depends NAME MODULE,... [FOLDER]: a patch, of the store unless FOLDER is named, that needs these modules
depends() { module "${3-$store/$k}/$1.ko" "name=$1" livepatch=Y license=GPL "depends=$2" "vermagic=$k SMP mod_unload "; }

@test "a patch that is compressed has its dependencies in the image, as apply can load them, and lsinitrd shows the manifest" {
	depends lp_a dep-a,crc7
	gzip "$store/$k/lp_a.ko"
	dracut_q
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	unpack
	# This machine's program has baked, and the other machine's is in the image.
	cmp "$unpacked/usr/sbin/kpatch-early" "$root/usr/lib/kpatch-early/kpatch-early"
	# docs/debian.md has these words. hardlink(1), which dracut runs, must not have made one file of it and of the copy.
	type -P hardlink
	grep -q '^ *lsinitrd -f etc/kpatch-early/manifest' docs/debian.md
	[ "$(lsinitrd -f etc/kpatch-early/manifest "$image")" = "$(cat "$unpacked/etc/kpatch-early/manifest")" ]
	grep -q "^$k lp_a.ko sha256=" "$unpacked/etc/kpatch-early/manifest"
	cmp "$unpacked/usr/lib/dracut/kpatch-early/manifest" "$unpacked/etc/kpatch-early/manifest"
	# Nothing tells that this kernel can unpack a module, so none is compressed that apply loads.
	[ "$(cd "$unpacked/usr/lib/modules/$k" && find . -name '*.ko*' | sort | tr '\n' ' ')" = \
		"./kernel/dep_b.ko ./updates/kpatch-early/dep-a.ko ./updates/kpatch-early/dog.ko " ]
	cp -r "$root"/{proc,sys,dev} "$unpacked/"
	mkdir -p "$unpacked/run"
	run strace -f -qq -y -o "$BATS_TEST_TMPDIR/strace" -e trace=finit_module -e inject=finit_module:retval=0 \
		"$early" apply --root "$unpacked"
	[ "$(sed -n "s|.*finit_module([0-9]*<.*/\([^/]*\)>, \"\", \([0-9A-Z_]*\)).*|\1 \2|p" "$BATS_TEST_TMPDIR/strace" | tr '\n' ' ')" = \
		"dep_b.ko 0 dep-a.ko 0 lp_a.ko 0 " ]
}

@test "a patch that needs kpatch's core module has it in the image, from where dracut does not look, and nothing is missed" {
	depends lp_a kpatch
	module "$root/usr/lib/kpatch/$k/kpatch.ko" "vermagic=$k SMP "
	dracut_q kpatch_early_strict=yes
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	unpack
	cmp "$root/usr/lib/kpatch/$k/kpatch.ko" "$unpacked/usr/lib/kpatch/$k/kpatch.ko"
	rm -r "$root/usr/lib/kpatch"
	dracut_q
	output_has "dracut: kpatch-early: bake: there is no kpatch.ko for $k below $root/"
	output_has "dracut: kpatch-early: lp_a.ko needs kpatch, which is no module of $k, so the patch is not loaded"
}

# unpacks SUFFIX [LINE...]: whether the module takes the kernel with these lines in /boot/config-R for able to unpack
unpacks() {
	mkdir -p "$root/boot"
	printf '%s\n' "${@:2}" >"$root/boot/config-$k"
	(
		. dracut-module/50kpatch-early/module-setup.sh
		srcmods=$modules kernel=$k kpatch_early_kernel_unpacks "$root" "$1"
	)
}

@test "a kernel without MODULE_DECOMPRESS, as before 5.17, or for another format does not unpack" {
	unpacks xz CONFIG_MODULE_COMPRESS_XZ=y CONFIG_MODULE_DECOMPRESS=y
	unpacks zst CONFIG_MODULE_COMPRESS_ZSTD=y CONFIG_MODULE_DECOMPRESS=y
	unpacks gz CONFIG_MODULE_COMPRESS_GZIP=y CONFIG_MODULE_DECOMPRESS=y
	for lines in "xz CONFIG_MODULE_COMPRESS_XZ=y" "gz CONFIG_MODULE_COMPRESS_XZ=y CONFIG_MODULE_DECOMPRESS=y" \
		"xz CONFIG_MODULE_COMPRESS_XZ=y #CONFIG_MODULE_DECOMPRESS=y" "xz"; do
		# shellcheck disable=SC2086 # words
		unpacks $lines && return 1
	done
	k=no-such-kernel
	rm -r "$root/boot"
	. dracut-module/50kpatch-early/module-setup.sh
	! srcmods=$modules kernel=$k kpatch_early_kernel_unpacks "$root" xz
}

@test "dracut -q says why a required patch is not baked, its line is in the image, and kpatch_early_strict=yes ends the build" {
	depends lp_a dep_a
	patch "$store/$k/lp_b.ko" 6.2.0-other
	depends lp_c nowhere
	printf '%s\n' CONFIG_MODULE_DECOMPRESS=y CONFIG_MODULE_COMPRESS_XZ=y >"$modules/config"
	mkdir -p "$root/etc/kpatch-early/manifest.d"
	printf '%s\n' "$k lp_b.ko required" "$k lp_gone.ko required" >"$root/etc/kpatch-early/manifest.d/10.conf"
	dracut_q
	[ "$status" -eq 0 ]
	output_has "dracut: kpatch-early: bake: $store/$k/lp_b.ko: it is for kernel 6.2.0-other, not $k; it is not baked"
	output_has "dracut: kpatch-early: bake: lp_gone.ko, required in $root/etc/kpatch-early/manifest.d/10.conf, is not there"
	output_has "dracut: kpatch-early: not every patch for $k is in this initramfs, for these reasons"
	output_has "dracut: kpatch-early: lp_c.ko needs nowhere, which is no module of $k, so the patch is not loaded"
	[ "$(lsinitrd -f etc/kpatch-early/manifest "$image" | grep -c "^$k lp_\(b\|gone\).ko sha256=0\{64\} required")" -eq 2 ]
	# This kernel unpacks its modules by itself.
	[ "$(lsinitrd "$image" | grep -o '[a-z]*/dep-a.ko.*')" = kernel/dep-a.ko.xz ]
	dracut_q kpatch_early_strict=yes
	[ "$status" -eq 1 ]
	output_has "dracut: kpatch-early: no initramfs is made, since dracut.conf says kpatch_early_strict=yes"
	[ ! -e "$image" ]
	[ -z "$(ls "$BATS_TEST_TMPDIR/tmp")" ]
}

@test "dracut -q says which drop-in is wrong, and that no patch is in the image; with kpatch_early_strict=yes there is no image" {
	patch "$store/$k/lp_a.ko" "$k"
	mkdir -p "$root/etc/kpatch-early/manifest.d"
	echo "$k lp_a.ko requird" >"$root/etc/kpatch-early/manifest.d/10.conf"
	dracut_q
	[ "$status" -eq 0 ]
	[ "$output" = "dracut: kpatch-early: bake: $root/etc/kpatch-early/manifest.d/10.conf line 1: unknown option
dracut: kpatch-early: bake: $k: wrong drop-in; the manifest is not written
dracut: kpatch-early: not every patch for $k is in this initramfs, for these reasons" ]
	[ "$(lsinitrd "$image" | grep -c -e etc/kpatch-early/manifest -e '/lp_a\.ko')" -eq 0 ]
	dracut_q kpatch_early_strict=yes
	[ "$status" -eq 1 ]
	[ ! -e "$image" ]
}

@test "dracut -q says which patches an image leaves out that is made before kpatch.service is enabled" {
	patch "$store/$k/lp_a.ko" "$k"
	mkdir -p "$root/usr/lib/systemd/system"
	printf '%s\n' '[Service]' ExecStart=/bin/true '[Install]' WantedBy=multi-user.target >"$root/usr/lib/systemd/system/kpatch.service"
	dracut_q
	[ "$status" -eq 0 ]
	[ "$output" = "dracut: kpatch-early: bake: kpatch.service is disabled, so no patch is baked
dracut: kpatch-early: bake: $store/$k/lp_a.ko: kpatch.service is disabled; it is not baked" ]
	[ "$(lsinitrd -f etc/kpatch-early/manifest "$image" | grep -c "^$k")" -eq 0 ]
}

@test "no link in the root leads to what is this machine's: store, program, settings, keys, the kernel's config, modprobe.d" {
	host=$(mktemp -d /tmp/kpatch-early-host-XXXXXX)
	mkdir -p "$host"/{kpatch/$k,conf/keys,lib,boot,modprobe.d,other} "$root$host"/{kpatch/$k,conf/keys,boot,other}
	mkdir -p "$root"/{var/lib,etc/modprobe.d,usr/lib/modprobe.d}
	# The machine's own, which nothing may take.
	patch "$host/kpatch/$k/lp_host.ko" "$k"
	echo "guard_modules=dep-a" >"$host/conf/kpatch-early.conf"
	echo key >"$host/conf/keys/host.pub"
	printf '%s\n' CONFIG_MODULE_DECOMPRESS=y CONFIG_MODULE_COMPRESS_XZ=y >"$host/boot/config-$k"
	echo "options dep_b host=1" | tee "$host/modprobe.d/a.conf" >"$host/other/b.conf"
	# The root's
	depends lp_root dep_b "$root$host/kpatch/$k"
	mv "$root/usr/lib/kpatch-early" "$root$host/lib"
	echo "guard_modules=dog" >"$root$host/conf/kpatch-early.conf"
	echo key >"$root$host/key"
	ln -s "$host/key" "$root$host/conf/keys/root.pub"
	echo "options dep_b root=1" >"$root$host/other/b.conf"
	rmdir "$root/etc/kpatch-early"
	ln -s "$host/kpatch" "$store"
	ln -s "$host/lib" "$root/usr/lib/kpatch-early"
	ln -s "$host/conf" "$root/etc/kpatch-early"
	ln -s "$host/boot" "$root/boot"
	ln -s "$host/modprobe.d" "$root/run/modprobe.d"
	ln -s "../../../../../../../../..$host/other/b.conf" "$root/etc/modprobe.d/b.conf"
	ln -s /dev/null "$root/etc/modprobe.d/c.conf"
	echo "options dep_b masked=1" >"$root/usr/lib/modprobe.d/c.conf"
	dracut_q
	rm -r "$host"
	[ "$status" -eq 0 ]
	output_has "this initramfs will refuse its manifest and load no patch: there are keys in $root$host/conf/keys"
	unpack
	cmp "$unpacked/usr/sbin/kpatch-early" "$root$host/lib/kpatch-early"
	[ "$(ls "$unpacked/usr/lib/kpatch-early/patches/$k")" = lp_root.ko ]
	[ "$(cat "$unpacked/etc/kpatch-early/kpatch-early.conf")" = guard_modules=dog ]
	[ "$(ls "$unpacked/etc/kpatch-early/keys")" = root.pub ]
	cmp "$unpacked/etc/kpatch-early/keys/root.pub" "$root$host/key"
	[ "$(cat "$unpacked/etc/modprobe.d/zz-kpatch-early.conf")" = "options dep_b root=1" ]
	# Without a config of the kernel's nothing tells that it unpacks modules.
	[ -e "$unpacked/usr/lib/modules/$k/updates/kpatch-early/dog.ko" ]
	[ -z "$(find "$unpacked" -name 'dep-a.ko*')" ]
}

@test "a path below the root is found as the kernel would find it there" {
	. dracut-module/50kpatch-early/module-setup.sh
	mkdir -p "$root/a/b"
	ln -s /a "$root/absolute"
	ln -s ../../../a/b "$root/a/up"
	ln -s loop "$root/loop"
	while read -r path found; do
		for top_of in "$root" "$root/"; do
			[ "$(kpatch_early_in "$top_of" "$path" | tr -s /)" = "$root$found" ] || { echo "$path: $(kpatch_early_in "$top_of" "$path")"; false; }
		done
	done <<-'END'
		/a/b/c /a/b/c
		//a/./b//c /a/b/c
		/absolute/b /a/b
		/a/up/../up/x /a/b/x
		/a/../../../absolute /a
		/missing/../a /a
		/loop/x /too-many-links
	END
	[ "$(kpatch_early_in "" "$root/a/b")" = "$(realpath "$root/a/b")" ]
}

@test "add_dracutmodules ends no build, with a patch for the kernel or without; a rescue or kdump image gets nothing" {
	dracut_q 'dracutmodules=" dash "' 'add_dracutmodules+=" kpatch-early "'
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	[ "$(lsinitrd -f etc/kpatch-early/manifest "$image" | grep -c "^$k")" -eq 0 ]
	# What names a kdump image is the module of kdump-utils; here one that does nothing.
	patch "$store/$k/lp_a.ko" "$k"
	mkdir "$BATS_TEST_TMPDIR/dracut/modules.d/99kdumpbase"
	echo 'check() { return 255; }' >"$BATS_TEST_TMPDIR/dracut/modules.d/99kdumpbase/module-setup.sh"
	dracut_q 'dracutmodules=" dash "' 'add_dracutmodules+=" kpatch-early kdumpbase "'
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	[ "$(lsinitrd "$image" | grep -c ' [a-z/]*kpatch-early\(/\|$\)')" -eq 0 ]
	. dracut-module/50kpatch-early/module-setup.sh
	for word in rescue kdump; do
		dracutmodules=all add_dracutmodules=" x	$word" kpatch_early_is_unwanted
	done
	dinfo() { echo "$@"; }
	add_dracutmodules=rescue run check
	[ "$status" -eq 255 ]
	[ "$output" = "kpatch-early: left out: this image is for rescue or kdump, or rebuild --without makes it" ]
	! dracutmodules=all add_dracutmodules=" earlykdump " force_add_dracutmodules=" my-rescue " kpatch_early_is_unwanted
}
