#!/usr/bin/env -S bats --tap
# The host's compressors: what they are told, and what becomes of their failures.

load helpers

setup() {
	fake_root
	k=6.1.0-test
	o=$BATS_TEST_TMPDIR/patches.cpio
	patch "$store/$k/lp-a.ko" "$k"
}

overlay() { run "$program" overlay -k "$k" --root "$root" -o "$o" "$@"; }

# compressor LINE...: an xz, first in PATH, that does this
compressor() {
	mkdir -p "$BATS_TEST_TMPDIR/bin"
	printf '%s\n' '#!/bin/sh' "$@" >"$BATS_TEST_TMPDIR/bin/xz"
	chmod 755 "$BATS_TEST_TMPDIR/bin/xz"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
}

@test "options from the environment do not reach a compressor: the bytes are the same" {
	for word in xz zstd gzip; do
		overlay --compress="$word"
		[ "$status" -eq 0 ]
		cp "$o" "$BATS_TEST_TMPDIR/plain"
		for variable in XZ_OPT=--format=lzma XZ_DEFAULTS=--arm XZ_OPT=--lzma2=dict=4KiB ZSTD_CLEVEL=1 \
			ZSTD_NBTHREADS=2 GZIP=-1; do
			env "$variable" "$program" overlay -k "$k" --root "$root" -o "$o" --compress="$word"
			cmp "$o" "$BATS_TEST_TMPDIR/plain"
		done
	done
}

@test "options from the environment do not reach a decompressor" {
	xz "$store/$k/lp-a.ko"
	XZ_OPT=--format=lzma XZ_DEFAULTS=--keep run "$program" bake -k "$k" --root "$root"
	[ "$status" -eq 0 ]
	output_has "baked lp-a.ko"
}

@test "a compressor keeps the rest of its environment" {
	compressor "echo \"\$KEPT\$XZ_OPT\""
	KEPT=kept XZ_OPT=-0 overlay --compress=xz
	[ "$status" -eq 0 ]
	[ "$(tail -c +5 "$o" | head -n 1)" = kept ]
}

@test "a compressor that fails, or makes nothing, is said to, and no overlay is written" {
	echo old >"$o"
	for line in "exit 1" "echo half; exit 1" "kill -9 \$\$" "exit 0" "cat >/dev/null"; do
		compressor "$line"
		overlay --compress=xz
		[ "$status" -eq 1 ]
		output_has "kpatch-early: overlay: xz: it failed; no overlay is written"
		[ "$(cat "$o")" = old ]
		[ ! -e "$o.tmp" ]
	done
}

@test "an overlay may be larger than a module" {
	compressor "head -c 67108865 /dev/zero"
	overlay --compress=xz
	[ "$status" -eq 0 ]
	[ "$(stat -c %s "$o")" -eq 67108872 ]
}
