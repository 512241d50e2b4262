#!/usr/bin/env -S bats --tap
# bake and overlay for another root: no link leads out of it, nobody must be root, and /proc may be missing.

load helpers

setup() {
	fake_root
	k=6.1.0-test
	out=$BATS_TEST_TMPDIR/out
	o=$BATS_TEST_TMPDIR/patches.cpio
	# What links in the root would lead to on the host. The path is short, and no path of the root.
	host=$(mktemp -d /tmp/kpatch-early-host-XXXXXX)
}

teardown() { rm -rf "$host"; }

bake() { run "$program" bake -k "$k" --root "$root" --output "$out" "$@"; }
overlay() { run "$program" overlay -k "$k" --root "$root" -o "$o" "$@"; }

# listed [DIRECTORY]: the patches in the manifest of $out, without digests
listed() { sed -n 's/ sha256=[0-9a-f]*//; /^#/!p' "${1:-$out}/etc/kpatch-early/manifest" | tr '\n' ','; }

# sums DIRECTORY: what is in each file there
sums() { (cd "$1" && find . -type f -exec sha256sum {} + | sort); }

# remember: from now on, is_as_before fails if anything was made or changed below $host
remember() { before=$(sums "$host"); }
is_as_before() { [ "$(sums "$host")" = "$before" ]; }

# nobody COMMAND...: as a user without any right of root's
nobody() { setpriv --reuid 65534 --regid 65534 --clear-groups --bounding-set -all --inh-caps -all "$@"; }

# without_proc COMMAND...: where nothing is mounted on /proc
without_proc() { unshare --mount bash -c 'mount -t tmpfs tmpfs /proc && exec "$@"' without_proc "$@"; }

# owned_by_nobody: all that the test has made, and nobody may go there
owned_by_nobody() {
	chown -R 65534:65534 "$BATS_TEST_TMPDIR"
	chmod a+x "$BATS_RUN_TMPDIR" "${BATS_TEST_TMPDIR%/*}"
	nobody test -w "$root" -a -x "$program"
}

@test "without /proc info prints the same, and install checks the same" {
	patch "$BATS_TEST_TMPDIR/lp_a.ko" "$k"
	run "$program" info "$BATS_TEST_TMPDIR/lp_a.ko"
	[ "$status" -eq 0 ]
	said=$output
	run without_proc "$program" info "$BATS_TEST_TMPDIR/lp_a.ko"
	[ "$status" -eq 0 ]
	[ "$output" = "$said" ]
	module "$BATS_TEST_TMPDIR/no.ko" name=no "vermagic=$k SMP "
	mkdir -p "$root/usr/sbin"
	cp "$program" "$root/usr/sbin/kpatch-early"
	cp "$BATS_TEST_TMPDIR"/{lp_a,no}.ko "$root"
	run chroot "$root" /usr/sbin/kpatch-early install -k "$k" /lp_a.ko /no.ko
	[ "$status" -eq 1 ]
	output_has "/no.ko is not a live patch"
	cmp "$store/$k/lp_a.ko" "$BATS_TEST_TMPDIR/lp_a.ko"
}
