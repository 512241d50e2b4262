#!/usr/bin/env -S bats --tap
# on_failure=. What ends a machine is run as PID 1 of a namespace of its own, where reboot(2) reaches no further, and is
# replaced by strace besides; /proc/sysrq-trigger is a plain file there. Nothing is ever loaded.
# It waits more than it computes.

load helpers

setup() {
	fake_root
	conf=$root/etc/kpatch-early/kpatch-early.conf
	console=$root/dev/console
	sysrq=$root/proc/sysrq-trigger
	mkdir -p "$root"/{bin,sbin,usr/sbin,proc/self,sys/module}
	cp /bin/busybox "$root/bin/"
	install -m 755 "$top/build/early/kpatch-early" "$root/usr/sbin/"
	mknod -m 666 "$root/dev/null" c 1 3
	: >"$sysrq"
	echo on_failure=poweroff >"$conf"
	printf '#!/bin/busybox sh\necho "the boot went on"\n' >"$root/sbin/init"
	chmod 755 "$root/sbin/init"
}

# missing FILE [OPTION...]: the line of a patch whose file is not there
missing() { echo "$release $1 sha256=$(printf '%064d' 0) ${*:2}" >>"$manifest"; }

# said and unsaid: whether this run has missed something that is required
fresh() { : >"$root/dev/kmsg"; }
said() {
	grep -q -e "$1" "$root/dev/kmsg" || {
		cat "$root/dev/kmsg"
		return 1
	}
}
unsaid() { [ -z "$(grep on_failure "$root/dev/kmsg")" ] || said nothing; }

# boots [WORD...]: the program as PID 1 of its own namespaces in $root, where nothing sleeps long or ends a machine
boots() {
	[ -d "$root/proc/self" ]	# or PID 1 would mount the real one
	: >"$BATS_TEST_TMPDIR/strace"
	run timeout -k 5 300 unshare --pid --fork --mount --kill-child sh -c 'exec 3>&-; mount -t tmpfs run "$0/run" && exec "$@"' "$root" \
		strace -D -f -qq -o "$BATS_TEST_TMPDIR/strace" -e trace=reboot,sync,nanosleep,clock_nanosleep,mount,execve \
		-e inject=reboot:error=EPERM -e inject=sync:retval=0 -e inject=mount:error=EPERM \
		-e inject=nanosleep,clock_nanosleep:retval=0:delay_exit=1500000 \
		"$(command -v chroot)" "$root" /usr/sbin/kpatch-early "$@"
}
traced() {
	grep -q -e "$1" "$BATS_TEST_TMPDIR/strace" || {
		cat "$BATS_TEST_TMPDIR/strace"
		return 1
	}
}

@test "with --root nothing ends, and what would is said" {
	missing lp_a.ko required
	for action in emergency reboot poweroff; do
		echo on_failure=$action >"$conf"
		fresh
		injected reboot:error=EPERM
		[ "$status" -eq 1 ]
		said '^<27>kpatch-early: on_failure= would act at a boot: lp_a is required and not in force: .*it is missing$'
		[ -z "$(grep reboot "$BATS_TEST_TMPDIR/strace")" ]
		[ ! -s "$sysrq" ]
		[ "$(ls "$root/run/kpatch-early")" = status ]
		fresh
		apply --dry-run
		[ "$status" -eq 1 ]
		output_has "on_failure= would act at a boot: lp_a is required"
		[ ! -s "$root/dev/kmsg" ]
	done
	for line in on_failure=continue ""; do
		echo "$line" >"$conf"
		fresh
		apply
		[ "$status" -eq 1 ]
		[ -z "$(grep 'would act' "$root/dev/kmsg")" ]
	done
}

@test "a value that is no word of on_failure= is reported, and counts as emergency" {
	for value in halt "" Continue; do
		printf 'on_failure=continue\non_failure=%s\n' "$value" >"$conf"
		fresh
		rm -f "$manifest"
		missing lp_a.ko required
		apply
		said '<28>kpatch-early: .* line 2: on_failure= needs continue, emergency, reboot or poweroff; it counts as emergency$'
		[ "$(grep -c '^<28>' "$root/dev/kmsg")" -eq 1 ]
		said 'would act'
	done
}

