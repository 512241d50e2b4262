#!/usr/bin/env -S bats --tap
# SPDX-License-Identifier: GPL-2.0-or-later
# Kernels without live patching of their own, whose patches need kpatch's core module: where it is found, and what its two
# layouts of sysfs tell, that before kpatch 0.4 and that since.

load helpers

layouts=(sys/kernel/kpatch/patches sys/kernel/kpatch)
places=(usr/local/lib/kpatch/R usr/lib/kpatch/R usr/local/lib/modules/R/extra/kpatch usr/lib/modules/R/extra/kpatch
	lib/modules/R/extra/kpatch)

setup() {
	fake_root
	k=$release
	out=$BATS_TEST_TMPDIR/out
	mkdir -p "$root/usr/sbin" "$(dirname "$file")"
	cp "$top/build/kpatch-early" "$root/usr/sbin/"
}

# core_module FILE [RELEASE]: kpatch.ko for this kernel
core_module() { module "$1" "vermagic=${2:-$k} SMP mod_unload modversions " depends= license=GPL; }

no_core_module() { rm -rf "${root:?}"/{usr/local,usr/lib/kpatch,usr/lib/modules,lib}; }

# of_core FILE [RELEASE]: a patch as kpatch-build made it for kernels before 4.0: no name=, no livepatch=Y
of_core() { module "$1" depends=kpatch license=GPL "parm=replace:replace all previously loaded patch modules" "vermagic=${2:-$k} SMP mod_unload modversions "; }

# core_line FILE [OPTION...]: a good one in the baked tree, and its line
core_line() {
	of_core "$baked/$k/$1"
	echo "$k $1 sha256=$(sum "$baked/$k/$1") ${*:2}" >>"$manifest"
}

# core_tells LAYOUT NAME [ENABLED]: the core module is loaded, and says this of a patch
core_tells() {
	mkdir -p "$root/sys/module/kpatch" "$root/$1/$2"
	echo "${3:-1}" >"$root/$1/$2/enabled"
	echo 0123 >"$root/$1/$2/checksum"
}

# loading [RESULT]: apply, with each load a success, or with this result
loading() {
	without_verdict
	run strace -f -y -s 5000 -qq -o "$BATS_TEST_TMPDIR/strace" -e "trace=finit_module,fork,clone,$sleeps" \
		-e "inject=finit_module:${1:-retval=0}" "$early" apply --root "$root"
}

# loads: what the kernel got in the trace, in order, as FILE(OPTIONS)
loads() {
	sed -n 's,.*finit_module([0-9]*<.*/\([^/>]*\)>\, "\(.*\)"\, [0-9A-Z_]*).*,\1(\2),p' "$BATS_TEST_TMPDIR/strace" | paste -sd ' '
}

inside() { run chroot "$root" /usr/sbin/kpatch-early "$@"; }
bake() { run "$program" bake -k "$k" --root "$root" --output "$out"; }

@test "the core module is loaded first, from each place in which kpatch looks for it, and from where depmod has it" {
	core_line lp_a.ko
	mkdir -p "$root/${layouts[1]}/lp_a"
	echo 1 >"$root/${layouts[1]}/lp_a/enabled"
	for place in "${places[@]}"; do
		core_module "$root/${place/R/$k}/kpatch.ko"
		loading
		[ "$status" -eq 0 ]
		[ "$(loads)" = "kpatch.ko() lp_a.ko()" ]
		grep -q "finit_module([0-9]*<$root/${place/R/$k}/kpatch.ko>" "$BATS_TEST_TMPDIR/strace"
		file_has '^patch=lp_a outcome=applied'
		no_core_module
	done
	core_module "$root/lib/modules/$k/updates/dkms/kpatch.ko"
	depmod -b "$root" "$k"
	core_module "$root/usr/lib/kpatch/$k/kpatch.ko"
	loading
	grep -q "finit_module([0-9]*<$root/lib/modules/$k/updates/dkms/kpatch.ko>" "$BATS_TEST_TMPDIR/strace"
}

@test "its options and its install line are those of modprobe.d; where it is loaded already, it is not loaded again" {
	core_line lp_a.ko
	core_module "$root/usr/lib/kpatch/$k/kpatch.ko"
	mkdir -p "$root/etc/modprobe.d"
	echo "options kpatch a=1" >"$root/etc/modprobe.d/a.conf"
	loading
	[ "$(loads)" = "kpatch.ko(a=1) lp_a.ko()" ]
	core_tells "${layouts[1]}" lp_a
	loading
	[ "$(loads)" = "lp_a.ko()" ]
	[ "$status" -eq 0 ]
	rm -r "$root/sys/module/kpatch"
	echo "install kpatch /bin/true" >"$root/etc/modprobe.d/a.conf"
	loading
	file_has 'step=depends reason="it needs module kpatch, which is not loaded: modprobe.d has an install line for it"'
}

