#!/usr/bin/env -S bats --tap
# bake, overlay and the guard's verbs for another root: no link leads out of it, nobody must be root, and /proc may be missing.

load helpers

setup() {
	fake_root
	k=6.1.0-test
	out=$BATS_TEST_TMPDIR/out
	o=$BATS_TEST_TMPDIR/patches.cpio
	# The sanitizers need /proc, and libraries.
	static=$programs/kpatch-early
	# What links in the root would lead to on the host. The path is short, and no path of the root.
	host=$(mktemp -d /tmp/kpatch-early-host-XXXXXX)
}

teardown() { rm -rf "$host"; }

bake() { run "$program" bake -k "$k" --root "$root" --output "$out" "$@"; }
overlay() { run "$static" overlay -k "$k" --root "$root" -o "$o" "$@"; }

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

@test "a store that is a link is looked for in the root" {
	mkdir -p "$root/var/lib" "$host/kpatch/$k"
	patch "$root$host/kpatch/$k/lp_in.ko" "$k"
	ln -s "$host/kpatch" "$store"
	# There is another store of that path on the host, and then none.
	patch "$host/kpatch/$k/lp_out.ko" "$k"
	bake
	[ "$status" -eq 0 ]
	[ "$(listed)" = "$k lp_in.ko," ]
	rm -r "$host/kpatch"
	bake
	[ "$status" -eq 0 ]
	[ "$(listed)" = "$k lp_in.ko," ]
	overlay
	[ "$status" -eq 0 ]
	output_has "patches: 1"
}

@test "a link to nowhere is no empty store: it is said, and the tree stays as it was" {
	patch "$store/$k/lp_a.ko" "$k"
	bake
	mv "$root/var/lib" "$root/data"
	ln -s "$host/lib" "$root/var/lib"
	mkdir -p "$host/lib/kpatch/$k"
	before=$(sums "$out")
	bake
	[ "$status" -eq 2 ]
	output_has "/var/lib/kpatch/$k: a link there leads to $root$host/lib/kpatch/$k, which is missing"
	output_has "the manifest is not written"
	[ "$(sums "$out")" = "$before" ]
}

@test "a patch that is a link is looked for in the root, and keeps its own name" {
	patch "$root$host/build/17.ko" "$k"
	patch "$host/build/17.ko" "$k"
	patch "$host/only/here.ko" "$k"
	mkdir -p "$store/$k"
	xz "$root$host/build/17.ko"
	mv "$root$host/build/17.ko.xz" "$root$host/build/17.ko"
	ln -s "$host/build/17.ko" "$store/$k/lp_a.ko.xz"
	ln -s ../../../../../../../../.."$host/only/here.ko" "$store/$k/lp_b.ko"
	bake
	[ "$status" -eq 1 ]
	output_has "$store/$k/lp_b.ko: it is missing; it is not baked"
	[ "$(listed)" = "$k lp_a.ko," ]
}

@test "drop-ins and settings behind links are those of the root" {
	patch "$store/$k/lp_a.ko" "$k"
	patch "$store/$k/lp_b.ko" "$k"
	mkdir -p "$root$host/conf/manifest.d" "$host/conf/manifest.d"
	echo "$k lp_a.ko disabled" >"$root$host/conf/manifest.d/10.conf"
	echo "$k lp_b.ko disabled" | tee "$host/conf/manifest.d/10.conf" >"$host/20.conf"
	echo "enabled=no" >"$host/conf/kpatch-early.conf"
	rmdir "$root/etc/kpatch-early"
	ln -s "$host/conf" "$root/etc/kpatch-early"
	bake
	[ "$status" -eq 0 ]
	[ "$(listed)" = "$k lp_b.ko," ]
	# A drop-in that is a link by itself
	ln -s "$host/20.conf" "$root$host/conf/manifest.d/20.conf"
	bake
	[ "$status" -eq 2 ]
	output_has "$root$host/conf/manifest.d/20.conf cannot be read"
	cp "$host/20.conf" "$root$host/20.conf"
	bake
	[ "$(listed)" = "" ]
	# Settings of the root's own
	echo "enabled=no" >"$root$host/off"
	ln -s "$host/off" "$root$host/conf/kpatch-early.conf"
	bake
	[ "$status" -eq 0 ]
	output_has "enabled=no in /etc/kpatch-early/kpatch-early.conf, so no patch is baked"
}

