#!/usr/bin/env -S bats --tap
# The root does not come, in a fake root: what apply loaded is turned off. strace plays the kernel's delete_module.

load helpers

setup() {
	fake_root
	variable=$root/sys/firmware/efi/efivars/KpatchEarly-91a27a71-6d27-4412-b45b-14eb7aaea1b0
	mkdir -p "$root/proc/sys/kernel/random"
	: >"$root/etc/initrd-release"
	: >"$root/etc/kpatch-early/overlay"
	echo '# an overlay without a patch' >"$manifest.add"
	next_boot
}

next_boot() { tr -d '\n' </proc/sys/kernel/random/uuid >"$root/proc/sys/kernel/random/boot_id"; }

with_variable() {
	mkdir -p "${variable%/*}"
	"$program" bless --init --root "$root"
}

# loaded_at_boot NAME...: apply loaded these
loaded_at_boot() {
	local name
	for name in "$@"; do
		line "$name.ko"
		enabled "$name"
		echo 0 >"$root/sys/kernel/livepatch/$name/replace"
	done
	injected finit_module:retval=0
	: >"$root/dev/kmsg"
}

rolled_back() {
	run strace -f -qq -o "$BATS_TEST_TMPDIR/strace" -e trace=delete_module -e inject=delete_module:retval=0 \
		"$early" rollback --root "$root"
}

first_byte_is() { [ "$(head -c 1 "$root/sys/kernel/livepatch/$1/enabled")" = "$2" ]; }
driver_refused() { echo "4,100,1,-;livepatch: patch 'lp_a' failed for module 'sd', refusing to load module 'sd'" >"$root/dev/kmsg"; }
state_is() { [ "$("$top/build/record" state "$variable" 4)" = "$1" ] || { xxd "$variable"; false; }; }

@test "a running system is never reverted, nor is one that --root names" {
	loaded_at_boot lp_a
	before=$(sum "$file")
	rm "$root/etc/initrd-release"
	rolled_back
	[ "$status" -eq 2 ]
	output_has "rollback: this is no initramfs, and a running system is never reverted; nothing was done"
	first_byte_is lp_a 1
	[ "$before" = "$(sum "$file")" ]
	if [ ! -e /etc/initrd-release ] && [[ $(stat -fc %T /) != tmpfs && $(stat -fc %T /) != ramfs ]]; then
		run "$early" rollback
		[ "$status" -eq 2 ]
		run "$early" rollback --root /
		[ "$status" -eq 2 ]
	fi
	run "$early" rollback now
	[ "$status" -eq 2 ]
}

@test "all is turned off, the newest first, unloaded, and said in the log and in the status file" {
	line lp_bad.ko
	echo x >>"$baked/$release/lp_bad.ko"
	loaded_at_boot lp_a lp_b
	before=$(grep '^patch=lp_bad ' "$file")
	rolled_back
	[ "$status" -eq 0 ]
	[ "$output" = "the root did not come, so 2 patches were turned off" ]
	[ "$(sed -n 's/^.*delete_module("\(.*\)".*/\1/p' "$BATS_TEST_TMPDIR/strace" | tr '\n' ' ')" = "lp_b lp_a " ]
	first_byte_is lp_a 0
	first_byte_is lp_b 0
	[ "$(cat "$root/dev/kmsg")" = "<28>kpatch-early: the root did not come, so 2 patches were turned off" ]
	[ "$(sed 's/ms=[0-9]*/ms=N/' "$file")" = "version=1
verdict=\"the root did not come, so 2 patches were turned off\"
kernel=$release
state=quarantined
reason=\"the root did not come, so 2 patches were turned off\"
guard=none
overlay=yes
overlay_manifest=$(sum "$manifest.add")
before_root=yes
$(sed 's/ms=[0-9]*/ms=N/' <<<"$before")
patch=lp_a outcome=skipped ms=N step=guard reason=\"the root did not come, so it was turned off\"
patch=lp_b outcome=skipped ms=N step=guard reason=\"the root did not come, so it was turned off\"" ]
}