@test "a core module that is nowhere, or for another kernel alone: the patch is not tried" {
	core_line lp_a.ko
	core_module "$root/usr/lib/kpatch/$k-other/kpatch.ko"
	loading
	[ "$status" -eq 1 ]
	[ -z "$(loads)" ]
	file_has 'patch=lp_a outcome=failed .* step=depends reason="it needs module kpatch, which is neither loaded nor in lib/modules"'
	apply --dry-run
	output_has 'step=depends'
}

@test "a needed module of another name is not looked for where the core module is" {
	module "$baked/$k/lp_a.ko" name=lp_a livepatch=Y depends=kpatch_x "vermagic=$k x"
	echo "$k lp_a.ko sha256=$(sum "$baked/$k/lp_a.ko")" >"$manifest"
	core_module "$root/usr/lib/kpatch/$k/kpatch_x.ko"
	loading
	[ -z "$(loads)" ]
	file_has 'step=depends reason="it needs module kpatch_x'
}

@test "in force is what enabled says, in both layouts, and there is no transition to wait for" {
	for layout in "${layouts[@]}"; do
		rm -rf "$root/sys/kernel/kpatch" "$manifest"
		core_line lp_a.ko
		core_line lp_b.ko
		core_tells "$layout" lp_a
		core_tells "$layout" lp_b 0
		loading
		[ "$status" -eq 1 ]
		[ "$(loads)" = "lp_a.ko() lp_b.ko()" ]
		file_has '^patch=lp_a outcome=applied ms=[0-9]* step=done reason=""'
		file_has '^patch=lp_b outcome=failed ms=[0-9]* step=enable reason="its init returned without enabling it; its module stays loaded"'
		[ "$(slept_ms)" -eq 0 ]
	done
}

@test "a second run finds the patch in force, in both layouts" {
	for layout in "${layouts[@]}"; do
		rm -rf "$root/sys/kernel/kpatch" "$manifest"
		core_line lp_a.ko
		core_tells "$layout" lp_a
		loaded lp_a "$baked/$k/lp_a.ko"
		loading
		[ "$status" -eq 0 ]
		[ -z "$(loads)" ]
		file_has '^patch=lp_a outcome=already'
	done
}

@test "EBUSY of the core module is tried again twice a second until transition_timeout=, and keeps no later patch waiting" {
	echo transition_timeout=2 >"$root/etc/kpatch-early/kpatch-early.conf"
	core_line lp_a.ko
	core_line lp_b.ko
	core_tells "${layouts[1]}" lp_a 0
	loading error=EBUSY
	[ "$status" -eq 1 ]
	a=$(grep -c 'finit_module([0-9]*<.*/lp_a.ko>' "$BATS_TEST_TMPDIR/strace") b=$(grep -c 'finit_module([0-9]*<.*/lp_b.ko>' "$BATS_TEST_TMPDIR/strace")
	[ "$a" -gt 1 ]
	[ "$a" -le 5 ]
	[ "$b" -eq 1 ]
	[ "$(slept_ms)" -eq $((500 * (a - 1))) ]
	file_has '^patch=lp_a outcome=failed .* step=load'
}

@test "what the core module says of EBUSY is the reason" {
	core_line lp_a.ko
	core_tells "${layouts[1]}" lp_a 0
	# The log is read from where it ended before the load. Without the core module nothing is waited for.
	loading error=EBUSY 3>&- &
	until_true grep -qs 'lp_a.ko>' "$BATS_TEST_TMPDIR/strace"
	echo "3,100,1,-;kpatch: activeness safety check failed for 'f'" >>"$root/dev/kmsg"
	rm -r "$root/sys/kernel/kpatch"
	wait $!
	file_has "the kernel says: kpatch: activeness safety check failed for 'f'"
}

@test "the core module gets no helpers, which are for transitions" {
	mkdir -p "$root/sys/devices/system/cpu"
	echo 0-1 >"$root/sys/devices/system/cpu/online"
	forks() { grep -cE '(fork|clone)\(' "$BATS_TEST_TMPDIR/strace"; }
	core_line lp_a.ko
	core_tells "${layouts[0]}" lp_a
	loading
	[ "$(forks)" -eq 1 ]	# the worker
	rm -r "$root/sys/kernel/kpatch"
	enabled lp_a
	loading
	[ "$(forks)" -eq 3 ]
}