@test "a link to /dev/null masks a drop-in, though a root has no devices, and hides one of /usr" {
	patch "$store/$k/lp_a.ko" "$k"
	mkdir -p "$root"/{etc,usr/lib}/kpatch-early/manifest.d
	echo "$k lp_a.ko disabled" >"$root/usr/lib/kpatch-early/manifest.d/10.conf"
	ln -s /dev/null "$root/etc/kpatch-early/manifest.d/10.conf"
	bake
	[ "$status" -eq 0 ]
	[ "$(listed)" = "$k lp_a.ko," ]
}

@test "keys behind links are those of the root" {
	patch "$store/$k/lp_a.ko" "$k"
	signify-openbsd -G -n -p "$BATS_TEST_TMPDIR/in.pub" -s "$BATS_TEST_TMPDIR/in.sec"
	signify-openbsd -G -n -p "$BATS_TEST_TMPDIR/out.pub" -s "$BATS_TEST_TMPDIR/out.sec"
	mkdir -p "$root$host/keys" "$host/keys"
	cp "$BATS_TEST_TMPDIR/out.pub" "$host/keys/one.pub"
	cp "$BATS_TEST_TMPDIR/in.pub" "$root$host/two.pub"
	ln -s "$host/keys" "$root/etc/kpatch-early/keys"
	ln -s "$host/two.pub" "$root$host/keys/two.pub"
	bake --sign "$BATS_TEST_TMPDIR/out.sec"
	[ "$status" -eq 1 ]
	output_has "it is by none of the keys"
	bake --sign "$BATS_TEST_TMPDIR/in.sec"
	[ "$status" -eq 0 ]
	bake
	output_has "has keys, so apply refuses the manifest until it is signed"
}

@test "what bake writes stays in the root, whatever is a link there" {
	patch "$store/$k/lp_a.ko" "$k"
	mkdir -p "$host/etc" "$host/patches/$k"
	echo precious | tee "$host/patches/$k/lp_a.ko" "$host/patches/$k/old.ko" >"$host/etc/manifest.sig"
	cp "$host/etc/manifest.sig" "$host/etc/manifest.tmp"
	rmdir "$root/etc/kpatch-early"
	mkdir -p "$root$host/etc" "$root$host/patches" "$root/usr/lib/kpatch-early"
	ln -s "$host/etc" "$root/etc/kpatch-early"
	ln -s "$host/patches" "$root/usr/lib/kpatch-early/patches"
	remember
	run "$program" bake -k "$k" --root "$root"
	[ "$status" -eq 0 ]
	is_as_before
	[ -s "$root$host/etc/manifest" ]
	[ -s "$root$host/patches/$k/lp_a.ko" ]
	# A second bake finds the first one's lines there, and cleans up there.
	patch "$store/6.2/lp_b.ko" 6.2
	: >"$root$host/patches/$k/stale.ko"
	run "$program" bake -k 6.2 --root "$root"
	run "$program" bake -k "$k" --root "$root"
	[ "$status" -eq 0 ]
	[ "$(grep -c sha256= "$root$host/etc/manifest")" -eq 2 ]
	[ ! -e "$root$host/patches/$k/stale.ko" ]
	is_as_before
	# --output is the root of what will boot.
	mkdir -p "$host/out" "$out$host/out"
	ln -s "$host/out" "$out/usr"
	bake
	[ "$status" -eq 0 ]
	[ -d "$out$host/out/lib/kpatch-early/patches/$k" ]
	is_as_before
}

@test "a manifest that is a link is read in the root, and replaced where it is" {
	patch "$store/$k/lp_a.ko" "$k"
	echo "6.9 lp_host.ko sha256=$(printf %064d 0)" >"$host/manifest"
	mkdir -p "$root$host"
	echo "6.9 lp_root.ko sha256=$(printf %064d 0)" >"$root$host/manifest"
	ln -s "$host/manifest" "$manifest"
	remember
	run "$program" bake -k "$k" --root "$root"
	[ "$status" -eq 0 ]
	[ ! -L "$manifest" ]
	[ "$(listed "$root")" = "$k lp_a.ko,6.9 lp_root.ko," ]
	is_as_before
}

