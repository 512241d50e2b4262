#!/usr/bin/env -S bats --tap
# The boot guard in a fake root, where a plain folder plays efivarfs. A crash is a kill at the load.
# It waits more than it computes.

load helpers

setup() {
	fake_root
	efivars=$root/sys/firmware/efi/efivars
	variable=$efivars/KpatchEarly-91a27a71-6d27-4412-b45b-14eb7aaea1b0
	conf=$root/etc/kpatch-early/kpatch-early.conf
	slots=$root/slots
	mkdir -p "$root/proc/sys/kernel/random"
	: >"$root/etc/initrd-release"
	next_boot
	line lp_a.ko
	enabled lp_a
}

next_boot() {
	local id
	read -r id </proc/sys/kernel/random/uuid
	printf %s "$id" >"$root/proc/sys/kernel/random/boot_id"
	: >"$root/dev/kmsg"
	[[ ! -e $file ]] || rm "$file"
}

guard() { "$program" "$@" --root "$root"; }

with_variable() {
	mkdir -p "$efivars"
	guard bless --init
}

with_slots() {
	echo guard_store=/slots >"$conf"
	guard bless --init
}

# of_variable FIELD: see tests/record.c
of_variable() { "$top/build/record" "$1" "$variable" 4; }
# states: the states of the newest set, of variable and slots
states() {
	[[ ! -e $variable ]] || of_variable state
	[[ ! -e $slots ]] || { "$top/build/record" state "$slots"; "$top/build/record" state "$slots" 4096; }
}
state_is() { [ "$(echo $(states))" = "$1" ] || { states; false; }; }
sequence_is() { [ "$(of_variable sequence)" = "$1" ] || { xxd "$variable"; false; }; }

good_boot() { next_boot; injected finit_module:retval=0; }
# Of the machine, so its parent too goes no further.
crash() {
	next_boot
	run strace -f -qq -o "$BATS_TEST_TMPDIR/strace" -e trace=finit_module,wait4 -e inject=finit_module:signal=KILL \
		-e inject=wait4:signal=KILL "$early" apply --root "$root"
}
refused() { next_boot; injected finit_module:error="$1"; }
was_tried() { grep -q finit_module "$BATS_TEST_TMPDIR/strace"; }

@test "where nothing is set up the patches are loaded, and no word is lost about the guard" {
	good_boot
	[ "$status" -eq 0 ]
	file_has "^guard=none$"
	file_has "^state=applied$"
	[ -z "$(grep guard "$root/dev/kmsg")" ]
}

@test "with EFI and without a variable: loaded, and one notice, which is no warning" {
	mkdir -p "$efivars"
	good_boot
	file_has "^state=applied$"
	[ "$(grep -c '^<30>kpatch-early: the boot guard has no EFI variable' "$root/dev/kmsg")" -eq 1 ]
	[ -z "$(ls "$efivars")" ]
}

@test "EFI that does not show its variables: loaded, with a warning that names the variable" {
	mkdir -p "$efivars" "$root/usr/sbin"
	cp "$top/build/early/kpatch-early" "$root/usr/sbin/kpatch-early"
	for errno in EOPNOTSUPP EPERM ENODEV; do
		next_boot
		run strace -f -qq -o "$BATS_TEST_TMPDIR/strace" -e trace=mount,finit_module -e inject=mount:error=$errno \
			-e inject=finit_module:retval=0 chroot "$root" /usr/sbin/kpatch-early apply
		grep -q "^<28>kpatch-early: the boot guard cannot use ${variable#"$root"}: .*; the patches are loaded unguarded" "$root/dev/kmsg"
	done
	grep -q ": the kernel has no efivarfs, or the firmware's services are off; the patches" "$root/dev/kmsg"
}

@test "bless --init makes a variable of 68 bytes, once" {
	run guard bless --init
	[ "$status" -eq 1 ]
	output_has "there is no EFI that keeps variables, and no guard_store="
	mkdir -p "$efivars"
	run guard bless --init
	[ "$status" -eq 0 ]
	output_has "keeps its record in $variable"
	[ "$(stat -c %s "$variable")" -eq 68 ]
	[ "$(od -An -tx4 -N4 "$variable")" = " 00000007" ]
	good_boot
	cp "$variable" "$BATS_TEST_TMPDIR/before"
	guard bless --init
	cmp "$variable" "$BATS_TEST_TMPDIR/before"
}

@test "a variable that is immutable, as each is at boot, is written and immutable again, and keeps its other flags" {
	with_variable
	cp "$variable" "$BATS_TEST_TMPDIR/before"
	chattr +d "$variable" && chattr +i "$variable" || skip "this file system has no such flags"
	crash
	flags=$(lsattr "$variable")
	chattr -i "$variable"
	[[ ${flags%% *} == *i*d* ]]
	[ "$(cmp "$variable" "$BATS_TEST_TMPDIR/before" | wc -l)" -eq 1 ]
}

@test "two boots that crash, and the third and all later ones load nothing and say why" {
	with_variable
	crash
	state_is trying
	crash
	state_is trying
	for boot in 3 4 5; do
		good_boot
		[ "$status" -eq 1 ]
		[ -z "$(grep finit_module "$BATS_TEST_TMPDIR/strace")" ]
		file_has '^state=quarantined$'
		file_has '^guard=quarantined$'
		file_has '^reason="2 boots loaded it, and none was blessed; this set is not loaded until it changes'
		file_has '^patch=lp_a outcome=skipped ms=[0-9]* step=guard reason="the boot guard lets nothing'
		[ "$(grep -c '2 boots loaded it' "$root/dev/kmsg")" -eq 1 ]
		sequence_is 3
	done
	run guard bless
	output_has "not blessed: 2 boots loaded it"
	# The boot is good all the same, which is counted once.
	sequence_is 4
	guard bless
	sequence_is 4
	[ "$(of_variable unblessed)" = 0 ]
	state_is quarantined
}

@test "one boot that crashes is no quarantine, and a proven set costs no write" {
	with_variable
	crash
	good_boot
	[ "$status" -eq 0 ]
	file_has '^guard=trying$'
	run guard bless
	[ "$status" -eq 0 ]
	output_has "is proven"
	sequence_is 3
	touch -d 2001-01-01 "$variable"
	for boot in 1 2 3 4; do
		good_boot
		file_has '^guard=proven$'
		run guard bless
		output_has "is proven already"
	done
	sequence_is 3
	[ "$(stat -c %Y "$variable")" -eq "$(date -d 2001-01-01 +%s)" ]
	crash
	good_boot
	file_has '^state=applied$'
}

@test "guard_tries=1 and =9 are counted" {
	with_variable
	echo guard_tries=1 >"$conf"
	crash
	good_boot
	file_has '^reason="1 boot loaded it'
	guard reset
	echo guard_tries=9 >"$conf"
	for boot in 1 2 3 4 5 6 7 8 9; do
		crash
		was_tried
	done
	good_boot
	file_has '^reason="9 boots loaded it'
}

@test "a boot that loaded nothing cannot bless what another one tried" {
	with_variable
	crash
	next_boot
	echo kpatch.disable=1 >"$root/proc/cmdline"
	apply
	[ -z "$(grep guard= "$file")" ]
	run guard bless
	[ "$status" -eq 0 ]
	output_has "was not loaded at this boot"
	sequence_is 1
}

@test "a second apply at one boot is no other attempt" {
	with_variable
	good_boot
	for run in 1 2 3; do
		injected finit_module:retval=0
		file_has '^guard=trying$'
	done
	sequence_is 1
}

@test "what the kernel refuses is tried again at each boot, never quarantined, and blessed once it is taken" {
	with_variable
	# As before a key is enrolled; a patch's own init may return the last one.
	for errno in EINVAL ENOKEY EBUSY ENOMEM ETIMEDOUT; do
		refused $errno
		[ "$status" -eq 1 ]
		was_tried
		file_has '^state=failed$'
		file_has '^guard=trying$'
		[ "$(of_variable tries) $(of_variable unblessed) $(of_variable cause)" = "0 0 none" ]
		run guard bless
		output_has "was not loaded at this boot"
	done
	sequence_is 10	# two writes a boot
	good_boot
	file_has '^state=applied$'
	run guard bless
	output_has "is proven"
}

