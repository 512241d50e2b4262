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

# at_terminal WORDS COMMAND STATUS: while xz is held up, COMMAND says WORDS on its terminal; then it ends with STATUS
at_terminal() {
	local pid seen=$BATS_TEST_TMPDIR/typescript
	rm -f "$BATS_TEST_TMPDIR/go" "$seen"
	script -qefc "$2" "$seen" >/dev/null 3>&- &
	pid=$!
	until_true grep -qs "$1, 3 s" "$seen" || return 1
	touch "$BATS_TEST_TMPDIR/go"
	wait "$pid" || [ $? -eq "$3" ]
}

@test "what takes long says so on a terminal, in one line that goes, and nowhere else" {
	local blank
	compressor "until [ -e '$BATS_TEST_TMPDIR/go' ]; do sleep 0.05; done" 'exec /usr/bin/xz "$@"'
	at_terminal compressing "'$program' overlay -k $k --root '$root' -o '$o' --compress=xz" 0
	[ -s "$o" ]
	printf -v blank '\r%40s\r' ""
	[[ $(<"$BATS_TEST_TMPDIR/typescript") == *"compressing, 2 s"$'\r'"compressing, 3 s"*"$blank"* ]]
	/usr/bin/xz "$store/$k/lp-a.ko"
	at_terminal checking "'$program' check -k $k --root '$root'" 1
	# No process is left behind, and a quick one says nothing.
	run script -qefc "'$program' overlay -k $k --root '$root' -o '$o' --compress=gzip" /dev/null
	[ "$status" -eq 0 ]
	[[ $output != *compressing* ]]
	rm "$BATS_TEST_TMPDIR/go"
	"$program" overlay -k "$k" --root "$root" -o "$o" --compress=xz >"$BATS_TEST_TMPDIR/said" 2>&1 3>&- &
	sleep 3
	touch "$BATS_TEST_TMPDIR/go"
	wait $!
	run cat "$BATS_TEST_TMPDIR/said"
	[[ $output == *"is written"* && $output != *compressing* ]]
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
