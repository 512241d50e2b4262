#!/usr/bin/env -S bats --tap
# A boot goes on, whatever blocks: a file, the boot guard's store, a load, a reversal. What blocks is stopped by strace, for
# good. Nothing is ever loaded.
# It waits more than it computes.

load helpers

setup() {
	fake_root
	conf=$root/etc/kpatch-early/kpatch-early.conf
	line lp_a.ko
	line lp_b.ko
	mkdir -p "$root/proc/sys/kernel/random" "$root/etc"
	echo 11111111-2222-3333-4444-555555555555 >"$root/proc/sys/kernel/random/boot_id"
	: >"$root/etc/initrd-release"
}

# settings LINE...: the settings
settings() { printf '%s\n' "$@" >"$conf"; }

# applied WORD...: apply under strace with these words; loads succeed, as far as they are traced
applied() {
	without_verdict
	run strace -f -qq -o "$BATS_TEST_TMPDIR/strace" "$@" "$early" apply --root "$root"
}

# stopped CALL PATH: apply, whose first CALL on PATH never ends
stopped() { applied -P "$2" -e "trace=$1" -e "inject=$1:signal=STOP:when=1"; }

a() { echo "$baked/$release/lp_a.ko"; }

# nothing_tried REASON: no patch was loaded, and each says why
nothing_tried() {
	[ "$status" -eq 1 ]
	file_has '^state=failed$'
	[ "$(grep -c "^patch=lp_[ab] outcome=failed ms=[0-9]* step=$1\$" "$file")" -eq 2 ] || { cat "$file"; false; }
	[ -z "$(grep finit_module "$BATS_TEST_TMPDIR/strace")" ]
}

@test "a worker that has its first turn late is no worker that hangs" {
	enabled lp_a
	enabled lp_b
	applied -e trace=prctl,finit_module -e inject=prctl:delay_enter=1500000 -e inject=finit_module:retval=0
	[ "$status" -eq 0 ]
	file_has '^state=applied$'
}

@test "a file that can't be read to its end: boot_budget= ends it, and nothing is loaded" {
	settings boot_budget=2
	stopped pread64 "$baked/$release/lp_b.ko"
	nothing_tried 'budget reason="not reached in the 2 s of boot_budget="'
}

@test "a store that can't be read to its end counts as one that can't be read" {
	truncate -s 8K "$root/store"
	settings guard_store=/store guard_wait=1
	stopped pread64 "$root/store"
	grep -q "the boot guard cannot use $root/store: there was no answer in time; the patches are loaded unguarded" "$root/dev/kmsg"
	file_has '^patch=lp_a outcome=failed .* step=load '
	settings guard_store=/store guard_wait=1 guard=required
	stopped pread64 "$root/store"
	[ "$status" -eq 1 ]
	file_has '^state=quarantined$'
	file_has 'guard=required, so nothing is loaded'
}

@test "a store that can't be written to its end: nothing is loaded, and the boot goes on" {
	truncate -s 8K "$root/store"
	settings guard_store=/store
	"$program" bless --init --root "$root"
	stopped pwrite64 "$root/store"
	nothing_tried "hung reason=\"not tried: writing the boot guard's record and starting the watchdog has not ended in 10 s\""
}

@test "a load that goes on when the boot can't wait: it is left alone, and the try stays open" {
	truncate -s 8K "$root/store"
	settings guard_store=/store boot_budget=2
	"$program" bless --init --root "$root"
	applied -P "$(a)" -e trace=finit_module -e inject=finit_module:retval=0:signal=STOP
	[ "$status" -eq 1 ]
	file_has '^patch=lp_a outcome=failed .* step=budget reason="it has not come into force in the 2 s of boot_budget="'
	file_has '^patch=lp_b outcome=failed .* step=budget reason="not reached in the 2 s of boot_budget="'
	file_has '^guard=trying$'
	[ ! -e "$root/proc/sysrq-trigger" ]
}

@test "a reversal that never ends does not hold the boot" {
	enabled lp_a 1 1
	settings transition_timeout=1 boot_budget=3
	applied -P "$root/sys/kernel/livepatch/lp_a/enabled" -P "$(a)" -e trace=write,finit_module \
		-e inject=write:signal=STOP:when=1 -e inject=finit_module:retval=0
	[ "$status" -eq 1 ]
	file_has '^patch=lp_a outcome=failed .* step=budget '
	file_has '^patch=lp_b outcome=failed .* step=budget '
}

@test "a budget that is shorter than a timeout wins, and apply says so" {
	settings load_timeout=200 transition_timeout=100
	injected finit_module:error=EINVAL
	grep -q '^<28>kpatch-early: .*load_timeout=200 is longer than boot_budget=120, which wins' "$root/dev/kmsg"
	[ "$(grep -c 'which wins' "$root/dev/kmsg")" -eq 1 ]
}

# with_relocations NUMBER: lp_a has so many, 24 bytes each in a section with SHF_RELA_LIVEPATCH
with_relocations() {
	printf '.section .klp.rela.vmlinux.text,"0x100000",@progbits\n.zero %d\n' $((24 * $1)) |
		as -o "$BATS_TEST_TMPDIR/rela.o" -
	ld -r -o "$BATS_TEST_TMPDIR/big.ko" "$(a)" "$BATS_TEST_TMPDIR/rela.o"
	mv "$BATS_TEST_TMPDIR/big.ko" "$(a)"
	echo "$release lp_a.ko sha256=$(sum "$(a)")" >"$manifest"
}

@test "livepatch relocations make the limit of a load longer" {
	settings load_timeout=1
	with_relocations 40
	applied -P "$(a)" -e trace=finit_module -e inject=finit_module:retval=0:signal=STOP
	file_has 'step=hung reason="a load or its transition has not ended in 5 s"'
}

@test "a load of 35 s of a patch with 100 relocations is one that works" {
	with_relocations 100
	enabled lp_a
	applied -e trace=finit_module -e inject=finit_module:retval=0:delay_exit=35000000
	[ "$status" -eq 0 ]
	file_has '^patch=lp_a outcome=applied ms=[3-9][0-9]\{4,\}'
}