@test "what the kernel wants signed, and isn't, costs no write" {
	with_variable
	mkdir -p "$root/sys/module/module/parameters" "$root/sys/kernel/security"
	echo Y >"$root/sys/module/module/parameters/sig_enforce"
	refused ENOKEY
	was_tried
	file_has 'step=load reason="the kernel wants a valid signature'
	sequence_is 0
	echo N >"$root/sys/module/module/parameters/sig_enforce"
	echo "none [integrity] confidentiality" >"$root/sys/kernel/security/lockdown"
	refused EPERM
	was_tried
	sequence_is 0
	# One that is signed may be taken.
	printf '~Module signature appended~\n' >>"$baked/$release/lp_a.ko"
	rm "$manifest"
	echo "$release lp_a.ko sha256=$(sha256sum <"$baked/$release/lp_a.ko" | cut -d' ' -f1)" >"$manifest"
	refused ENOKEY
	was_tried
	sequence_is 2
}

@test "what the kernel takes and does not put in force is no try either" {
	with_variable
	rm -r "$root/sys/kernel/livepatch/lp_a"
	for boot in 1 2 3; do
		good_boot
		file_has 'step=enable'
		state_is trying
		[ "$(of_variable tries)" = 0 ]
	done
}

@test "a stall keeps its try, is not blessed, and is quarantined in the end with that reason" {
	with_variable
	echo transition_timeout=1 >"$conf"
	for boot in 1 2; do
		enabled lp_a 1 1
		good_boot
		file_has 'step=transition'
		file_has '^guard=trying$'
		[ "$(of_variable tries) $(of_variable cause)" = "$boot stalled" ]
		run guard bless
		[ "$status" -eq 0 ]
		output_has "not blessed: a transition did not end at this boot"
		run guard bless --withdraw
		output_has "no try is to be taken back"
		[ "$(of_variable tries)" = "$boot" ]
	done
	enabled lp_a
	good_boot
	file_has '^state=quarantined$'
	file_has 'reason="2 boots loaded it, and none was blessed (at the last, a transition did not end); this set is'
	run guard reset
	[ "$status" -eq 0 ]
	good_boot
	file_has '^state=applied$'
}

@test "a set of which a part is in force is not failed" {
	with_variable
	line lp_b.ko
	next_boot
	injected finit_module:retval=0:when=1	# the second one is refused by the kernel that runs this
	file_has '^state=partial$'
	file_has '^guard=trying$'
	state_is trying
	# A crash of what is in force is counted; but a good boot with it is no proof of the whole set.
	[ "$(of_variable tries)" = 1 ]
	run guard bless
	[ "$status" -eq 0 ]
	output_has "not proven: lp_b is not in force"
	state_is trying
	[ "$(of_variable tries) $(of_variable unblessed)" = "0 0" ]
	sequence_is 2
}

@test "two sets that boot in turn and crash: four loads of twenty boots, and a good boot lets new ones in" {
	with_variable
	local loads=0
	cp "$manifest" "$BATS_TEST_TMPDIR/a"
	line lp_b.ko
	cp "$manifest" "$BATS_TEST_TMPDIR/b"
	for boot in $(seq 10); do
		for set in a b; do
			cp "$BATS_TEST_TMPDIR/$set" "$manifest"
			crash
			if was_tried; then loads=$((loads + 1)); fi
		done
	done
	[ "$loads" -eq 4 ]
	echo "lp_c" >"$BATS_TEST_TMPDIR/c"
	line lp_c.ko
	good_boot
	file_has 'reason="4 boots in a row were not blessed; until one is, or kpatch-early reset, only a proven set is loaded"'
	[ -z "$(grep finit_module "$BATS_TEST_TMPDIR/strace")" ]
	guard bless
	enabled lp_b
	enabled lp_c
	good_boot
	file_has '^guard=trying$'
	[ "$(echo $("$top/build/record" states "$variable" 4))" = "trying quarantined quarantined none" ]
}

@test "with four quarantined sets no other is loaded, and reset is named" {
	with_variable
	for set in 1 2 3 4; do
		line lp_$set.ko
		crash
		crash
		good_boot
		file_has '^guard=quarantined$'
		guard bless
	done
	line lp_b.ko
	good_boot
	[ "$status" -eq 1 ]
	file_has 'reason="the boot guard remembers too many quarantined sets and has no room for another; kpatch-early reset forgets them"'
	[ -z "$(grep finit_module "$BATS_TEST_TMPDIR/strace")" ]
	guard reset
	good_boot
	file_has '^guard=trying$'
}

@test "five patches are proven, the sixth crashes: after its tries the five are loaded, and it says partial" {
	with_variable
	for patch in lp_b lp_c lp_d lp_e; do line $patch.ko; done
	for patch in lp_a lp_b lp_c lp_d lp_e; do enabled $patch 1 0 0; done
	next_boot
	injected finit_module:retval=0
	guard bless
	line lp_f.ko
	crash
	crash
	good_boot
	[ "$status" -eq 1 ]
	file_has '^state=partial$'
	file_has '^reason="2 boots loaded it, and none was blessed; this set is not loaded until it changes, or kpatch-early reset; what was proven before is loaded"$'
	file_has '^guard=quarantined$'
	[ "$(grep -c 'outcome=applied' "$file")" -eq 5 ]
	file_has '^patch=lp_f outcome=skipped ms=[0-9]* step=guard reason="the boot guard leaves it out'
	# A steady boot of it writes nothing more.
	local before=$(of_variable sequence)
	good_boot
	file_has '^state=partial$'
	sequence_is "$before"
	run guard bless
	output_has "not blessed: 2 boots loaded it"
	# A later run loads no more than the boot did.
	injected_again finit_module:retval=0
	[[ $(cat "$file.last") == *"patch=lp_f outcome=skipped"*"step=guard"* ]]
	# Required and left out is failed. That it is required makes another set, with the same end.
	sed -i '/lp_f/s/$/ required/' "$manifest"
	crash
	crash
	good_boot
	file_has '^state=failed$'
	[ "$(grep -c 'outcome=applied' "$file")" -eq 5 ]
}

@test "a part that is all lines but one, or the first of them, is last known good" {
	with_variable
	for patch in lp_b lp_c; do line $patch.ko; done
	for patch in lp_a lp_b lp_c; do enabled $patch 1 0 0; done
	echo kpatch.skip=lp_b >"$root/proc/cmdline"
	good_boot
	guard bless
	echo >"$root/proc/cmdline"
	crash
	crash
	good_boot
	file_has '^patch=lp_a outcome=applied'
	file_has '^patch=lp_b outcome=skipped.*step=guard'
	file_has '^patch=lp_c outcome=applied'
	guard reset
	echo kpatch.skip=lp_b,lp_c >"$root/proc/cmdline"
	good_boot
	guard bless
	echo >"$root/proc/cmdline"
	crash
	crash
	good_boot
	file_has '^patch=lp_a outcome=applied'
	file_has '^patch=lp_b outcome=skipped.*step=guard'
	file_has '^patch=lp_c outcome=skipped.*step=guard'
}

@test "a load of the last known good that hangs puts it on trial" {
	with_variable
	good_boot
	guard bless
	line lp_b.ko
	crash
	crash
	good_boot
	file_has '^state=partial$'
	echo load_timeout=1 >"$conf"
	: >"$root/proc/sysrq-trigger"
	hangs
	restarts
	[ "$(echo $("$top/build/record" states "$variable" 4))" = "quarantined trying none none" ]
	good_boot
	file_has '^state=quarantined$'
}

@test "a quarantined set stays so, whatever was skipped and blessed in between" {
	with_variable
	line lp_b.ko
	crash
	crash
	good_boot
	file_has '^guard=quarantined$'
	for skip in lp_b no_such_patch; do
		echo "kpatch.skip=$skip" >"$root/proc/cmdline"
		good_boot
		guard bless
	done
	echo >"$root/proc/cmdline"
	good_boot
	file_has '^guard=quarantined$'
	file_has '^patch=lp_b outcome=skipped.*step=guard'
}

@test "a variable that is lost is made again with a warning, where bless --init had made one" {
	with_variable
	rm "$variable"
	for boot in 1 2; do
		crash
		was_tried
		[ "$(of_variable tries)" = $boot ]
		[ $boot = 2 ] || grep -q "^<28>kpatch-early: the boot guard's record in .* is lost; it is made again, and every set of patches is on trial anew" "$root/dev/kmsg"
	done
	good_boot
	file_has '^guard=quarantined$'
	# Where it can't be made: loaded with a warning at each boot, or not if required.
	rm "$variable"
	for boot in 1 2 3; do
		next_boot
		run strace -f -qq -o "$BATS_TEST_TMPDIR/strace" -P "$variable" -P "$baked/$release/lp_a.ko" \
			-e trace=write,finit_module -e inject=write:error=ENOSPC -e inject=finit_module:retval=0 \
			"$early" apply --root "$root"
		[ ! -e "$variable" ]
		file_has '^guard=none$'
		grep -q '^<28>kpatch-early: the boot guard cannot use .*: No space left on device; the patches are loaded unguarded' "$root/dev/kmsg"
	done
}