@test "what is not required, or not wanted, or for another build, or replaced, is not missed" {
	missing lp_a.ko
	apply
	[ "$status" -eq 1 ]
	unsaid
	echo "$release lp_b.ko sha256=$(printf '%064d' 0) required disabled" >"$manifest"
	missing lp_c.ko required
	echo kpatch.skip=lp-c >"$root/proc/cmdline"
	apply
	[ "$status" -eq 0 ]
	unsaid
	printf '\4\0\0\0\4\0\0\0\3\0\0\0GNU\0abcd' >"$root/sys/kernel/notes"
	missing lp_d.ko required buildid=00112233
	apply
	[ "$status" -eq 0 ]
	file_has 'patch=lp_d outcome=skipped .* step=buildid'
	unsaid
	echo "6.1.0-none lp_e.ko sha256=$(printf '%064d' 0) required" >"$manifest"
	apply
	unsaid
	rm "$manifest"
	apply
	file_has '^state=nothing$'
	unsaid
}

@test "a required patch that is in force, or replaced by one, is not missed" {
	line lp_a.ko required
	line lp_b.ko required
	for name in lp_a lp_b; do
		loaded $name "$baked/$release/$name.ko"
		enabled $name
	done
	apply
	[ "$status" -eq 0 ]
	unsaid
	enabled lp_a 0
	apply
	[ "$status" -eq 0 ]
	file_has 'patch=lp_a outcome=skipped .* reason="replaced by lp_b"'
	unsaid
}

@test "the administrator's no is obeyed, and so is a doubt about it" {
	missing lp_a.ko required
	for words in kpatch.disable=1 kpatch.disable kpatch.enable=0 elfcorehdr=0x1000 kpatch.skip=lp_a; do
		echo "$words" >"$root/proc/cmdline"
		apply
		[ "$status" -eq 0 ]
		unsaid
	done
	rm "$root/proc/cmdline"
	apply
	[ "$status" -eq 0 ]
	unsaid
	echo quiet >"$root/proc/cmdline"
	echo enabled=no >>"$conf"
	apply
	unsaid
	truncate -s 70000 "$conf"
	apply
	[ "$status" -eq 0 ]
	unsaid
	echo on_failure=poweroff >"$conf"
	apply
	said 'would act'
}

@test "a manifest that is there and cannot be used is missed" {
	missing lp_a.ko
	apply
	unsaid
	echo nonsense >>"$manifest"
	apply
	[ "$status" -eq 2 ]
	said 'would act at a boot: /.*/manifest line 2: '
	echo "$release lp_a.ko sha256=$(printf '%064d' 0)" >"$manifest"
	chmod 666 "$manifest"
	fresh
	apply
	[ "$status" -eq 2 ]
	said 'would act at a boot: /.*/manifest: it can be written by others than root'
}

@test "what the boot guard leaves out is missed, unless the administrator had left it out" {
	line lp_a.ko required
	line lp_b.ko
	line lp_c.ko required disabled
	echo guard=required >>"$conf"
	apply
	[ "$status" -eq 1 ]
	file_has '^state=quarantined$'
	file_has 'patch=lp_c outcome=skipped .* step=select'
	said 'would act at a boot: lp_a is required and not in force: there is neither EFI nor guard_store='
	fresh
	echo kpatch.skip=lp_a >"$root/proc/cmdline"
	apply
	file_has '^state=quarantined$'
	file_has 'patch=lp_a outcome=skipped .* step=select'
	file_has 'patch=lp_b outcome=skipped .* step=guard'
	unsaid
}

@test "a set that two boots did not survive is missed at the third" {
	mkdir -p "$root/sys/firmware/efi/efivars" "$root/proc/sys/kernel/random"
	"$program" bless --init --root "$root"
	line lp_a.ko required
	enabled lp_a
	for boot in 1 2; do
		echo $boot >"$root/proc/sys/kernel/random/boot_id"
		run strace -f -qq -o "$BATS_TEST_TMPDIR/strace" -e trace=finit_module,wait4 -e inject=finit_module:signal=KILL \
			-e inject=wait4:signal=KILL "$early" apply --root "$root"
		unsaid
	done
	echo 3 >"$root/proc/sys/kernel/random/boot_id"
	apply
	[ "$status" -eq 1 ]
	said 'would act at a boot: lp_a is required and not in force: 2 boots loaded it, and none was blessed; '
}

@test "as PID 1 it ends the machine by reboot(2), by sysrq if it still runs, and else goes on" {
	missing lp_a.ko required
	for action in poweroff:o:POWER_OFF:"is switched off" reboot:b:RESTART:restarts; do
		IFS=: read -r action key call words <<<"$action"
		echo on_failure=$action >"$conf"
		fresh
		boots
		said "^<24>kpatch-early: on_failure=$action: the machine $words in 10 s: lp_a is required and not in force: .*it is missing$"
		traced "reboot(.*LINUX_REBOOT_CMD_$call"
		traced "reboot.*EPERM"	# in a line of its own, if another process ran between
		[ "$(grep -c 'nanosleep({tv_sec=10' "$BATS_TEST_TMPDIR/strace")" -eq 3 ]
		[ "$(cat "$sysrq")" = $key ]
		said '^<24>kpatch-early: the machine does not end; the boot goes on$'
		[ "$output" = "the boot went on" ]
	done
	echo kpatch.disable=1 >"$root/proc/cmdline"
	fresh
	: >"$sysrq"
	boots
	unsaid
	[ ! -s "$sysrq" ]
	[ -z "$(grep reboot "$BATS_TEST_TMPDIR/strace")" ]
	[ "$output" = "the boot went on" ]
}