@test "nothing in force, or turned off before: nothing is done, and nothing written" {
	run "$early" rollback --root "$root"
	[ "$status" -eq 0 ]
	output_has "no patch that apply loaded was turned off; nothing is changed"
	[ ! -e "$file" ]
	loaded_at_boot lp_a
	rolled_back
	[ "$output" = "the root did not come, so 1 patch was turned off" ]
	before=$(sum "$file")
	: >"$root/dev/kmsg"
	rolled_back
	[ "$status" -eq 0 ]
	output_has "nothing is changed"
	[ "$before" = "$(sum "$file")" ]
	[ ! -s "$root/dev/kmsg" ]
	[ -z "$(grep finit_module "$BATS_TEST_TMPDIR/strace")" ]
	[ -z "$("$early" rollback --root "$root" 2>/dev/null)" ]
}

@test "what apply did not load stays in force" {
	loaded_at_boot lp_a
	enabled lp_foreign
	line lp_skipped.ko disabled
	enabled lp_skipped
	echo 0 >"$root/sys/kernel/livepatch/lp_skipped/replace"
	injected finit_module:retval=0
	rolled_back
	[ "$status" -eq 0 ]
	first_byte_is lp_a 0
	first_byte_is lp_foreign 1
	first_byte_is lp_skipped 1
	file_has '^patch=lp_skipped outcome=skipped ms=[0-9]* step=select reason="the manifest says disabled"$'
}

@test "one that cannot be turned off is named and keeps its outcome, and the others are turned off" {
	loaded_at_boot lp_a lp_b
	run strace -f -qq -o /dev/null -P "$root/sys/kernel/livepatch/lp_b/enabled" -e trace=write -e inject=write:error=EBUSY \
		"$early" rollback --root "$root"
	[ "$status" -eq 1 ]
	[ "$output" = "the root did not come, so 1 patch was turned off, but not lp_b" ]
	grep -q '^<27>kpatch-early: lp_b: it cannot be turned off: .*esource busy$' "$root/dev/kmsg"
	file_has '^patch=lp_b outcome=applied ms=[0-9]* step=done reason=""$'
	file_has '^patch=lp_a outcome=skipped'
	file_has '^state=quarantined$'
}

@test "a transition that does not end is waited for as long as the settings say" {
	echo transition_timeout=1 >"$root/etc/kpatch-early/kpatch-early.conf"
	loaded_at_boot lp_a
	enabled lp_a 1 1
	run strace -f -qq -o "$BATS_TEST_TMPDIR/strace" -e trace=delete_module,$sleeps -e inject=delete_module:retval=0 \
		"$early" rollback --root "$root"
	[ "$status" -eq 1 ]
	[ "$(slept_ms)" -gt 0 ]
	[ "$(slept_ms)" -lt 2000 ]	# not the twenty seconds of the default
	[ -z "$(grep delete_module "$BATS_TEST_TMPDIR/strace")" ]
	grep -q 'lp_a: it cannot be turned off: its transition did not end in 1 s$' "$root/dev/kmsg"
}

@test "a reversal that never ends does not hold the boot; what was turned off before it counts" {
	echo boot_budget=2 >"$root/etc/kpatch-early/kpatch-early.conf"
	loaded_at_boot lp_a lp_b
	run strace -f -qq -o /dev/null -P "$root/sys/kernel/livepatch/lp_a/enabled" -e trace=write -e inject=write:signal=STOP:when=1 \
		"$early" rollback --root "$root"
	[ "$status" -eq 1 ]
	[ "$output" = "the root did not come, so 1 patch was turned off, but not lp_a" ]
	grep -q '^<27>kpatch-early: lp_a: turning it off has not ended; the boot goes on$' "$root/dev/kmsg"
	file_has '^patch=lp_a outcome=applied ms=[0-9]* step=done reason=""$'
	file_has '^patch=lp_b outcome=skipped'
}

@test "where a load hangs, nothing is turned off, and nothing waits" {
	loaded_at_boot lp_a lp_b
	sed -i 's/^patch=lp_b outcome=applied \(ms=[0-9]*\) step=done reason=""/patch=lp_b outcome=failed \1 step=hung reason="x"/' "$file"
	mkdir -p "$root/sys/module/lp_b"
	echo coming >"$root/sys/module/lp_b/initstate"
	rolled_back
	[ "$status" -eq 1 ]
	output_has "no patch that apply loaded was turned off; nothing is changed"
	grep -q '^<27>kpatch-early: lp_b: its load hangs, so no patch can be turned off$' "$root/dev/kmsg"
	first_byte_is lp_a 1
	[ ! -s "$BATS_TEST_TMPDIR/strace" ] || [ -z "$(grep delete_module "$BATS_TEST_TMPDIR/strace")" ]
}