@test "overlay takes the program, the guard's module and the flag file from the root" {
	patch "$store/$k/lp_a.ko" "$k"
	mkdir -p "$root$host"/{efivarfs,early} "$host"/{efivarfs,early} "$root/lib/modules/$k/kernel/fs" "$root/usr/lib"
	for place in "$root$host" "$host"; do
		echo "module $place" >"$place/efivarfs/efivarfs.ko"
		{ cat "$early_file" && echo "program $place"; } >"$place/early/kpatch-early"
		: >"$place/guarded"
	done
	ln -s "$host/efivarfs" "$root/lib/modules/$k/kernel/fs/efivarfs"
	ln -s "$host/early" "$root/usr/lib/kpatch-early"
	ln -s "$host/guarded" "$root/etc/kpatch-early/guarded"
	overlay --compress=none
	[ "$status" -eq 0 ]
	run strings "$o"
	output_has "module $root"
	output_has "program $root"
	output_has "kpatch-early bless --init has made a record"
	rm "$root$host"/{efivarfs/efivarfs.ko,early/kpatch-early,guarded}
	overlay --compress=none
	[ "$status" -eq 0 ]
	run strings "$o"
	[[ $output != *"module $host"* && $output != *"program $host"* && $output != *"has made a record"* ]]
}

@test "the boot guard's settings, record and flag file are those of the root" {
	mkdir -p "$root$host/etc" "$root$host/data" "$host/etc" "$host/data"
	rmdir "$root/etc/kpatch-early"
	ln -s "$host/etc" "$root/etc/kpatch-early"
	ln -s "$host/data" "$root/data"
	echo guard_store=/data/record >"$root$host/etc/kpatch-early.conf"
	echo guard=off >"$host/etc/kpatch-early.conf"
	remember
	run "$program" bless --init --root "$root"
	[ "$status" -eq 0 ]
	output_has "the boot guard keeps its record in $root$host/data/record"
	[ -s "$root$host/etc/guarded" ]
	for verb in disable enable; do
		run "$program" "$verb" --root "$root"
		[ "$status" -eq 0 ]
		output_has "from the next boot on"
	done
	run "$program" reset --root "$root"
	[ "$status" -eq 0 ]
	# A record and a flag file of that name are the host's.
	echo precious | tee "$host/etc/guarded" >"$host/data/record"
	remember
	run "$program" bless --remove --root "$root"
	[ "$status" -eq 0 ]
	[ ! -e "$root$host/etc/guarded" ]
	[ ! -e "$root$host/data/record" ]
	is_as_before
	# Not yet there is no error; a path without end is one.
	ln -s "$host/data/later" "$root$host/data/record"
	run "$program" bless --init --root "$root"
	[ "$status" -eq 0 ]
	[ -s "$root$host/data/later" ]
	ln -sfn record "$root$host/data/record"
	run "$program" reset --root "$root"
	[ "$status" -eq 1 ]
	output_has "reset: /data/record: it is a symbolic link; nothing is changed"
	is_as_before
}

@test "units of the host do not decide for a root whose /lib is a link" {
	patch "$store/$k/lp_a.ko" "$k"
	unit=usr/lib/systemd/system/kpatch.service
	install -D -m 644 /dev/stdin "$host/$unit" <<<$'[Service]\nExecStart=true\n[Install]\nWantedBy=multi-user.target'
	mkdir -p "$root$host/usr/lib" "$root/etc/systemd/system/multi-user.target.wants"
	ln -s "$host/usr/lib" "$root/lib"
	bake
	[ "$status" -eq 0 ]
	[ "$(listed)" = "$k lp_a.ko," ]
	# The root has the unit, too: there it is disabled, enabled, masked.
	install -D -m 644 "$host/$unit" "$root/$unit"
	bake
	output_has "kpatch.service is disabled, so no patch is baked"
	ln -s "/$unit" "$root/etc/systemd/system/multi-user.target.wants"
	bake
	[ "$(listed)" = "$k lp_a.ko," ]
	ln -s /dev/null "$root/etc/systemd/system/kpatch.service"
	bake
	output_has "kpatch.service is masked, so no patch is baked"
}