@test "as PID 1 it runs a shell on the console and goes on behind it, or switches off if there is none; so does a wrong word" {
	missing lp_a.ko required
	echo on_failure=emergency >"$conf"
	echo 'echo "test: in the shell" >>/dev/kmsg; exit 7' >"$console"
	ln -s busybox "$root/bin/sh"
	boots
	said '^<24>kpatch-early: on_failure=emergency: the boot waits for a shell: lp_a is required'
	[ "$(tail -n 1 "$root/dev/kmsg")" = "test: in the shell" ]
	[ -z "$(grep reboot "$BATS_TEST_TMPDIR/strace")" ]
	[ "$output" = "the boot went on" ]
	rm "$root/bin/sh"
	echo on_failure=halt >"$conf"
	echo kpatch.dissable >"$root/proc/cmdline"
	fresh
	boots
	[ "$(grep -c 'kpatch.dissable is no word of kpatch-early: it is ignored' "$root/dev/kmsg")" -eq 1 ]
	[ "$(grep -c 'on_failure= needs continue' "$root/dev/kmsg")" -eq 1 ]
	said '^<24>kpatch-early: on_failure=emergency: the boot waits for a shell: lp_a is required'
	said '^<24>kpatch-early: there is no shell: it is missing; the machine is switched off in 10 s$'
	traced 'reboot(.*LINUX_REBOOT_CMD_POWER_OFF'
}

# in_initramfs COMMAND: runs it with $initramfs, in a namespace of its own, where that is $root in memory
in_initramfs() {
	run timeout -k 5 300 unshare --pid --fork --mount --kill-child bash -c 'exec 3>&-; set -e; initramfs=$0/sys/module
		mount -t tmpfs tmpfs "$initramfs"
		for part in bin dev etc proc run sbin usr; do cp -a "$0/$part" "$initramfs/"; done
		mkdir -p "$initramfs/sys/kernel"
		'"$1; true" "$root"
}

@test "in an initramfs a note has its hook bring up the shell; a second run is no boot any more" {
	missing lp_a.ko required
	echo on_failure=emergency >"$conf"
	in_initramfs 'chroot "$initramfs" /usr/sbin/kpatch-early apply --root / || tail -n 1 "$initramfs/dev/kmsg"; ls "$initramfs/run/kpatch-early"
		rm "$initramfs/run/kpatch-early/status"
		chroot "$initramfs" /usr/sbin/kpatch-early apply || echo $?; cat "$initramfs/run/kpatch-early/emergency" "$initramfs/dev/kmsg"
		echo on_failure=poweroff >"$initramfs/etc/kpatch-early/kpatch-early.conf"
		chroot "$initramfs" /usr/sbin/kpatch-early apply || echo $?; tail -n 1 "$initramfs/dev/kmsg"'
	[[ ${lines[1]} == "<27>kpatch-early: on_failure= would act at a boot: lp_a is required"* ]]
	[ "${lines[2]}" = status ]
	[ "${lines[4]}" = 1 ]
	[[ ${lines[5]} == "lp_a is required and not in force: "*"it is missing<"* ]]
	output_has "<24>kpatch-early: on_failure=emergency: the boot waits for a shell: lp_a is required"
	[ "${lines[-2]}" = 1 ]
	[[ ${lines[-1]} == "<27>kpatch-early: on_failure= would act at a boot: lp_a is required"* ]]
}

@test "in memory a second run is no boot, even if the first had no line for this kernel" {
	echo on_failure=poweroff >"$conf"
	in_initramfs 'chroot "$initramfs" /usr/sbin/kpatch-early apply; grep -c state=nothing "$initramfs/run/kpatch-early/status"
		echo "'"$release"' lp_b.ko sha256=$(printf "%064d" 0) required" >"$initramfs/etc/kpatch-early/manifest"
		chroot "$initramfs" /usr/sbin/kpatch-early apply || echo $?; tail -n 1 "$initramfs/dev/kmsg"'
	[ "${lines[1]}" = 1 ]
	[ "${lines[-2]}" = 1 ]
	[[ ${lines[-1]} == "<27>kpatch-early: on_failure= would act at a boot: lp_b is required"* ]] || { echo "$output"; false; }
}