@test "a store that is empty is written again, where bless --init had made a record" {
	with_slots
	: >"$slots"
	truncate -s 4608 "$slots"
	good_boot
	file_has '^guard=trying$'
	grep -q "slots is lost; it is made again" "$root/dev/kmsg"
}

@test "firmware that faulted answers EINTR for ever: said, and no boot waits for it" {
	with_variable
	for call in read write; do
		next_boot
		run timeout 60 strace -f -qq -o "$BATS_TEST_TMPDIR/strace" -P "$variable" -e trace=$call -e inject=$call:error=EINTR \
			"$early" apply --root "$root"
		[ "$status" -lt 2 ]
		file_has '^guard=none$'
		grep -q '^<28>kpatch-early: the boot guard cannot use .*: the firmware has faulted, and its services are off until the machine restarts; the patches are loaded unguarded' "$root/dev/kmsg"
		run timeout 60 strace -f -qq -o "$BATS_TEST_TMPDIR/strace" -P "$variable" -e trace=$call -e inject=$call:error=EINTR \
			"$program" disable --root "$root"
		[ "$status" -eq 1 ]
		output_has "the firmware has faulted"
	done
	good_boot
	file_has '^guard=trying$'
}

@test "bless --remove ends guarding: no record, no flag, and nothing is said about it" {
	with_variable
	[ -e "$root/etc/kpatch-early/guarded" ]
	good_boot
	run guard bless --remove
	[ "$status" -eq 0 ]
	[ ! -e "$variable" ]
	[ ! -e "$root/etc/kpatch-early/guarded" ]
	good_boot
	file_has '^guard=none$'
	rm -r "$efivars"
	with_slots
	run guard bless --remove
	[ "$status" -eq 0 ]
	[ ! -e "$slots" ]
	run guard bless --remove
	[ "$status" -eq 0 ]
	# What never was a record stays.
	printf data >"$slots"
	truncate -s 4608 "$slots"
	: >"$root/etc/kpatch-early/guarded"
	run guard bless --remove
	[ "$status" -eq 1 ]
	output_has "nothing is changed"
	[ "$(head -c 4 "$slots")" = data ]
	[ -e "$root/etc/kpatch-early/guarded" ]
}

@test "an orderly end before the blessing takes the try back, and only of this boot" {
	with_variable
	crash
	good_boot
	[ "$(of_variable tries)" = 2 ]
	run guard bless --withdraw
	[ "$status" -eq 0 ]
	output_has "its try is taken back"
	[ "$(of_variable tries) $(of_variable unblessed)" = "1 1" ]
	run guard bless --withdraw
	output_has "no try is to be taken back"
	run guard bless
	output_has "was not loaded at this boot"
	next_boot
	run guard bless --withdraw
	output_has "no try is to be taken back"
	[ "$(of_variable tries)" = 1 ]
	good_boot
	guard bless
	run guard bless --withdraw
	output_has "no try is to be taken back"
	state_is proven
}

@test "disable and enable: in force at the next boot, whatever the command line says" {
	with_variable
	good_boot
	guard bless
	run guard disable
	[ "$status" -eq 0 ]
	output_has "from the next boot on no live patch is loaded"
	echo kpatch.disable=0 kpatch.enable=1 >"$root/proc/cmdline"
	for boot in 1 2; do
		good_boot
		[ "$status" -eq 0 ]
		file_has '^state=disabled$'
		file_has '^reason="kpatch-early disable; kpatch-early enable takes it back"$'
		[ -z "$(grep -e finit_module "$BATS_TEST_TMPDIR/strace")" ]
		[ -z "$(grep -e ^patch= -e ^guard= -e ^set= "$file")" ]
	done
	guard reset
	good_boot
	file_has '^state=disabled$'
	run guard enable
	[ "$status" -eq 0 ]
	good_boot
	file_has '^state=applied$'
}

@test "a damaged record: disable begins a new one that is off; what runs unasked leaves it to bless" {
	with_variable
	crash
	for size in same other; do
		printf '\377' | dd of="$variable" bs=1 seek=20 conv=notrunc status=none
		[ $size = same ] || truncate -s 80 "$variable"
		for unasked in "bless --withdraw" "disable --follow"; do
			run guard $unasked
			[ "$status" -eq 1 ]
			output_has "it is damaged; nothing is changed"
		done
		run guard disable
		[ "$status" -eq 0 ]
		output_has "the damaged record is replaced"
		[ "$(of_variable off)" = 1 ]
		good_boot
		file_has '^state=disabled$'
		guard enable
	done
}

@test "a boot that is good without the whole set: the crash sysctls are set back" {
	with_variable
	echo 0 >"$root/proc/sys/kernel/panic"
	line lp_b.ko
	next_boot
	injected finit_module:retval=0:when=1
	[ "$(cat "$root/proc/sys/kernel/panic")" = 11 ]
	guard bless
	[ "$(cat "$root/proc/sys/kernel/panic")" = 0 ]
}

@test "without a record disable says that nothing remembers it" {
	for state in none off; do
		[ "$state" = none ] || { with_variable; echo guard=off >"$conf"; }
		for verb in disable enable; do
			run guard $verb
			[ "$status" -eq 1 ]
			output_has "nothing remembers it: kpatch-early bless --init makes a record; or write enabled=no to"
		done
		run guard disable --follow
		[ "$status" -eq 0 ]
		[ -z "$output" ]
	done
	good_boot
	file_has '^state=applied$'
}

@test "a disabled kpatch.service is remembered too, and obeyed as long as it is followed" {
	with_variable
	mkdir -p "$root/etc/systemd/system" "$root/usr/lib/systemd/system"
	printf '[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n' >"$root/usr/lib/systemd/system/kpatch.service"
	run guard disable --follow
	[ "$status" -eq 0 ]
	[ "$(of_variable off)" = 2 ]
	good_boot
	file_has '^state=disabled$'
	file_has '^reason="kpatch.service is disabled, as the boot guard.s record says"$'
	run guard enable
	output_has "systemctl enable kpatch.service"
	echo follow_kpatch_service=no >"$conf"
	good_boot
	file_has '^state=applied$'
	rm "$conf"
	systemctl -q --root "$root" enable kpatch.service
	run guard disable --follow
	[ "$(of_variable off)" = 0 ]
	guard disable
	guard disable --follow
	[ "$(of_variable off)" = 1 ]
}

@test "a proven set that is refused stays proven, without a write" {
	with_variable
	good_boot
	guard bless
	refused EPERM
	file_has '^guard=proven$'
	sequence_is 2
	good_boot
	file_has '^state=applied$'
}

@test "another set, an option, or a patch left out by the command line is another trial" {
	with_variable
	line lp_b.ko
	crash
	crash
	good_boot
	file_has '^state=quarantined$'
	echo kpatch.skip=lp_b >"$root/proc/cmdline"
	good_boot
	file_has '^guard=trying$'
	file_has '^patch=lp_a outcome=applied'
	echo >"$root/proc/cmdline"
	sed -i '1s/$/required/' "$manifest"
	good_boot
	file_has '^guard=trying$'
	sequence_is 5
}

@test "a patch that the command line names as only its module does is left out of the set" {
	with_variable
	line other-name.ko
	patch "$baked/$release/other-name.ko" >/dev/null
	module "$baked/$release/other-name.ko" name=some_inner_name livepatch=Y license=GPL "vermagic=$release x"
	sed -i '/other-name/d' "$manifest"
	echo "$release other-name.ko sha256=$(sha256sum <"$baked/$release/other-name.ko" | cut -d' ' -f1)" >>"$manifest"
	crash
	crash
	echo "kpatch.skip=some_inner_name" >"$root/proc/cmdline"
	good_boot
	file_has '^guard=trying$'
	file_has '^patch=lp_a outcome=applied'
}

@test "what is not loaded is not tried: all skipped, disabled, damaged or already there" {
	with_variable
	echo kpatch.skip=lp_a >"$root/proc/cmdline"
	good_boot
	file_has '^state=nothing$'
	echo >"$root/proc/cmdline"
	echo x >>"$baked/$release/lp_a.ko"
	good_boot
	file_has 'step=digest'
	rm "$manifest"
	line lp_a.ko disabled
	good_boot
	sequence_is 0
}

@test "a dry run reads the record and writes nothing" {
	with_variable
	run guard apply --dry-run
	output_has "guard=trying"
	crash
	crash
	next_boot
	run guard apply --dry-run
	[ "$status" -eq 1 ]
	output_has "state=quarantined"
	sequence_is 2
}