@test "ENODEV of one patch does not keep the next from being tried while there is a core module" {
	core_line lp_a.ko
	core_line lp_b.ko
	core_tells "${layouts[1]}" lp_x
	loading error=ENODEV
	[ "$(loads)" = "lp_a.ko() lp_b.ko()" ]
	file_has "patch=lp_b outcome=failed .*patch's own init refused"
}

@test "a second run does not load what a patch has replaced that was loaded by hand with replace=1" {
	core_line lp_a.ko
	core_line lp_b.ko
	core_tells "${layouts[1]}" lp_b
	loaded lp_b "$baked/$k/lp_b.ko"
	mkdir -p "$root/sys/module/lp_b/parameters"
	echo Y >"$root/sys/module/lp_b/parameters/replace"
	loading
	[ -z "$(loads)" ]
	file_has '^patch=lp_a outcome=skipped'
	echo N >"$root/sys/module/lp_b/parameters/replace"
	loading
	[ "$(loads)" = "lp_a.ko()" ]
}

@test "rollback turns off in both layouts, and tries again while the core module says EBUSY" {
	: >"$root/etc/initrd-release"
	for layout in "${layouts[@]}"; do
		rm -rf "$root/sys/kernel/kpatch" "$manifest"
		core_line lp_a.ko
		core_line lp_b.ko
		core_tells "$layout" lp_a
		core_tells "$layout" lp_b
		loading
		run strace -f -qq -P "$root/$layout/lp_b/enabled" -o "$BATS_TEST_TMPDIR/strace" -e trace=write \
			-e inject=write:error=EBUSY:when=1..2 "$early" rollback --root "$root"
		output_has "the root did not come, so 2 patches were turned off"
		[ "$(grep -c EBUSY "$BATS_TEST_TMPDIR/strace")" -eq 2 ]
		for name in lp_a lp_b; do
			[ "$(head -c 1 "$root/$layout/$name/enabled")" = 0 ]
			file_has "^patch=$name outcome=skipped .* step=guard"
		done
	done
}