@test "a store that can't be reached to its end does not hold the boot, and the record is not written" {
	truncate -s 8K "$root/store"
	printf '%s\n' guard_store=/store boot_budget=2 >"$root/etc/kpatch-early/kpatch-early.conf"
	"$program" bless --init --root "$root"
	loaded_at_boot lp_a
	run strace -f -qq -o /dev/null -P "$root/store" -e trace=pread64 -e inject=pread64:signal=STOP:when=1 \
		"$early" rollback --root "$root"
	[ "$status" -eq 0 ]
	grep -q "^<28>kpatch-early: the boot guard's record cannot be written: there was no answer in time$" "$root/dev/kmsg"
	file_has '^guard=failed$'
	first_byte_is lp_a 0
}

@test "a module that stays loaded is said, and the patch is off" {
	loaded_at_boot lp_a
	run strace -f -qq -o /dev/null -e trace=delete_module -e inject=delete_module:error=EBUSY \
		"$early" rollback --root "$root"
	[ "$status" -eq 0 ]
	file_has 'reason="the root did not come, so it was turned off; its module stays loaded"$'
}

@test "a set on trial has failed: it is not blessed, and no later boot loads it" {
	with_variable
	loaded_at_boot lp_a
	state_is trying
	driver_refused
	rolled_back
	[ "$status" -eq 0 ]
	state_is failed
	file_has '^guard=failed$'
	file_has "^reason=\"the root did not come, so 1 patch was turned off; the kernel says: livepatch: patch 'lp_a' failed for module 'sd', refusing to load module 'sd'\"\$"
	run "$program" bless --root "$root"
	output_has "not blessed: an earlier boot failed: the root did not come with it, and it was turned off; this set is not loaded until it changes"
	next_boot
	enabled lp_a
	injected finit_module:retval=0
	[ "$status" -eq 1 ]
	[ -z "$(grep finit_module "$BATS_TEST_TMPDIR/strace")" ]
	file_has '^state=quarantined$'
	file_has '^reason="an earlier boot failed: the root did not come with it'
	line lp_c.ko
	enabled lp_c
	next_boot
	injected finit_module:retval=0
	file_has '^state=applied$'
	file_has '^guard=trying$'
}

@test "a proven set has failed only if the kernel says that it refused a driver" {
	with_variable
	loaded_at_boot lp_a
	"$program" bless --root "$root"
	next_boot
	for refused in : driver_refused; do
		injected finit_module:retval=0
		file_has '^guard=proven$'
		$refused
		rolled_back
		[ "$status" -eq 0 ]
		[ $refused != : ] || { state_is proven; file_has '^guard=proven$'; enabled lp_a; }
	done
	state_is failed
	file_has '^guard=failed$'
}

@test "what another boot tried is not this one's fault" {
	with_variable
	loaded_at_boot lp_a
	next_boot
	rolled_back
	[ "$status" -eq 0 ]
	state_is trying
	file_has '^guard=trying$'
}

@test "a record that cannot be written or read: said, and all is turned off all the same" {
	with_variable
	loaded_at_boot lp_a
	cp "$variable" "$BATS_TEST_TMPDIR/variable"
	for call in write open,openat; do
		enabled lp_a
		injected finit_module:retval=0
		: >"$root/dev/kmsg"
		run strace -f -qq -o /dev/null -P "$variable" -e "trace=$call" -e "inject=$call:error=EIO" \
			"$early" rollback --root "$root"
		[ "$status" -eq 0 ]
		grep -q "^<28>kpatch-early: the boot guard's record cannot be written: I.*/[Oo].* error" "$root/dev/kmsg"
		cmp "$variable" "$BATS_TEST_TMPDIR/variable"
		file_has '^guard=failed$'
		file_has '^state=quarantined$'
		first_byte_is lp_a 0
		run "$program" bless --root "$root"
		output_has "not blessed: the set of patches on trial failed at this boot"
		cmp "$variable" "$BATS_TEST_TMPDIR/variable"
	done
}

@test "a status file that cannot be written is said" {
	loaded_at_boot lp_a
	run strace -f -qq -o /dev/null -e trace=rename,renameat,renameat2 -e inject=rename,renameat,renameat2:error=ENOSPC \
		"$early" rollback --root "$root"
	[ "$status" -eq 0 ]
	grep -q '^<28>kpatch-early: /run/kpatch-early/status cannot be written: No space left on device; the boot goes on' "$root/dev/kmsg"
	first_byte_is lp_a 0
}