@test "each damaged record keeps the set out of the boot, until bless writes a new one" {
	with_variable
	crash
	cp "$variable" "$BATS_TEST_TMPDIR/good"
	for at in 4 13 14 20 40 67; do
		cp "$BATS_TEST_TMPDIR/good" "$variable"
		printf '\377' | dd of="$variable" bs=1 seek=$at conv=notrunc status=none
		good_boot
		[ "$status" -eq 1 ]
		file_has '^state=quarantined$'
		file_has 'reason="the boot guard.s record in .* is damaged; kpatch-early bless writes a new one'
		cmp -s "$variable" "$BATS_TEST_TMPDIR/good" && false
		run guard bless
		[ "$status" -eq 0 ]
		state_is none
	done
	good_boot
	file_has '^guard=trying$'
}

# A crash while it is made leaves an empty one.
@test "a variable of another size is never written at a boot, and made anew by bless, reset and bless --init" {
	with_variable
	for size in 0 4 67 69 1000; do
		for command in "bless" "reset" "bless --init"; do
			truncate -s $size "$variable"
			run guard apply
			[ "$status" -eq 1 ]
			[ "$(stat -c %s "$variable")" -eq $size ]
			run guard $command
			[ "$status" -eq 0 ]
			[ "$(stat -c %s "$variable")" -eq 68 ]
			state_is none
		done
	done
}

@test "a damaged variable beside a store is replaced where it is" {
	with_variable
	with_slots
	printf '\377' | dd of="$variable" bs=1 seek=20 conv=notrunc status=none
	good_boot
	file_has '^state=quarantined$'
	run guard bless
	[ "$status" -eq 0 ]
	output_has "the damaged record is replaced"
	good_boot
	file_has '^guard=trying$'
}

@test "what cannot be read is no reason to try a set again" {
	with_slots
	crash
	crash
	good_boot
	file_has '^state=quarantined$'
	for slot in 1 2 1+; do
		next_boot
		run strace -f -qq -P "$slots" -P "$baked/$release/lp_a.ko" -o "$BATS_TEST_TMPDIR/strace" -e trace=pread64,finit_module \
			-e inject=pread64:error=EIO:when=$slot -e inject=finit_module:retval=0 "$early" apply --root "$root"
		file_has '^state=quarantined$'
		[ -z "$(grep finit_module "$BATS_TEST_TMPDIR/strace")" ]
	done
	file_has "record in $slots cannot be read: I/O error; nothing is loaded"
	rm "$slots" "$conf"
	with_variable
	next_boot
	run strace -f -qq -P "$variable" -o "$BATS_TEST_TMPDIR/strace" -e trace=read -e inject=read:error=EIO "$early" apply --root "$root"
	file_has "^state=quarantined$"
}

@test "bless --init makes no file in /dev" {
	echo guard_store=/dev/sdx7 >"$conf"
	run guard bless --init
	[ "$status" -eq 1 ]
	output_has "/dev/sdx7: it is missing; nothing is changed"
	[ ! -e "$root/dev/sdx7" ]
}

@test "guard=off asks nobody, guard=required loads nothing that it cannot remember" {
	with_variable
	crash
	crash
	echo guard=off >"$conf"
	good_boot
	file_has '^state=applied$'
	file_has '^guard=off$'
	rm "$variable" "$root/etc/kpatch-early/guarded"
	for value in required yes; do
		echo guard=$value >"$conf"
		good_boot
		[ "$status" -eq 1 ]
		[ -z "$(grep finit_module "$BATS_TEST_TMPDIR/strace")" ]
		file_has '^state=quarantined$'
		file_has "has no EFI variable .*guard=required, so nothing is loaded"
	done
	rm -r "$efivars"
	good_boot
	file_has "there is neither EFI nor guard_store="
}

@test "a record that cannot be written: loaded unguarded with a warning, but not after a bad boot, or if required" {
	with_variable
	next_boot
	cannot_write() {
		without_verdict
		run strace -f -qq -P "$variable" -P "$baked/$release/lp_a.ko" -o "$BATS_TEST_TMPDIR/strace" \
			-e trace=write,finit_module -e inject=write:error=ENOSPC -e inject=finit_module:retval=0 "$early" apply --root "$root"
	}
	cannot_write
	sequence_is 0
	file_has '^guard=none$'
	file_has '^state=applied$'
	grep -q '^<28>kpatch-early: the boot guard cannot use .*: No space left on device; the patches are loaded unguarded' "$root/dev/kmsg"
	echo guard=required >"$conf"
	cannot_write
	[ "$status" -eq 1 ]
	file_has '^state=quarantined$'
	file_has 'No space left on device; guard=required, so nothing is loaded'
	rm "$conf"
	crash
	next_boot
	cannot_write
	[ "$status" -eq 1 ]
	file_has '^state=quarantined$'
	file_has '^reason=".*No space left on device; an earlier boot was not blessed, so nothing is loaded"$'
	sequence_is 1
}

@test "slots: two boots that crash, quarantine, reset; each write goes to the other slot" {
	with_slots
	[ "$(stat -c '%s %a' "$slots")" = "4608 600" ]
	state_is "none -"
	crash
	state_is "none trying"
	crash
	state_is "trying trying"
	good_boot
	file_has '^state=quarantined$'
	state_is "trying quarantined"
	guard reset
	state_is "none quarantined"
	good_boot
	file_has '^guard=trying$'
	guard bless
	state_is "proven trying"
	good_boot
	file_has '^guard=proven$'
}

@test "slots: a torn write costs one slot, and the older one counts" {
	with_slots
	crash
	crash
	printf '\377' | dd of="$slots" bs=1 seek=40 conv=notrunc status=none
	crash
	was_tried
	good_boot
	file_has '^state=quarantined$'
	for at in 40 4136; do printf '\125' | dd of="$slots" bs=1 seek=$at conv=notrunc status=none; done
	good_boot
	file_has 'is damaged'
	run guard bless
	[ "$status" -eq 0 ]
	good_boot
	file_has '^guard=trying$'
}

# kill_at CALL WHEN VERB: VERB is killed as it begins its WHENth CALL on the slots or the patch, and a parent of that process
# at its next word; fails if there is none
kill_at() {
	run strace -f -qq -P "$slots" -P "$baked/$release/lp_a.ko" -P "$root/dev/kmsg" -o "$BATS_TEST_TMPDIR/strace" \
		-e trace="$1,finit_module,write" -e inject=finit_module:retval=0 -e inject="$1:signal=KILL:when=$2" \
		-e inject=write:signal=KILL "$program" "$3" --root "$root"
	[ "$(grep -c 'killed by SIGKILL' "$BATS_TEST_TMPDIR/strace")" -gt "$(grep -c ' write(' "$BATS_TEST_TMPDIR/strace")" ]
}

@test "slots: killed at any system call on them, both slots are whole, and the state is the old or the new one" {
	local cuts=0
	with_slots
	good_boot
	cp "$slots" "$BATS_TEST_TMPDIR/trying"
	cp "$root/proc/sys/kernel/random/boot_id" "$BATS_TEST_TMPDIR/boot_id"
	guard reset
	cp "$slots" "$BATS_TEST_TMPDIR/none"
	for step in "none apply" "trying apply" "trying bless" "trying reset"; do
		for call in open,openat fstat,newfstatat pread64 pwrite64 fsync close; do
			for when in {1..20}; do
				cp "$BATS_TEST_TMPDIR/${step% *}" "$slots"
				next_boot
				[[ $step == *apply ]] || cp "$BATS_TEST_TMPDIR/boot_id" "$root/proc/sys/kernel/random/"
				kill_at $call "$when" "${step#* }" || break
				cuts=$((cuts + 1))
				for other in 0 8; do
					cp "$slots" "$BATS_TEST_TMPDIR/both"
					dd if=/dev/zero of="$slots" bs=512 seek=$other count=1 conv=notrunc status=none
					run guard apply --dry-run
					[[ $output != *damaged* ]]
					[[ $output != *quarantined* ]]
					cp "$BATS_TEST_TMPDIR/both" "$slots"
				done
				run guard apply --dry-run
				[[ $output == *guard=trying* || $output == *guard=proven* ]]
			done
			[ "$when" -lt 20 ]
		done
	done
	[ $cuts -ge 60 ]
}

@test "slots: empty ones wait for bless --init, and nothing is written early" {
	echo guard_store=/slots >"$conf"
	truncate -s 1M "$slots"
	good_boot
	[ "$status" -eq 0 ]
	file_has '^guard=none$'
	grep -q '^<28>kpatch-early: the boot guard has no record in .*/slots yet .*unguarded' "$root/dev/kmsg"
	run guard bless
	[ "$status" -eq 0 ]
	output_has "has no memory"
	[ -z "$(tr -d '\0' <"$slots")" ]
	guard bless --init
	[ "$(stat -c %s "$slots")" -eq 1048576 ]
	good_boot
	file_has '^guard=trying$'
}

