#!/usr/bin/env -S bats --tap
# list, status, usage: what a person or a program reads. The static program runs in a chroot.

load helpers

setup() {
	fake_root
	mkdir -p "$root/usr/sbin" "$(dirname "$file")"
	cp "$top/build/kpatch-early" "$root/usr/sbin/"
}

inside() { run chroot "$root" /usr/sbin/kpatch-early "$@"; }

answers() { [ "${lines[0]}" = "$1" ] || { echo "$output"; false; }; }

two_patches() {
	cat >"$file" <<-'END'
		version=1
		kernel=6.1.0-test
		state=partial
		reason="1 of 2 patches failed"
		patch=lp_a outcome=applied ms=12 step=done reason=""
		patch=lp_b outcome=failed ms=3 step=load reason="it says \"no\" \\ and more"
	END
}

@test "list prints loaded and installed patches as kpatch does" {
	enabled lp_on
	enabled lp_off 0
	mkdir -p "$store"/{6.1,6.2}
	touch "$store/6.1/lp-x.ko" "$store/6.2/lp_y.ko" "$store/6.2/notes.txt"
	inside list
	[ "$status" -eq 0 ]
	[ "$output" = "Loaded patch modules:
lp_off [disabled]
lp_on [enabled]

Installed patch modules:
lp_x (6.1)
lp_y (6.2)" ]
}

@test "list shows a transition and the tasks that hold it up" {
	enabled lp_new 1 1
	mkdir -p "$root/proc/12/task/"{12,13,14}
	echo 0 >"$root/proc/12/task/12/patch_state"
	echo sleeper >"$root/proc/12/task/12/comm"
	echo "[<0>] schedule+0x5a/0xe0" >"$root/proc/12/task/12/stack"
	echo 1 >"$root/proc/12/task/13/patch_state"
	echo -1 >"$root/proc/12/task/14/patch_state"
	inside list
	[ "$output" = "Loaded patch modules:
lp_new [enabling...]

Stalled processes:
12 sleeper
stack:
[<0>] schedule+0x5a/0xe0

Installed patch modules:" ]
	enabled lp_new 0 1
	inside list
	output_has "lp_new [disabling...]"
	output_has "13 "
}

@test "list without /proc says that no process can be looked at" {
	enabled lp_new 1 1
	rm -r "$root/proc"
	inside list
	[ "$status" -eq 0 ]
	output_has "kpatch-early: list: /proc is missing, so no process can be looked at"
}

@test "bless and its like say that it is /proc that is missing, not the record, and change nothing" {
	echo guard_store=/slots >"$root/etc/kpatch-early/kpatch-early.conf"
	"$program" bless --init --root "$root"
	before=$(sum "$root/slots")
	rm -r "$root/proc"
	for verb in "bless" "bless --init" "disable" "enable" "reset"; do
		inside $verb
		[ "$status" -eq 1 ]
		output_has "/slots: it cannot be opened, since /proc is missing; nothing is changed"
		[ "$(sum "$root/slots")" = "$before" ]
	done
}

@test "bless --init makes no record where no initramfs would reach it" {
	mkdir -p "$root/proc/self/fd" "$root/dev/disk/by-label" "$root/dev/mapper"
	for number in {3..30}; do ln -s /slots "$root/proc/self/fd/$number"; done
	truncate -s 8192 "$root/dev/sda3" "$root/dev/mapper/guard"
	ln -s ../../sda3 "$root/dev/disk/by-label/guard"
	before=$(sum "$root/dev/sda3")
	for name in /dev/disk/by-label/guard /dev/mapper/guard; do
		echo "guard_store=$name" >"$root/etc/kpatch-early/kpatch-early.conf"
		inside bless --init
		[ "$status" -eq 1 ]
		output_has "bless: $name: it is udev's name"
	done
	[ "$(sum "$root/dev/sda3")" = "$before" ]
	printf '%s\n' version=1 state=applied before_root=yes >"$file"
	echo guard_store=/slots >"$root/etc/kpatch-early/kpatch-early.conf"
	inside bless --init
	[ "$status" -eq 1 ]
	output_has "/slots: it is a file of the root's, which the initramfs does not have; name a partition; nothing is changed"
	[ ! -e "$root/slots" ]
	# Before the first boot with patches the folder tells that there was an initramfs.
	mv "$file" "$file.first"
	mkdir "$root/run/initramfs"
	inside bless --init
	[ "$status" -eq 1 ]
	output_has "/slots: it is a file of the root's, which the initramfs does not have; name a partition; nothing is changed"
	mv "$file.first" "$file"
	# As PID 1 of the root, a boot reaches it.
	sed -i /before_root/d "$file"
	inside bless --init
	[ "$status" -eq 0 ]
	[ -e "$root/slots" ]
}

@test "list without a kernel or a store prints its two headings" {
	inside list
	[ "$status" -eq 0 ]
	[ "$output" = "Loaded patch modules:

Installed patch modules:" ]
}

@test "status and list tell of a load that came through later than the boot waited" {
	two_patches
	sed -i 's/step=load/step=hung/' "$file"
	mkdir -p "$root/sys/module/lp_b"
	echo coming >"$root/sys/module/lp_b/initstate"
	inside list
	[ "$status" -eq 0 ]
	output_has "kpatch-early: lp_b: its load has not returned; until then no patch can be turned off"
	inside status
	output_has "  lp_b            its load has not returned; until then no patch can be turned off"
	echo live >"$root/sys/module/lp_b/initstate"
	enabled lp_a
	enabled lp_b
	for step in hung budget; do
		sed -i "s/step=hung/step=$step/" "$file"
		inside list
		output_has "kpatch-early: lp_b is in force, later than the boot waited"
		[[ $output != *"lp_a is in force"* ]]
		inside status
		answers "patched: 2 of 2 live patches in force on $release, later than the boot waited"
		output_has "  lp_b            in force, later than the boot waited"
	done
	# One that the kernel refused may be in force by another hand.
	sed -i 's/step=budget/step=load/' "$file"
	inside status
	[[ $output != *"later than the boot"* ]]
}

@test "list and status tell where the booted initramfs and the store disagree" {
	two_patches
	module "$store/$release/lp_a.ko" name=lp_a livepatch=Y "vermagic=$release SMP "
	module "$store/$release/lp_c.ko" name=lp_c livepatch=Y "vermagic=$release SMP "
	inside list
	[ "$status" -eq 0 ]
	output_has "kpatch-early: lp_b is in the initramfs but no longer installed: rebuild it"
	output_has "kpatch-early: lp_c is installed but was not in the initramfs: rebuild it"
	[[ $output != *"kpatch-early: lp_a"* ]]
	enabled lp_a
	enabled lp_b
	inside status
	[ "$status" -eq 0 ]
	answers "PATCHED IN PART: 2 of 3 live patches in force on $release; lp_c: installed, but not in the initramfs that booted"
	output_has "
  lp_a            in force (12 ms)
  lp_b            in force, though the boot's verdict is: failed: it says \"no\" \\ and more; no longer installed
  lp_c            installed, but not in the initramfs that booted
"
	output_has "
  to do           rebuild it (/usr/lib/kpatch-early/rebuild, quiet if that is done) and reboot"
	module "$BATS_TEST_TMPDIR/other.ko" name=lp_a livepatch=Y other=build
	loaded lp_a "$BATS_TEST_TMPDIR/other.ko"
	inside list
	output_has "lp_a is installed in another build than the one in the initramfs"
	inside status
	output_has "  lp_a            in force (12 ms); installed in another build than the one in the initramfs
"
	# What is for machines stays as it is.
	run bash -c "chroot '$root' /usr/sbin/kpatch-early list 2>/dev/null"
	[[ $output != *rebuild* ]]
	# A drop-in that leaves it out counts as not installed.
	mkdir -p "$root/etc/kpatch-early/manifest.d"
	echo "$release lp_a.ko disabled" >"$root/etc/kpatch-early/manifest.d/10.conf"
	inside list
	output_has "lp_a is in the initramfs but no longer installed"
}

@test "list and status tell what keeps the next rebuild from its work, or from having any" {
	two_patches
	mkdir -p "$root/etc/kpatch-early/manifest.d"
	patch "$store/$release/lp_a.ko"
	echo "$release lp_a.ko optional" >"$root/etc/kpatch-early/manifest.d/10.conf"
	inside list
	[ "$status" -eq 0 ]
	output_has "10.conf line 1: unknown option"
	output_has "the next boot loads what this one did"
	printf 'enabled=no\nenabeld=no\n' >"$root/etc/kpatch-early/kpatch-early.conf"
	enabled lp_a
	inside status
	output_has "  lp_a            in force (12 ms); enabled=no in /etc/kpatch-early/kpatch-early.conf
"
	output_has "  to do           rebuild it"
	output_has "kpatch-early.conf line 2: enabeld= is no setting; it is ignored"
}

@test "no disagreement is told of an overlay, which the store has nothing to do with" {
	two_patches
	sed -i '/^reason/a overlay=yes' "$file"
	patch "$store/$release/lp_c.ko"
	for verb in list status; do
		inside $verb
		[ "$status" -eq 0 ]
		[[ $output != *rebuild* ]]
	done
	inside status --json
	output_has '"overlay": "yes"'
}

@test "no disagreement is told where nothing is known" {
	patch "$store/$release/lp_a.ko"
	for state in disabled failed quarantined; do
		printf 'version=1\nkernel=6.1\nstate=%s\nreason=""\n' $state >"$file"
		inside list
		[[ $output != *rebuild* ]]
	done
	printf 'version=1\nkernel=6.1\nstate=nothing\nreason=""\n' >"$file"
	inside list
	output_has "lp_a is installed but was not in the initramfs"
	rm "$file"
	inside list
	output_has "lp_a is installed but was not in the initramfs"
}

@test "status --quiet asks the boot's verdict, and no later run" {
	printf 'version=1\nstate=applied\n' >"$file"
	printf 'version=1\nstate=disabled\n' >"$file.last"
	inside status --quiet
	[ "$status" -eq 0 ]
	printf 'version=1\nstate=disabled\n' >"$file"
	printf 'version=1\nstate=applied\n' >"$file.last"
	inside status --quiet
	[ "$status" -eq 1 ]
}

@test "status --quiet answers whether patches may be loaded now" {
	inside status --quiet
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	two_patches
	inside status --quiet
	[ "$status" -eq 0 ]
	for word in kpatch.disable=1 kpatch.enable=0 kpatch.skip=lp_a kpatch.disable=what; do
		echo "$word" >"$root/proc/cmdline"
		inside status --quiet
		[ "$status" -eq 1 ]
	done
	echo "kpatch.skip= kpatch.disable=0" >"$root/proc/cmdline"
	inside status --quiet
	[ "$status" -eq 0 ]
	for state in disabled quarantined; do
		printf 'version=1\nkernel=6.1\nstate=%s\nreason=""\n' $state >"$file"
		inside status --quiet
		[ "$status" -eq 1 ]
	done
	# Where the status was lost, the guard's record tells. It is opened through the real /proc.
	rm "$file"
	mkdir -p "$root/proc/self/fd"
	for number in {3..30}; do ln -s /slots "$root/proc/self/fd/$number"; done
	echo guard_store=/slots >"$root/etc/kpatch-early/kpatch-early.conf"
	inside bless --init
	inside status --quiet
	[ "$status" -eq 0 ]
	printf x | dd of="$root/slots" bs=1 seek=20 conv=notrunc status=none
	inside status --quiet
	[ "$status" -eq 1 ]
	rm "$root/slots" "$root/etc/kpatch-early/kpatch-early.conf"
	two_patches
	mkdir -p "$root/etc/kpatch-early/manifest.d"
	patch "$store/$release/lp_a.ko"
	for line in "lp_a.ko disabled" "lp_a.ko sha256=$(printf '%064d' 0)" "lp_a.ko what"; do
		echo "$release $line" >"$root/etc/kpatch-early/manifest.d/10.conf"
		inside status --quiet
		[ "$status" -eq 1 ]
		[ -z "$output" ]
	done
	echo "$release lp_a.ko required sha256=$(sum "$store/$release/lp_a.ko")" >"$root/etc/kpatch-early/manifest.d/10.conf"
	inside status --quiet
	[ "$status" -eq 0 ]
	for value in no maybe; do
		echo "enabled=$value" >"$root/etc/kpatch-early/kpatch-early.conf"
		inside status --quiet
		[ "$status" -eq 1 ]
	done
	echo "enabled=yes" >"$root/etc/kpatch-early/kpatch-early.conf"
	inside status --quiet
	[ "$status" -eq 0 ]
	: >"$root/proc/vmcore"	# a kdump kernel
	inside status --quiet
	[ "$status" -eq 1 ]
	rm "$root/proc/vmcore" "$root/proc/cmdline"
	inside status --quiet
	[ "$status" -eq 1 ]
}

@test "--help and --version answer on standard output" {
	run bash -c "'$program' --help 2>/dev/null"
	[ "$status" -eq 0 ]
	for verb in apply bake info install list status uninstall; do output_has "$verb"; done
	run bash -c "'$program' --version 2>/dev/null"
	[ "$output" = "kpatch-early $(sed -n 's/^VERSION := //p' "$top/Makefile")" ]
}

@test "VERB --help prints that verb's part of the help, and does nothing" {
	run "$program" --help
	whole=$output
	for verb in apply bake bless disable enable info install list overlay reset rollback status uninstall; do
		run "$program" $verb --help
		[ "$status" -eq 0 ]
		[[ ${lines[0]} == "  "*$verb* ]]
		while IFS= read -r line; do grep -qxF -e "$line" <<<"$whole"; done <<<"$output"
		[ "$(grep -c '^  [a-z]' <<<"$output")" -eq "$([[ $verb != overlay ]] || echo 2)" ] ||
			[ "$(grep -c '^  [a-z]' <<<"$output")" -eq 1 ]
	done
	run "$program" install --rebuild --help
	[ "$status" -eq 0 ]
	[[ ${lines[0]} == "  install "* ]]
	run "$early" apply --help
	[ "$status" -eq 0 ]
	[[ ${lines[0]} == "  apply "* && ${#lines[@]} -eq 1 ]]
}

@test "a wrong verb or option is named, with what may be meant" {
	while IFS=: read -r words said; do
		run "$program" $words
		[ "$status" -eq 2 ]
		[ "$output" = "kpatch-early: $said
kpatch-early: nothing was done; \"kpatch-early --help\" lists the verbs" ] || {
			echo "$output"
			return 1
		}
	done <<-'END'
		load x.ko:"load" is no verb; that is kpatch's: a running kernel is not changed here
		version:"version" is no verb; that is --version
		stauts:"stauts" is no verb; "status" may be meant
		unistal x:"unistal" is no verb; "uninstall" may be meant
		frobnicate:"frobnicate" is no verb
		lsit:"lsit" is no verb
		status --jsn:status: --jsn is no option of it; --json may be meant
		status --frobnicate=1:status: --frobnicate is no option of it
		status --check=1:status: --check takes no value
		bake x --kernal=6:bake: --kernal is no option of it; --kernel may be meant
		bake --kernel:bake: --kernel needs a value
		bake -k:bake: -k needs a value
		bake -x:bake: -x is no option of it
		bless --intit:bless: --intit is no option of it; --init may be meant
	END
	run "$program" "$(printf 'x%.0s' {1..4000})"
	[ "$status" -eq 2 ]
}

@test "standard output that is full is an error" {
	for words in --help --version list "list --help"; do
		run bash -c "'$program' $words >/dev/full"
		[ "$status" -eq 1 ]
	done
}

@test "a wrong verb, a wrong option: exit status 2 and a word about help" {
	for words in "load" "info" "list word" "status word" "status --wrong" "status --json --quiet"; do
		run "$program" $words
		[ "$status" -eq 2 ]
		output_has "nothing was done"
	done
}

@test "who is not root may look, and nothing more" {
	chmod 755 "$BATS_TEST_TMPDIR" "$root"
	for verb in "apply" "install x.ko" "uninstall x" "bless" "reset" "disable" "enable" "rollback"; do
		run setpriv --reuid 65534 --clear-groups "$program" $verb
		[ "$status" -eq 2 ]
		output_has "must be run as root"
	done
	run setpriv --reuid 65534 --clear-groups "$program" list
	[ "$status" -eq 0 ]
}

@test "the early program says of each other verb that the host program has it" {
	cp "$early" "$root/usr/sbin/kpatch-early"
	for verb in bake bless info install list overlay reset uninstall; do
		inside "$verb" --help
		[ "$status" -eq 2 ]
		[ "$output" = "kpatch-early: $verb: it is a verb of the host program; nothing was done" ]
	done
	inside load
	[ "$status" -eq 2 ]
	output_has '"load" is no verb'
}

@test "the early program prints the boot's verdict as it is" {
	two_patches
	cp "$early" "$root/usr/sbin/kpatch-early"
	inside status
	[ "$status" -eq 0 ]
	[ "$output" = "kernel  6.1.0-test
state   partial
reason  1 of 2 patches failed
patch   lp_a applied (12 ms, step done)
patch   lp_b failed (3 ms, step load): it says \"no\" \\ and more" ]
	printf '%s\n' version=1 kernel=6.1.0-test state=applied 'reason=""' >"$file.last"
	inside status
	output_has "
apply has run again since then:
kernel  6.1.0-test
state   applied"
	inside status --json
	[ "$status" -eq 2 ]
	inside
	[ "$status" -eq 2 ]
	output_has "a verb is missing"
	rm "$file"
	inside status
	[ "$status" -eq 1 ]
	output_has "apply has not run at this boot"
}