@test "words of the running kernel's command line mean nothing for another root" {
	patch "$store/$k/lp_a.ko" "$k"
	bake
	[ "$status" -eq 0 ]
	said=$output
	echo "kpatch.disable=1 modprobe.blacklist=lp_a lp_a.x=1 nomodule" >"$BATS_TEST_TMPDIR/cmdline"
	run unshare --mount bash -c 'mount --bind "$1" /proc/cmdline && shift && exec "$@"' bash \
		"$BATS_TEST_TMPDIR/cmdline" "$program" bake -k "$k" --root "$root" --output "$out"
	[ "$status" -eq 0 ]
	[ "$output" = "$said" ]
	[ "$(listed)" = "$k lp_a.ko," ]
}

@test "the running system's own links are followed as ever" {
	mkdir -p "$root/usr/sbin" "$root/var/lib"
	cp "$static" "$root/usr/sbin/kpatch-early"
	patch "$root/srv/kpatch/$k/lp_a.ko" "$k"
	ln -s /srv/kpatch "$store"
	run chroot "$root" /usr/sbin/kpatch-early bake -k "$k"
	[ "$status" -eq 0 ]
	[ "$(listed "$root")" = "$k lp_a.ko," ]
}

@test "without /proc patches are baked and packed, and a good tree stays" {
	patch "$store/$k/lp_a.ko" "$k"
	module "$store/$k/no_patch.ko" name=no_patch "vermagic=$k SMP "
	head -c 300 "$store/$k/lp_a.ko" >"$store/$k/cut.ko"
	run "$static" bake -k "$k" --root "$root" --output "$out"
	[ "$status" -eq 1 ]
	said=$output before=$(sum "$out/etc/kpatch-early/manifest")
	run without_proc "$static" bake -k "$k" --root "$root" --output "$out"
	[ "$status" -eq 1 ]
	[ "$output" = "$said" ]
	[ "$(listed)" = "$k lp_a.ko," ]
	[ "$(sum "$out/etc/kpatch-early/manifest")" = "$before" ]
	rm "$store/$k"/{no_patch,cut}.ko
	overlay
	mv "$o" "$o.with"
	run without_proc "$static" overlay -k "$k" --root "$root" -o "$o"
	[ "$status" -eq 0 ]
	cmp "$o" "$o.with"
}

@test "without /proc info prints the same, and install checks the same" {
	patch "$BATS_TEST_TMPDIR/lp_a.ko" "$k"
	run "$static" info "$BATS_TEST_TMPDIR/lp_a.ko"
	[ "$status" -eq 0 ]
	said=$output
	run without_proc "$static" info "$BATS_TEST_TMPDIR/lp_a.ko"
	[ "$status" -eq 0 ]
	[ "$output" = "$said" ]
	module "$BATS_TEST_TMPDIR/no.ko" name=no "vermagic=$k SMP "
	mkdir -p "$root/usr/sbin"
	cp "$static" "$root/usr/sbin/kpatch-early"
	cp "$BATS_TEST_TMPDIR"/{lp_a,no}.ko "$root"
	run chroot "$root" /usr/sbin/kpatch-early install -k "$k" /lp_a.ko /no.ko
	[ "$status" -eq 1 ]
	output_has "/no.ko is not a live patch"
	cmp "$store/$k/lp_a.ko" "$BATS_TEST_TMPDIR/lp_a.ko"
}

@test "bake and overlay need no root: their files are whose they are, and mode 0644" {
	patch "$store/$k/lp_a.ko" "$k"
	patch "$store/6.2/lp_b.ko" 6.2
	owned_by_nobody
	for release in "$k" 6.2; do
		run nobody "$program" bake -k "$release" --root "$root" --output "$out"
		[ "$status" -eq 0 ] || { echo "$output"; false; }
	done
	[ "$(listed)" = "$k lp_a.ko,6.2 lp_b.ko," ]
	[ "$(find "$out" -type f -printf '%m %U\n' | sort -u)" = "644 65534" ]
	run nobody env TMPDIR="$BATS_TEST_TMPDIR" "$static" overlay -k "$k" --root "$root" -o "$o"
	[ "$status" -eq 0 ]
	gzip -qdc "$o" | cpio -itv --quiet | awk '$3 != "root" { bad = 1 } END { exit bad }'
}