@test "slots: modules are loaded for the store, and it is waited for" {
	printf '%s\n' guard_store=/slots guard_modules=crc_x guard_wait=60 >"$conf"
	module "$root/lib/modules/$release/kernel/crc_x.ko" name=crc_x "vermagic=$release x"
	depmod -b "$root" "$release"
	next_boot
	: >"$BATS_TEST_TMPDIR/strace"
	(until_true was_tried; install -m 600 /dev/null "$slots.new"; truncate -s 1M "$slots.new"; mv "$slots.new" "$slots") 3>&- &
	injected finit_module:retval=0
	[ "$(grep -c finit_module "$BATS_TEST_TMPDIR/strace")" -eq 2 ]
	grep -q 'no record in .*/slots yet' "$root/dev/kmsg"
	rm "$slots"
	sed -i s/guard_wait=60/guard_wait=1/ "$conf"
	next_boot
	injected finit_module:retval=0 $sleeps
	[ "$(slept_ms)" -gt 0 ]
	[ "$(slept_ms)" -lt 2000 ]	# not the five seconds of the default
	grep -q '/slots: it is missing' "$root/dev/kmsg"
}

@test "guard_modules= may have blanks, and one that is not there does not keep the others out" {
	for name in crc_x crc_y; do module "$root/lib/modules/$release/kernel/$name.ko" name=$name "vermagic=$release x"; done
	depmod -b "$root" "$release"
	for names in crc_x,crc_y "crc_x, crc_y" "crc_x crc_y" "nosuch,crc_x,$(printf '%0100d' 0),crc_y,"; do
		printf '%s\n' guard_store=/slots "guard_modules=$names" guard_wait=1 >"$conf"
		good_boot
		[ "$(grep -c finit_module "$BATS_TEST_TMPDIR/strace")" -eq 3 ]
	done
}

@test "a module of guard_modules= with an install line is not loaded, the others are, and one warning says so" {
	for name in crc_x crc_y; do module "$root/lib/modules/$release/kernel/$name.ko" name=$name "vermagic=$release x"; done
	depmod -b "$root" "$release"
	mkdir -p "$root/etc/modprobe.d"
	echo "install crc_x /bin/true" >"$root/etc/modprobe.d/local.conf"
	printf '%s\n' guard_store=/slots guard_modules=nosuch,crc_x,crc_y guard_wait=1 >"$conf"
	good_boot
	[ "$(grep -c finit_module "$BATS_TEST_TMPDIR/strace")" -eq 2 ]
	[ "$(grep -c '^<28>kpatch-early: guard_modules=: crc_x is not loaded: modprobe.d has an install line for it$' "$root/dev/kmsg")" -eq 1 ]
	echo guard=off >>"$conf"
	good_boot
	[ -z "$(grep guard_modules "$root/dev/kmsg")" ]
}

@test "the kernel command line has options for a module of guard_modules=, and it goes last" {
	module "$root/lib/modules/$release/kernel/crc_x.ko" name=crc_x "vermagic=$release x"
	depmod -b "$root" "$release"
	mkdir -p "$root/usr/sbin" "$root/etc/modprobe.d"
	cp "$top/build/early/kpatch-early" "$root/usr/sbin/kpatch-early"
	echo "options crc_x a=1" >"$root/etc/modprobe.d/local.conf"
	echo 'quiet crc-x.a=2 crc_y.a=3 modprobe.blacklist=crc_x crc_x.b="4 5"' >"$root/proc/cmdline"
	printf '%s\n' guard_store=/slots guard_modules=crc_x guard_wait=1 >"$conf"
	next_boot
	run strace -f -qq -o "$BATS_TEST_TMPDIR/strace" -e trace=finit_module -e inject=finit_module:retval=0 \
		chroot "$root" /usr/sbin/kpatch-early apply
	grep -q 'finit_module([0-9]*, "a=1 a=2 b=\\"4 5\\"", 0)' "$BATS_TEST_TMPDIR/strace"
}

@test "slots: what is kept there by somebody else is never written" {
	echo guard_store=/slots >"$conf"
	for at in 0 4096; do
		truncate -s 0 "$slots"
		truncate -s 8192 "$slots"
		printf 'data' | dd of="$slots" bs=1 seek=$at conv=notrunc status=none
		before=$(sum "$slots")
		for command in "bless --init" bless reset apply; do
			run guard $command
			[ "$status" -eq 1 ]
			[[ $output == *"holds something else than "*zero* ]]
		done
		[ "$before" = "$(sum "$slots")" ]
		truncate -s 0 "$slots"
		truncate -s 4608 "$slots"
		guard bless --init
		rm "$slots"
	done
}

@test "slots: bless --init takes no swap, no small file system, and nothing else that begins with zeros" {
	echo guard_store=/slots >"$conf"
	for make in "mkswap" "mke2fs -q -t ext4 -b 1024" "printf x | dd bs=1 seek=4095 conv=notrunc status=none of="; do
		rm -f "$slots"
		truncate -s 8M "$slots"
		chmod 600 "$slots"
		[[ $make == *of= ]] || $make "$slots" >"$BATS_TEST_TMPDIR/made" 2>&1
		[[ $make != *of= ]] || eval "$make$slots"
		before=$(sum "$slots")
		run guard bless --init
		[ "$status" -eq 1 ]
		output_has "$slots: it holds something else than a record"
		[ "$before" = "$(sum "$slots")" ]
	done
}

@test "slots: a disk without room is said to be full, and no file is left there" {
	echo guard_store=/slots >"$conf"
	for call in write pwrite64 fsync; do
		run strace -qq -o "$BATS_TEST_TMPDIR/strace" -P "$slots" -e trace=$call -e inject=$call:error=ENOSPC \
			"$program" bless --init --root "$root"
		[ "$status" -eq 1 ]
		output_has "$slots: No space left on device; nothing is changed"
		[ ! -e "$slots" ]
	done
}

@test "slots: bless --init completes what a crash of itself has left" {
	local cuts=0
	echo guard_store=/slots >"$conf"
	for bytes in 0 7 512 4096 4607; do
		head -c $bytes /dev/zero >"$slots"
		guard bless --init
		[ "$(stat -c %s "$slots")" -eq 4608 ]
		state_is "none -"
	done
	for call in open,openat write pread64 pwrite64 fsync close; do
		for when in {1..20}; do
			rm -f "$slots"
			run strace -qq -o "$BATS_TEST_TMPDIR/strace" -P "$slots" -e trace=$call \
				-e inject=$call:signal=KILL:when=$when "$program" bless --init --root "$root"
			[ "$status" -ne 0 ] || break
			cuts=$((cuts + 1))
			guard bless --init
			state_is "none -"
		done
	done
	[ $cuts -ge 10 ]
}

@test "bless --init makes no store where an EFI variable comes before it" {
	with_variable
	echo guard_store=/slots >"$conf"
	run guard bless --init
	[ "$status" -eq 0 ]
	output_has "keeps its record in $variable"
	[ ! -e "$slots" ]
}

@test "slots: missing, a folder, too short, or another's to write: said, and not used" {
	echo guard_store=/slots >"$conf"
	good_boot
	[ "$status" -eq 0 ]
	grep -q '^<28>kpatch-early: the boot guard cannot use /.*/slots: it is missing; the patches are loaded unguarded' "$root/dev/kmsg"
	mkdir "$slots"
	good_boot
	grep -q 'cannot use .*/slots: it is neither a file nor a block device; .*unguarded' "$root/dev/kmsg"
	rmdir "$slots"
	guard bless --init
	chmod 666 "$slots"
	good_boot
	grep -q 'cannot use .*/slots: it can be written by others than root; .*unguarded' "$root/dev/kmsg"
	chmod 600 "$slots"
	good_boot
	file_has '^guard=trying$'
	truncate -s 100 "$slots"
	good_boot
	file_has '^state=quarantined$'
	file_has "$slots is too short for the boot guard's record; kpatch-early bless makes one of zeros longer"
	run guard bless --init
	output_has "$slots: it is too short; nothing is changed"
	for bytes in 7 100 512 4096 4607; do
		head -c $bytes /dev/urandom >"$slots"
		chmod 600 "$slots"
		before=$(sum "$slots")
		for command in "bless --init" bless reset apply; do
			run guard $command
			[ "$status" -eq 1 ]
		done
		[ "$before" = "$(sum "$slots")" ]
	done
}