@test "nothing stays armed" {
	with_variable
	for name in panic panic_on_oops softlockup_panic; do echo 0 >"$root/proc/sys/kernel/$name"; done
	loaded_at_boot lp_a
	[ "$(head -n 1 "$root/proc/sys/kernel/panic")" = 11 ]
	rolled_back
	[ "$(head -n 1 "$root/proc/sys/kernel/panic")" = 0 ]
	[ ! -e "$root/run/kpatch-early/armed" ]
}

# hook [WORD...]: sources dracut's hook in dash, with WORDs as variables, and a program that turns something off
hook() {
	sed "s,/usr/sbin/kpatch-early,$BATS_TEST_TMPDIR/program,; s,/run/\(initramfs\|kpatch-early\),$BATS_TEST_TMPDIR,; s,/\.profile,$BATS_TEST_TMPDIR&,g" \
		"$top/dracut-module/50kpatch-early/kpatch-early-rollback.sh" >"$BATS_TEST_TMPDIR/hook"
	run env "$@" dash -c 'udevadm() { echo "udevadm $*"; }; getarg() { [ "$1" = "${asked-}" ]; }; main_loop=9
		. '"$BATS_TEST_TMPDIR/hook"'
		echo "main_loop=$main_loop _emergency_action=${_emergency_action-}"' "${name-init}"
	[ "$status" -eq 0 ]
}

@test "a required patch that is turned off is missed: on_failure= counts, and the boot gets no second chance" {
	echo on_failure=poweroff >"$root/etc/kpatch-early/kpatch-early.conf"
	loaded_at_boot lp_a
	rolled_back
	run grep on_failure "$root/dev/kmsg"
	[ "$status" -eq 1 ]
	rm "$manifest" "$file"
	line lp_a.ko required
	echo 1 >"$root/sys/kernel/livepatch/lp_a/enabled"
	injected finit_module:retval=0
	file_has '^required=lp_a$'
	rolled_back
	grep -q '^<27>kpatch-early: on_failure= would act at a boot: lp_a is required and not in force: the root did not come' "$root/dev/kmsg"
	file_has '^required=lp_a$'
	printf '#!/bin/sh\necho "$*"\n' >"$BATS_TEST_TMPDIR/program"
	chmod 755 "$BATS_TEST_TMPDIR/program"
	: >"$BATS_TEST_TMPDIR/emergency"
	hook
	[ "$output" = "main_loop=9 _emergency_action=" ]
}

@test "the hook turns off, has udev try again, and gives the boot its second chance" {
	printf '#!/bin/sh\necho "$*"\n' >"$BATS_TEST_TMPDIR/program"
	chmod 755 "$BATS_TEST_TMPDIR/program"
	again=$'udevadm trigger --action=add\nudevadm settle'
	hook
	[ "$output" = "$again"$'\nmain_loop=0 _emergency_action=none' ]
	[ ! -e "$BATS_TEST_TMPDIR/.profile" ]
	hook action=Boot DRACUT_SYSTEMD=1
	[ "$output" = "$again"$'\nmain_loop=0 _emergency_action=none' ]
	[ ! -e "$BATS_TEST_TMPDIR/.profile" ]
	name=/bin/dracut-emergency hook action=Boot DRACUT_SYSTEMD=1
	[ "$output" = "$again" ]
	hook action=Boot
	[ "$output" = "$again"$'\nmain_loop=0 _emergency_action=none' ]
	grep -q '^rm .*; exit$' "$BATS_TEST_TMPDIR/.profile"
}

@test "the hook leaves shells that were asked for, fatal errors and shutdown alone, and nothing to turn off" {
	printf '#!/bin/sh\necho "$*" | tee -a %s/called\n' "$BATS_TEST_TMPDIR" >"$BATS_TEST_TMPDIR/program"
	chmod 755 "$BATS_TEST_TMPDIR/program"
	nothing="main_loop=9 _emergency_action="
	for word in action=Shutdown asked=rd.break asked=rd.systemd.unit=; do
		hook $word
		[ "$output" = "$nothing" ]
	done
	: >"$BATS_TEST_TMPDIR/.die"
	hook
	[ "$output" = "$nothing" ]
	[ ! -e "$BATS_TEST_TMPDIR/called" ]
	rm "$BATS_TEST_TMPDIR/.die"
	printf '#!/bin/sh\necho nothing >&2\n' >"$BATS_TEST_TMPDIR/program"
	hook action=Boot
	[ "$output" = "$nothing" ]
}