@test "who is not root signs with keys of his own" {
	patch "$store/$k/lp_a.ko" "$k"
	mkdir -p "$root/etc/kpatch-early/keys"
	signify-openbsd -G -n -p "$root/etc/kpatch-early/keys/one.pub" -s "$BATS_TEST_TMPDIR/one.sec"
	owned_by_nobody
	for _ in 1 2; do
		run nobody "$program" bake -k "$k" --root "$root" --output "$out" --sign "$BATS_TEST_TMPDIR/one.sec"
		[ "$status" -eq 0 ]
	done
	signify-openbsd -V -q -p "$root/etc/kpatch-early/keys/one.pub" -m "$out/etc/kpatch-early/manifest"
	chown 1 "$root/etc/kpatch-early/keys/one.pub"
	run nobody "$program" bake -k "$k" --root "$root" --output "$out" --sign "$BATS_TEST_TMPDIR/one.sec"
	[ "$status" -eq 1 ]
	output_has "one.pub: it is owned by uid 1; it must be root's"
}

@test "who is not root is told which file he may not read or write" {
	patch "$store/$k/lp_a.ko" "$k"
	patch "$store/$k/lp_b.ko" "$k"
	owned_by_nobody
	chown 0 "$store/$k/lp_b.ko"
	chmod 600 "$store/$k/lp_b.ko"
	run nobody "$program" bake -k "$k" --root "$root" --output "$out"
	[ "$status" -eq 1 ]
	output_has "lp_b.ko: Permission denied; it is not baked"
	[ "$(listed)" = "$k lp_a.ko," ]
	# What may say that nothing is to be baked is no reason to empty a good tree.
	echo enabled=yes >"$root/etc/kpatch-early/kpatch-early.conf"
	chmod 600 "$root/etc/kpatch-early/kpatch-early.conf"
	run nobody "$program" bake -k "$k" --root "$root" --output "$out"
	[ "$status" -eq 2 ]
	output_has "/etc/kpatch-early/kpatch-early.conf cannot be read, and may say enabled=no, so no patch is baked"
	[ "$(listed)" = "$k lp_a.ko," ]
	rm "$root/etc/kpatch-early/kpatch-early.conf"
	chown -R 0 "$out"
	run nobody "$program" bake -k "$k" --root "$root" --output "$out"
	[ "$status" -eq 1 ]
	output_has "$out"
	output_has "the manifest is not written"
}

@test "bake works under fakeroot" {
	patch "$store/$k/lp_a.ko" "$k"
	owned_by_nobody
	run nobody env PATH="$PATH" fakeroot "$static" bake -k "$k" --root "$root" --output "$out"
	[ "$status" -eq 0 ]
	[ "$(listed)" = "$k lp_a.ko," ]
}

@test "a patch of the store that others could have written is refused, and the others are baked" {
	for name in own group other owner; do patch "$store/$k/lp_$name.ko" "$k"; done
	chmod g+w "$store/$k/lp_group.ko"
	chmod o+w "$store/$k/lp_other.ko"
	chown 1 "$store/$k/lp_owner.ko"
	bake
	[ "$status" -eq 1 ]
	output_has "lp_group.ko: its group or others may write it; check it, and chmod go-w; it is not baked"
	output_has "lp_other.ko: its group or others may write it"
	output_has "lp_owner.ko: it is owned by uid 1; it must be root's: check it, and give it to root; it is not baked"
	[ "$(listed)" = "$k lp_own.ko," ]
	# Whoever names a file answers for it.
	bake "$store/$k/lp_group.ko"
	[ "$status" -eq 0 ]
	# Who asks may own it, and root does.
	owned_by_nobody
	chown 0 "$store/$k/lp_own.ko"
	run nobody "$program" bake -k "$k" --root "$root" --output "$out"
	[ "$status" -eq 1 ]
	[ "$(listed)" = "$k lp_own.ko,$k lp_owner.ko," ]
}