@test "slots: a partition by its label, as the kernel names it" {
	mkdir -p "$root/sys/class/block/nvme0!n1p2" "$root/sys/class/block/sda1" "$root/dev/nvme0"
	printf 'DEVNAME=sda1\nPARTNAME=guardian\n' >"$root/sys/class/block/sda1/uevent"
	printf 'DEVNAME=nvme0/n1p2\nPARTNAME=guard\n' >"$root/sys/class/block/nvme0!n1p2/uevent"
	echo guard_store=PARTLABEL=guard >"$conf"
	run guard bless --init
	[ "$status" -eq 0 ]
	output_has "$root/dev/nvme0/n1p2"
	good_boot
	file_has '^guard=trying$'
	echo guard_store=PARTLABEL=guards >"$conf"
	good_boot
	grep -q 'cannot use PARTLABEL=guards: it is missing' "$root/dev/kmsg"
	printf 'DEVNAME=sda1\nPARTNAME=guard\n' >"$root/sys/class/block/sda1/uevent"
	echo guard_store=PARTLABEL=guard >"$conf"
	good_boot
	grep -q 'cannot use PARTLABEL=guard: several partitions have that label' "$root/dev/kmsg"
}

@test "an EFI variable comes before a store, and both may be there" {
	with_slots
	mkdir -p "$efivars"
	good_boot
	state_is "none trying"
	rm "$conf"
	guard bless --init
	echo guard_store=/slots >"$conf"
	good_boot
	state_is "trying none trying"
}

@test "every system call of the protocol, with every errno: ends in order, and a whole record is left" {
	with_variable
	crash
	cp "$variable" "$BATS_TEST_TMPDIR/one"
	for errno in EIO EACCES ENOSPC EROFS EINVAL ENOMEM EINTR; do
		for call in open read write ioctl fstat; do
			cp "$BATS_TEST_TMPDIR/one" "$variable"
			next_boot
			when=1
			[[ $errno != EINTR ]] || when=1..2
			run strace -f -qq -P "$variable" -o "$BATS_TEST_TMPDIR/strace" -e trace="$call" \
				-e inject="$call:error=$errno:when=$when" "$early" apply --root "$root"
			[ "$status" -le 1 ]
			run guard apply --dry-run
			[[ $output != *damaged* ]]
		done
	done
}

@test "while a set is on trial crashes restart the machine, until it is blessed" {
	with_variable
	value() { head -n 1 "$root/proc/sys/kernel/$1"; }
	for name in panic panic_on_oops; do echo 0 >"$root/proc/sys/kernel/$name"; done
	echo 1 >"$root/proc/sys/kernel/softlockup_panic"
	good_boot
	[ "$(value panic) $(value panic_on_oops) $(value softlockup_panic)" = "11 2 1" ]
	[ "$(of_variable sysctls)" = 3 ]
	guard bless
	[ "$(value panic) $(value panic_on_oops) $(value softlockup_panic)" = "0 0 1" ]
	[ "$(of_variable sysctls)" = 0 ]
	for name in panic panic_on_oops; do echo 0 >"$root/proc/sys/kernel/$name"; done
	good_boot
	file_has '^guard=proven$'
	[ "$(value panic) $(value panic_on_oops)" = "0 0" ]
}

@test "who has set his own policy since then keeps it when the set is blessed" {
	with_variable
	for name in panic panic_on_oops softlockup_panic; do echo 0 >"$root/proc/sys/kernel/$name"; done
	good_boot
	echo 10 >"$root/proc/sys/kernel/panic"
	guard bless
	# A 1 may be his too; our 2 is nobody else's.
	[ "$(head -qn 1 "$root"/proc/sys/kernel/{panic,panic_on_oops,softlockup_panic} | tr '\n' ' ')" = "10 0 1 " ]
}

@test "what another set had armed at the same boot is put back too" {
	with_variable
	for name in panic panic_on_oops softlockup_panic; do echo 0 >"$root/proc/sys/kernel/$name"; done
	good_boot
	line lp_b.ko
	enabled lp_b
	injected finit_module:retval=0
	[ "$(head -n 1 "$root/proc/sys/kernel/panic")" = 11 ]
	guard bless
	[ "$(head -qn 1 "$root"/proc/sys/kernel/{panic,panic_on_oops,softlockup_panic} | tr '\n' ' ')" = "0 0 0 " ]
}

@test "a blessing that cannot be written changes nothing" {
	with_variable
	for name in panic panic_on_oops; do echo 0 >"$root/proc/sys/kernel/$name"; done
	good_boot
	run strace -qq -P "$variable" -o /dev/null -e trace=write -e inject=write:error=EROFS "$program" bless --root "$root"
	[ "$status" -eq 1 ]
	output_has "Read-only file system; nothing is changed"
	[ "$(head -qn 1 "$root"/proc/sys/kernel/{panic,panic_on_oops} | tr '\n' ' ')" = "11 2 " ]
	guard bless
	[ "$(head -qn 1 "$root"/proc/sys/kernel/{panic,panic_on_oops} | tr '\n' ' ')" = "0 0 " ]
	state_is proven
}

@test "a failure that could not be written is not blessed at that boot" {
	with_variable
	good_boot
	sed -i 's/^guard=trying/guard=failed/' "$file"
	run guard bless
	output_has "not blessed: the set of patches on trial failed at this boot"
	state_is trying
	sed -i 's/^guard=failed/guard=trying/' "$file"
	guard bless
	state_is proven
}

@test "without the boot's number nothing is blessed" {
	with_variable
	rm "$root/proc/sys/kernel/random/boot_id"
	injected finit_module:retval=0
	file_has '^guard=trying$'
	run guard bless
	output_has "was not loaded at this boot"
	state_is trying
}

@test "the notice that patches are loaded unguarded comes before they are" {
	echo guard_store=/slots >"$conf"
	crash
	was_tried
	grep -q 'slots: it is missing; the patches are loaded unguarded' "$root/dev/kmsg"
}

@test "a refusal that may pass is tried again at the next boot, and nothing stays armed" {
	with_variable
	for name in panic panic_on_oops softlockup_panic; do echo 0 >"$root/proc/sys/kernel/$name"; done
	for errno in EAGAIN ENOMEM; do
		next_boot
		run strace -f -qq -o "$BATS_TEST_TMPDIR/strace" -e trace=finit_module \
			-e "inject=finit_module:error=$errno" "$early" apply --root "$root"
		[ "$status" -eq 1 ]
		[ "$(head -n 1 "$root/proc/sys/kernel/panic")" = 0 ]
	done
	good_boot
	file_has '^guard=trying$'
}

# boot_with FAULT: a boot that ends at once where it restarts the machine, as this one does
boot_with() {
	next_boot
	run strace -f -qq -P "$root/proc/sysrq-trigger" -P "$baked/$release/lp_a.ko" -o "$BATS_TEST_TMPDIR/strace" \
		-e trace=finit_module,write -e inject="finit_module:$1" -e inject=write:signal=KILL:when=2 \
		"$early" apply --root "$root"
}
# The load never comes back: it is stopped until it is killed.
hangs() { boot_with retval=0:signal=STOP; }
dies() { boot_with signal=KILL; }
restarts() { grep -q 'write(.*"b"' "$BATS_TEST_TMPDIR/strace"; }

@test "a load that does not end is ended by sysrq, and nothing is left behind" {
	with_variable
	echo load_timeout=1 >"$conf"
	: >"$root/proc/sysrq-trigger"
	hangs
	restarts
	grep -q '^<24>kpatch-early: lp_a: a load or its transition has not ended in 1 s; the machine restarts' "$root/dev/kmsg"
	state_is trying
	[ -z "$(pgrep -f "apply --root $root")" ]
}

@test "a machine that does not restart goes on without the set, which keeps its try" {
	with_variable
	echo load_timeout=1 >"$conf"
	line lp_b.ko
	hangs
	[ "$status" -eq 1 ]
	[ "$(of_variable state) $(of_variable tries) $(of_variable cause)" = "trying 1 hung" ]
	file_has '^patch=lp_a outcome=failed ms=[0-9]* step=hung reason="a load or its transition has not ended in 1 s"'
	file_has '^patch=lp_b outcome=failed ms=[0-9]* step=load reason="not tried: '
	run guard bless
	output_has "not blessed"
}

@test "a proven set whose load does not end is on trial again, and the machine restarts" {
	with_variable
	echo load_timeout=1 >"$conf"
	: >"$root/proc/sysrq-trigger"
	good_boot
	guard bless
	state_is proven
	hangs
	restarts
	state_is trying
	hangs
	hangs
	file_has '^state=quarantined$'
}

@test "a process that dies in its load: the machine restarts if the next boot will know, else the boot goes on" {
	: >"$root/proc/sysrq-trigger"
	dies
	[ "$status" -eq 1 ]
	file_has '^patch=lp_a outcome=failed ms=[0-9]* step=hung reason="the kernel ended the process that loaded it'
	[ ! -s "$root/proc/sysrq-trigger" ]
	with_variable
	dies
	restarts
	state_is trying
}

