#!/usr/bin/env -S bats --tap
# apply with nothing left to work with. For the static program only: a dynamic one would not
# even start.

load helpers

setup() {
	fake_root
	program=$top/build/kpatch-early
}

@test "without file descriptors it ends in order" {
	line lp_a.ko
	for limit in 3 4 5 6; do
		run bash -c "ulimit -n $limit; exec '$early' apply --root '$root'"
		[ "$status" -le 2 ]
	done
}

@test "every system call failing in turn: an orderly exit status" {
	line lp_a.ko
	hits=0
	for call in open read pread64 fstat mmap write writev rename fsync uname mkdir fcntl dup2 stat lseek; do
		for when in 1 2 3 5 8 13; do
			run strace -f -qq -o "$BATS_TEST_TMPDIR/strace" -e "trace=$call" \
				-e "inject=$call:error=EIO:when=$when+" "$early" apply --root "$root"
			[ "$status" -le 2 ] || { echo "$call from the $when. on: exit status $status"; false; }
			if grep -q INJECTED "$BATS_TEST_TMPDIR/strace"; then hits=$((hits + 1)); fi
		done
	done
	[ "$hits" -gt 20 ]
}