@test "list prints what kpatch prints of both layouts, and status agrees" {
	for layout in "${layouts[@]}"; do
		rm -rf "$root/sys/kernel/kpatch" "$manifest"
		core_line lp_on.ko
		core_tells "$layout" lp_on
		core_tells "$layout" lp_off 0
		inside list
		[ "$status" -eq 0 ]
		[ "$(sed '/^kpatch-early:/d' <<<"$output")" = "Loaded patch modules:
lp_off [disabled]
lp_on [enabled]

Installed patch modules:" ]
		loading
		inside status
		output_has "patched: 1 of 1 live patches in force"
		output_has "lp_on"
	done
}

@test "info tells of a patch of the core module what it is, and whether it is in force" {
	of_core "$store/$k/lp_a.ko"
	run "$program" info "$store/$k/lp_a.ko"
	[ "$status" -eq 0 ]
	output_has "patches:        (cannot be read from this file)"
	output_has "depends:        kpatch"
	for layout in "${layouts[@]}"; do
		rm -rf "$root/sys/kernel/kpatch"
		core_tells "$layout" lp_gone
		inside info lp_gone
		[ "$status" -eq 0 ]
		output_has "loaded:         yes, enabled"
		echo 0 >"$root/$layout/lp_gone/enabled"
		inside info lp_gone
		output_has "loaded:         yes, disabled"
	done
}

@test "info lists what a patch in the kernel patches; before 0.4 the core module told no objects" {
	core_tells "${layouts[1]}" lp_gone
	for function in vmlinux/b_show,1 vmlinux/a_show,2 ext4/read,1; do
		mkdir -p "$root/${layouts[1]}/lp_gone/$function"
	done
	inside info lp_gone
	[ "$(grep ^patches <<<"$output")" = "patches:        ext4: read
patches:        vmlinux: a_show, b_show" ]
	rm -r "$root/sys/kernel/kpatch"
	core_tells "${layouts[0]}" lp_gone
	mkdir -p "$root/${layouts[0]}/lp_gone/functions/"{b_show,a_show}
	: >"$root/${layouts[0]}/lp_gone/functions/a_show/old_addr"
	inside info lp_gone
	[ "$(grep ^patches <<<"$output")" = "patches:        (objects not told): a_show, b_show" ]
}

@test "install takes a patch of the core module, which has no livepatch=Y" {
	of_core "$BATS_TEST_TMPDIR/lp_a.ko"
	mkdir "$root/tmp"
	cp "$BATS_TEST_TMPDIR/lp_a.ko" "$root/tmp/"
	run unshare --mount sh -c 'mount --bind /proc "$0/proc" && exec chroot "$0" /usr/sbin/kpatch-early install /tmp/lp_a.ko' "$root"
	[ "$status" -eq 0 ]
	cmp "$BATS_TEST_TMPDIR/lp_a.ko" "$store/$k/lp_a.ko"
}

@test "bake brings the core module, once, from wherever it is, and apply of the tree loads it first" {
	of_core "$store/$k/lp_a.ko"
	of_core "$store/$k/lp_b.ko"
	for place in "${places[@]}"; do
		from=$root/${place/R/$k}/kpatch.ko
		core_module "$from"
		bake
		[ "$status" -eq 0 ]
		[ "$(grep -c "^baked kpatch.ko for $k, which its patches need$" <<<"$output")" -eq 1 ]
		cmp "$from" "$out/usr/lib/kpatch/$k/kpatch.ko"
		[ "$(stat -c %a "$out/usr/lib/kpatch/$k/kpatch.ko")" = 644 ]
		no_core_module
	done
	[ "$(grep -c kpatch.ko "$out/etc/kpatch-early/manifest")" -eq 0 ]
	cp -r "$root"/{proc,sys,dev} "$out/"
	mkdir -p "$out/run"
	root=$out
	loading
	[ "$(loads)" = "kpatch.ko() lp_a.ko() kpatch.ko() lp_b.ko()" ]	# the fake sysfs never says that it is loaded
}

@test "a core module that only modules.dep knows, compressed, is baked as apply can load it" {
	of_core "$store/$k/lp_a.ko"
	core_module "$root/lib/modules/$k/updates/dkms/kpatch.ko"
	module "$root/lib/modules/$k/kernel/kpatch.ko.d/other.ko" name=other
	cp "$root/lib/modules/$k/updates/dkms/kpatch.ko" "$BATS_TEST_TMPDIR/"
	xz "$root/lib/modules/$k/updates/dkms/kpatch.ko"
	printf '%s\n' kernel/kpatch.ko.d/other.ko: "updates/dkms/kpatch.ko.xz:" >"$root/lib/modules/$k/modules.dep"
	bake
	[ "$status" -eq 0 ]
	cmp "$BATS_TEST_TMPDIR/kpatch.ko" "$out/usr/lib/kpatch/$k/kpatch.ko"
}

@test "a tree in its own root gets no second core module, and patches of the kernel's own need none" {
	of_core "$store/$k/lp_a.ko"
	core_module "$root/usr/local/lib/kpatch/$k/kpatch.ko"
	run "$program" bake -k "$k" --root "$root"
	[ "$status" -eq 0 ]
	[ "$output" = "baked lp_a.ko for $k, $(stat -c %s "$store/$k/lp_a.ko") bytes" ]
	[ ! -e "$root/usr/lib/kpatch" ]
	patch "$store/$k/lp_a.ko" "$k"
	bake
	[ "$status" -eq 0 ]
	[ ! -e "$out/usr/lib/kpatch" ]
}

@test "a core module that is missing is told; one that is another kernel's, or that others can write, is not baked" {
	of_core "$store/$k/lp_a.ko"
	bake
	[ "$status" -eq 0 ]
	output_has "kpatch-early: bake: there is no kpatch.ko for $k below $root/, which its patches need: an initramfs that has none either does not load them"
	core=$root/usr/lib/kpatch/$k/kpatch.ko
	core_module "$core" 3.10.0-other
	bake
	[ "$status" -eq 1 ]
	output_has "kpatch-early: bake: $core: it is for another kernel; it is not baked, and the patches for $k need it"
	core_module "$core"
	chmod o+w "$core"
	bake
	[ "$status" -eq 1 ]
	output_has "kpatch-early: bake: $core: "
	echo x >"$core"
	chmod 644 "$core"
	bake
	[ "$status" -eq 1 ]
	output_has "it cannot be read as a module; it is not baked"
	[ -z "$(find "$out" -name 'kpatch.ko*')" ]
	grep -q "^$k lp_a.ko " "$out/etc/kpatch-early/manifest"
}

@test "a core module that cannot be written leaves the tree as it was" {
	of_core "$store/$k/lp_a.ko"
	core_module "$root/usr/lib/kpatch/$k/kpatch.ko"
	mkdir -p "$out/usr/lib"
	: >"$out/usr/lib/kpatch"
	bake
	[ "$status" -eq 1 ]
	output_has "$out/usr/lib/kpatch/$k/kpatch.ko: Not a directory; the manifest is not written"
	[ -z "$(find "$out" -name '*.ko*' -o -name manifest)" ]
}

@test "the core module is no patch: bake and info say so" {
	core_module "$store/$k/kpatch.ko"
	bake
	[ "$status" -eq 1 ]
	output_has "kpatch.ko: it is not a live patch (neither livepatch=Y nor depends=kpatch); it is not baked"
	run "$program" info "$store/$k/kpatch.ko"
	output_has "patches:        nothing: it is no live patch (neither livepatch=Y nor depends=kpatch)"
}

@test "a module without name= in a file of another name is not baked, since apply would not know it again" {
	core_module "$root/usr/lib/kpatch/$k/kpatch.ko"
	printf '%s\n' '.section .modinfo,"a"; .string "depends=kpatch"' ".string \"vermagic=$k SMP \"" \
		'.section .gnu.linkonce.this_module,"aw"; .zero 24; .string "kpatch_cve"; .zero 100' >"$BATS_TEST_TMPDIR/a.s"
	mkdir -p "$store/$k"
	as -o "$store/$k/renamed.ko" "$BATS_TEST_TMPDIR/a.s"
	bake
	[ "$status" -eq 1 ]
	output_has "renamed.ko: its module calls itself kpatch_cve, which only the file's name could tell: name the file kpatch_cve.ko; it is not baked"
	mv "$store/$k/renamed.ko" "$store/$k/kpatch-cve.ko"
	bake
	[ "$status" -eq 0 ]
	grep -q "^$k kpatch-cve.ko " "$out/etc/kpatch-early/manifest"
}

@test "several patches of the core module are in force together, so nothing is said of replacing" {
	core_module "$root/usr/lib/kpatch/$k/kpatch.ko"
	for name in lp_a lp_b; do
		of_core "$BATS_TEST_TMPDIR/$name.o"
		echo '.section .kpatch.funcs, "a"; .quad 0, 16, 0, 16, 0, 0' | as -o "$BATS_TEST_TMPDIR/funcs.o" -
		mkdir -p "$store/$k"
		ld -r -o "$store/$k/$name.ko" "$BATS_TEST_TMPDIR/$name.o" "$BATS_TEST_TMPDIR/funcs.o"
	done
	bake
	[ "$status" -eq 0 ]
	[[ $output != *replace* ]]
}

@test "an overlay has the core module, and apply of what it unpacks to loads it first" {
	of_core "$store/$k/lp_a.ko"
	core_module "$root/lib/modules/$k/extra/kpatch/kpatch.ko"
	run "$program" overlay -k "$k" --root "$root" --compress=none -o "$BATS_TEST_TMPDIR/o.cpio"
	[ "$status" -eq 0 ]
	mkdir -p "$out/run"
	(cd "$out" && cpio -idm --quiet <"$BATS_TEST_TMPDIR/o.cpio")
	cmp "$root/lib/modules/$k/extra/kpatch/kpatch.ko" "$out/usr/lib/kpatch/$k/kpatch.ko"
	cp -r "$root"/{proc,sys,dev} "$out/"
	root=$out
	loading
	[ "$(loads)" = "kpatch.ko() lp_a.ko()" ]
}

@test "dracut 033 has no SYSTEMCTL: the units are linked all the same" {
	patch "$store/$k/lp_a.ko" "$k"
	install -D -m 755 "$top/build/early/kpatch-early" "$root/usr/lib/kpatch-early/kpatch-early"
	mkdir "$BATS_TEST_TMPDIR/initdir"
	run bash -c '
		dinfo() { echo "$@"; }; derror() { echo "error: $@"; }; inst_hook() { :; }
		inst_simple() { command install -D -m 644 "$1" "'"$BATS_TEST_TMPDIR"'/initdir$2"; }
		dracut_module_included() { [ "$1" = systemd ]; }
		. '"$top"'/dracut-module/50kpatch-early/module-setup.sh
		unset SYSTEMCTL dracutsysrootdir DRACUT_TMPDIR
		moddir='"$top"'/dracut-module/50kpatch-early systemdsystemunitdir=/usr/lib/systemd/system
		kpatch_early_root='"$root kernel=$k"' initdir='"$BATS_TEST_TMPDIR/initdir"'
		check && install'
	[ "$status" -eq 0 ]
	[[ $output != *error* ]]
	for link in sysinit.target.wants/kpatch-early.service initrd.target.wants/kpatch-early-rollback.service; do
		unit=$(readlink "$BATS_TEST_TMPDIR/initdir/etc/systemd/system/$link")
		cmp "$BATS_TEST_TMPDIR/initdir$unit" "$top/dracut-module/50kpatch-early/${link#*/}"
	done
}