@test "a set whose load hung is not blessed at that boot, whatever is in force" {
	with_variable
	loaded lp_a "$baked/$release/lp_a.ko"
	line lp_b.ko
	echo load_timeout=1 >"$conf"
	next_boot
	run strace -f -qq -P "$baked/$release/lp_b.ko" -o "$BATS_TEST_TMPDIR/strace" -e trace=finit_module \
		-e inject=finit_module:retval=0:signal=STOP "$early" apply --root "$root"
	grep -q '^<24>kpatch-early: the machine does not restart; the boot goes on' "$root/dev/kmsg"

	file_has 'patch=lp_a outcome=already'
	run guard bless
	output_has "not blessed: the set of patches on trial was not loaded at this boot"
	state_is trying
}

@test "bless waits for a load that has not returned" {
	with_variable
	good_boot
	file_has '^guard=trying$'
	sed -i 's/outcome=applied \(.*\)step=done/outcome=failed \1step=budget/' "$file"
	mkdir -p "$root/sys/module/lp_a"
	echo coming >"$root/sys/module/lp_a/initstate"
	run guard bless
	[ "$status" -eq 1 ]
	output_has "bless: not blessed: a patch's load has not returned"
	state_is trying
	echo live >"$root/sys/module/lp_a/initstate"
	run guard bless
	[ "$status" -eq 0 ]
	output_has "the set of patches is proven"
}

@test "neither bless nor the next boot learns anything from a later run by hand" {
	with_variable
	good_boot
	file_has '^guard=trying$'
	rm "$root/etc/initrd-release"
	enabled lp_a 0
	injected_again finit_module:error=ENOEXEC
	[ "$status" -eq 1 ]
	file_has '^state=applied$'
	run guard bless
	output_has "the set of patches is proven"
}

@test "a later run loads nothing at a quarantined boot, and changes no record" {
	with_slots
	crash
	crash
	good_boot
	file_has '^state=quarantined$'
	cp "$slots" "$BATS_TEST_TMPDIR/slots"
	line lp_b.ko
	enabled lp_b
	injected_again finit_module:retval=0
	[ "$status" -eq 1 ]
	[ -z "$(grep finit_module "$BATS_TEST_TMPDIR/strace")" ]
	grep -q '^reason="this boot is quarantined, see /run/kpatch-early/status"$' "$file.last"
	cmp "$slots" "$BATS_TEST_TMPDIR/slots"
}

@test "a run by hand restarts nothing" {
	with_variable
	: >"$root/proc/sysrq-trigger"
	for mark in "$root/etc/initrd-release" "$file"; do
		next_boot
		[ "$mark" = "$file" ] && echo state=applied >"$file" || rm "$mark"
		injected_again finit_module:signal=KILL
		[ "$status" -eq 1 ]
		[ ! -s "$root/proc/sysrq-trigger" ]
		guard reset
		: >"$root/etc/initrd-release"
	done
}

@test "one that ends behind its last patch is no fault of a patch" {
	with_variable
	: >"$root/proc/sysrq-trigger"
	mkdir -p "$root/sys/devices/system/cpu"
	echo 0-1 >"$root/sys/devices/system/cpu/online"
	next_boot
	run strace -f -qq -o "$BATS_TEST_TMPDIR/strace" -e trace=finit_module,kill -e inject=finit_module:retval=0 \
		-e inject=kill:signal=KILL:when=1 "$early" apply --root "$root"
	[ "$status" -eq 0 ]
	file_has '^patch=lp_a outcome=applied'
	[ ! -s "$root/proc/sysrq-trigger" ]
}

@test "a refusal that may pass takes back its own try, and no other" {
	with_variable
	attempts() { of_variable tries; }
	crash
	refused EBUSY
	[ "$(attempts)" = 1 ]
	run guard bless
	output_has "was not loaded at this boot"
	crash
	[ "$(attempts)" = 2 ]
	good_boot
	file_has '^state=quarantined$'
}

@test "the machine's watchdog runs while a set on trial is loaded, if it can be stopped and nobody has it" {
	local watchdog=$root/sys/class/watchdog/watchdog0
	with_variable
	mkdir -p "$watchdog"
	: >"$root/dev/watchdog0"
	for state in "1 inactive" "0 active"; do
		echo "${state% *}" >"$watchdog/nowayout"
		echo "${state#* }" >"$watchdog/state"
		good_boot
		[ ! -s "$root/dev/watchdog0" ]
		guard reset
	done
	echo inactive >"$watchdog/state"
	good_boot
	[ "$(tr '\0' . <"$root/dev/watchdog0")" = .V ]
	: >"$root/dev/watchdog0"
	guard bless
	good_boot
	file_has '^guard=proven$'
	[ ! -s "$root/dev/watchdog0" ]
}

# kernel_module FILE [FIELD=VALUE...]: one of the kernel's own
kernel_module() {
	module "$root/lib/modules/$release/kernel/drivers/$1" "name=$(basename "$1" .ko)" "vermagic=$release x" "${@:2}"
}

# device BUS NAME MODALIAS
device() {
	mkdir -p "$root/sys/bus/$1/devices/$2"
	echo "$3" >"$root/sys/bus/$1/devices/$2/modalias"
}

# What a boot hands to the kernel, in order, besides its patch.
loads() {
	next_boot
	run strace -f -y -qq -o "$BATS_TEST_TMPDIR/strace" -e trace=finit_module -e inject=finit_module:retval=0 \
		"$early" apply --root "$root"
	grep -o '[a-z0-9_]*\.ko>' "$BATS_TEST_TMPDIR/strace" | grep -v lp_a | tr -d '>' | paste -sd ' '
}

@test "on trial the watchdog drivers that a device asks for are loaded, no other, and none that is on a blacklist" {
	kernel_module watchdog/esb.ko "alias=pci:v00008086d000025ABsv*sd*bc*sc*i*"
	kernel_module watchdog/acpi_dog.ko "alias=platform:acpi_dog"
	kernel_module watchdog/other.ko "alias=pci:v00008086d000025ACsv*sd*bc*sc*i*"
	kernel_module watchdog/blind.ko
	kernel_module net/card.ko "alias=pci:v00001AF4d00001000sv*sd*bc*sc*i*"
	depmod -b "$root" "$release"
	device pci 0000:00:04.0 pci:v00008086d000025ABsv00001AF4sd00001100bc08sc80i00
	device pci 0000:00:05.0 pci:v00001AF4d00001000sv00001AF4sd00000001bc02sc00i00
	with_variable
	[ "$(loads)" = "esb.ko" ]
	guard reset
	device platform acpi-dog platform:acpi-dog
	[[ " $(loads) " == *" acpi_dog.ko "* ]]
	guard reset
	mkdir -p "$root/etc/modprobe.d"
	echo blacklist esb >"$root/etc/modprobe.d/local.conf"
	[ "$(loads)" = acpi_dog.ko ]
	# By hand it is loaded nevertheless, as modprobe does.
	guard reset
	echo guard_modules=esb >"$conf"
	[ "$(loads)" = "esb.ko acpi_dog.ko" ]
	# A distribution's list of all watchdogs does not count; options do, wherever they are.
	guard reset
	mv "$root/etc/modprobe.d" "$root/usr/lib/"
	echo options esb heartbeat=7 >>"$root/usr/lib/modprobe.d/local.conf"
	: >"$conf"
	[[ " $(loads) " == *" esb.ko "* ]]
	grep -q 'esb.ko>, "heartbeat=7", 0' "$BATS_TEST_TMPDIR/strace"
	# An install line is the administrator's way to have it not loaded.
	guard reset
	echo install esb /bin/true >>"$root/usr/lib/modprobe.d/local.conf"
	[ "$(loads)" = acpi_dog.ko ]
	guard bless
	[ -z "$(loads)" ]
	file_has '^guard=proven$'
}

@test "the drivers of hundreds of devices are looked for in memory of fixed size" {
	for number in 1 2 3 4; do
		kernel_module "net/card$number.ko" "alias=pci:v00001AF4d*sv*sd*bc*sc*i*"
	done
	kernel_module watchdog/esb.ko "alias=pci:v00008086d000025ABsv*sd*bc*sc*i*"
	depmod -b "$root" "$release"
	mkdir -p "$root"/sys/bus/pci/devices/{1..600}
	echo pci:v00001AF4d00001000sv00001AF4sd00000001bc02sc00i00 |
		tee "$root"/sys/bus/pci/devices/{1..600}/modalias >"$BATS_TEST_TMPDIR/alias"
	device pci 601 pci:v00008086d000025ABsv00001AF4sd00001100bc08sc80i00
	with_variable
	[ "$(loads)" = "esb.ko" ]
	file_has '^state=applied$'
}

@test "slots: on trial a watchdog driver is loaded too" {
	kernel_module watchdog/esb.ko "alias=pci:v00008086d000025ABsv*sd*bc*sc*i*"
	depmod -b "$root" "$release"
	device pci 0000:00:04.0 pci:v00008086d000025ABsv00001AF4sd00001100bc08sc80i00
	[ -z "$(loads)" ]
	with_slots
	[ "$(loads)" = esb.ko ]
	guard bless
	[ -z "$(loads)" ]
}

# helper_ends HOW: a boot whose watchdog driver ends so in its probe
helper_ends() {
	next_boot
	run strace -f -qq -P "$root/lib/modules/$release/kernel/drivers/watchdog/esb.ko" -o "$BATS_TEST_TMPDIR/strace" \
		-e trace=finit_module -e "inject=finit_module:$1" "$early" apply --root "$root"
}

@test "a helper driver that crashes or hangs in its probe is counted, and bounded" {
	echo 0 >"$root/proc/sys/kernel/panic"
	kernel_module watchdog/esb.ko "alias=pci:v00008086d000025ABsv*sd*bc*sc*i*"
	depmod -b "$root" "$release"
	device pci 0000:00:04.0 pci:v00008086d000025ABsv00001AF4sd00001100bc08sc80i00
	with_variable
	helper_ends signal=KILL
	was_tried
	[ "$status" -eq 1 ]
	[ "$(cat "$root/proc/sys/kernel/panic")" = 11 ]
	[ "$(of_variable tries)" = 1 ]
	file_has '^patch=lp_a outcome=failed .*step=hung reason="not tried: the kernel ended the process that was writing the boot guard.s record'
	helper_ends retval=0:signal=STOP
	[ "$status" -eq 1 ]
	[ "$(of_variable tries)" = 2 ]
	file_has '^patch=lp_a outcome=failed .*step=hung reason="not tried: .* has not ended in 10 s'
	good_boot
	file_has '^guard=quarantined$'
}

@test "a judge that hangs before it has a store: unguarded, and said" {
	with_variable
	mkdir -p "$root/etc/modprobe.d"
	echo "options esb x=1" >"$root/etc/modprobe.d/local.conf"
	echo guard_modules=esb >"$conf"
	next_boot
	run strace -f -qq -o "$BATS_TEST_TMPDIR/strace" -P "$variable" -P "$baked/$release/lp_a.ko" -e trace=openat,open,finit_module \
		-e "inject=openat,open:signal=KILL:when=2+" -e inject=finit_module:retval=0 "$early" apply --root "$root"
	[ -e "$file" ]
	[ "$status" -lt 2 ]
}

@test "at a boot of the last known good, a later run with other lines loads nothing" {
	with_variable
	enabled lp_a 1 0 0
	good_boot
	guard bless
	line lp_f.ko
	crash
	crash
	good_boot
	file_has '^state=partial$'
	line lp_g.ko
	injected_again finit_module:retval=0
	[ "$status" -eq 1 ]
	[ -z "$(grep finit_module "$BATS_TEST_TMPDIR/strace" | grep -e lp_f -e lp_g)" ]
	[[ $(cat "$file.last") == *"patch=lp_g outcome=skipped"*"step=guard"* ]]
}

@test "an unsigned set that needs another module is tried, whatever the kernel wants signed" {
	with_variable
	mkdir -p "$root/sys/module/module/parameters"
	echo Y >"$root/sys/module/module/parameters/sig_enforce"
	module "$baked/$release/lp_a.ko" name=lp_a livepatch=Y license=GPL "vermagic=$release x" depends=dep_x
	echo "$release lp_a.ko sha256=$(sha256sum <"$baked/$release/lp_a.ko" | cut -d' ' -f1)" >"$manifest"
	kernel_module dep_x.ko
	depmod -b "$root" "$release"
	crash
	[ "$(of_variable tries)" = 1 ]
}

@test "a try that can't be written after another set's crash is not made" {
	with_variable
	crash
	line lp_b.ko
	next_boot
	run strace -f -qq -o "$BATS_TEST_TMPDIR/strace" -P "$variable" -P "$baked/$release/lp_a.ko" \
		-e trace=write,finit_module -e inject=write:error=ENOSPC -e inject=finit_module:retval=0 "$early" apply --root "$root"
	[ "$status" -eq 1 ]
	[ -z "$(grep finit_module "$BATS_TEST_TMPDIR/strace")" ]
	file_has '^guard=blocked$'
	file_has 'No space left on device; an earlier boot was not blessed, so nothing is loaded'
}

@test "slots: with a bad sector each write goes to the other slot" {
	with_slots
	crash
	state_is "none trying"
	# Slot 1, which has the newer record, can't be read or written.
	next_boot
	run strace -f -qq -o "$BATS_TEST_TMPDIR/strace" -P "$slots" -e trace=pread64,pwrite64 -e inject=pread64:error=EIO:when=2 \
		"$early" apply --root "$root"
	file_has '^guard=trying$'
	grep -q 'pwrite64(.*, 512, 0)' "$BATS_TEST_TMPDIR/strace"
	[ -z "$(grep 'pwrite64(.*, 512, 4096)' "$BATS_TEST_TMPDIR/strace")" ]
}

@test "where the status is lost, a good boot ends the row of bad ones" {
	with_variable
	crash
	crash
	line lp_b.ko
	crash
	crash
	line lp_c.ko
	enabled lp_b
	enabled lp_c
	good_boot
	file_has '4 boots in a row were not blessed'
	rm "$file"
	guard bless
	good_boot
	file_has '^guard=trying$'
}

@test "a try that was written and could not be read back may be blessed" {
	with_variable
	next_boot
	run strace -f -qq -o "$BATS_TEST_TMPDIR/strace" -P "$variable" -e trace=read -e inject=read:error=EIO:when=3 \
		"$early" apply --root "$root"
	file_has '^guard=none$'
	[ "$(of_variable state) $(of_variable tries)" = "trying 1" ]
	run guard bless
	output_has "the set of patches is proven"
}

@test "the last proven set stays beside quarantined ones" {
	with_variable
	enabled lp_a 1 0 0
	good_boot
	guard bless
	for set in 1 2 3; do
		line lp_$set.ko
		crash
		crash
		good_boot
		file_has '^state=\(partial\|quarantined\)$'
		guard bless
		sed -i "/lp_$set/d" "$manifest"
	done
	line lp_4.ko
	good_boot
	file_has '^state=partial$'
	file_has '^patch=lp_a outcome=applied'
	[ "$("$top/build/record" states "$variable" 4 | tr ' ' '\n' | sort | paste -sd ' ')" = "proven quarantined quarantined quarantined" ]
}

@test "nothing is taken back that a status speaks against, nor twice" {
	with_variable
	good_boot
	for word in failed quarantined blocked; do
		sed -i "s/^guard=.*/guard=$word/" "$file"
		run guard bless --withdraw
		output_has "no try is to be taken back"
		run guard bless
		output_has "failed at this boot"
	done
	[ "$(of_variable tries)" = 1 ]
	# A stall that could not be written.
	sed -i "s/^guard=.*/guard=trying/; s/outcome=applied ms=\([0-9]*\) step=done/outcome=failed ms=\1 step=transition/" "$file"
	run guard bless --withdraw
	output_has "no try is to be taken back"
	run guard bless
	output_has "not blessed: a transition did not end"
	[ "$(of_variable tries)" = 1 ]
}

@test "a boot that is good without the whole set has no try to be taken back" {
	with_variable
	line lp_b.ko
	next_boot
	injected finit_module:retval=0:when=1
	guard bless
	local before=$(of_variable sequence)
	run guard bless --withdraw
	output_has "no try is to be taken back"
	sequence_is "$before"
}

@test "a machine that was guarded and has no EFI any more says so at each boot" {
	with_variable
	rm -r "$efivars"
	good_boot
	file_has '^state=applied$'
	grep -q '^<28>kpatch-early: there is neither EFI nor guard_store= for the boot guard: the patches are loaded unguarded' "$root/dev/kmsg"
}

@test "bless --remove removes the store behind a variable, too" {
	with_slots
	with_variable
	run guard bless --remove
	[ "$status" -eq 0 ]
	[ ! -e "$slots" ] && [ ! -e "$variable" ]
}

@test "bless and disable side by side lose neither" {
	with_variable
	good_boot
	strace -f -qq -o /dev/null -P "$variable" -e trace=write -e inject=write:delay_enter=500000 "$program" bless --root "$root" >/dev/null &
	sleep 0.2
	guard disable
	wait
	[ "$(of_variable off) $(of_variable state)" = "1 proven" ]
}
