#!/usr/bin/env -S bats --tap
# bake: what it takes, refuses and writes.

load helpers

setup() {
	fake_root
	k=6.1.0-test
	out=$BATS_TEST_TMPDIR/out
}

bake() { run "$program" bake -k "$k" --root "$root" --output "$out" "$@"; }

# drop_in NAME < LINES; usr_drop_in likewise
drop_in() { mkdir -p "$root/etc/kpatch-early/manifest.d" && cat >"$root/etc/kpatch-early/manifest.d/$1"; }
usr_drop_in() { mkdir -p "$root/usr/lib/kpatch-early/manifest.d" && cat >"$root/usr/lib/kpatch-early/manifest.d/$1"; }

# What the manifest lists, without digests.
listed() { sed -n 's/ sha256=[0-9a-f]*//; /^#/!p' "$out/etc/kpatch-early/manifest" | tr '\n' ','; }

# Each line's file is there and has the line's digest.
digests_are_true() {
	local release file digest
	while read -r release file digest _; do
		[[ $release == "#" ]] ||
			[ "sha256=$(sum "$out/usr/lib/kpatch-early/patches/$release/$file")" = "$digest" ] || return 1
	done <"$out/etc/kpatch-early/manifest"
}

@test "the store is baked in name order, with true digests and mode 0644" {
	umask 077
	patch "$store/$k/b.ko" "$k"
	patch "$store/$k/a-1.ko" "$k"
	bake
	[ "$status" -eq 0 ]
	[ "$(listed)" = "$k a-1.ko,$k b.ko," ]
	for file in a-1.ko b.ko; do
		copy=$out/usr/lib/kpatch-early/patches/$k/$file
		cmp "$copy" "$store/$k/$file"
		[ "$(stat -c %a "$copy")" = 644 ]
		grep -q "^$k $file sha256=$(sum "$copy")$" "$out/etc/kpatch-early/manifest"
	done
	[ -z "$(find "$out" -name '*.tmp')" ]
}

@test "drop-ins say the order and the options, the rest of the store follows" {
	for name in a b c d; do patch "$store/$k/$name.ko" "$k"; done
	usr_drop_in 10.conf <<<"$k c.ko required"
	drop_in 20.conf <<-END
		# a comment
		6.9.9 z.ko
		$k b.ko buildid=00ff
		$k d.ko disabled
	END
	bake
	[ "$status" -eq 0 ]
	[ "$(listed)" = "$k c.ko required,$k b.ko buildid=00ff,$k a.ko," ]
	output_has "d.ko is left out"
}

@test "what a patch fixes goes from each release's drop-in into the manifest, and stays there" {
	local other=6.1.0-other
	patch "$store/$k/a.ko" "$k"
	patch "$store/$other/b.ko" "$other"
	printf '%s\n' "$k a.ko fixes=CVE-2026-0001,CVE-2026-0002 required" "$other b.ko fixes=CVE-2026-0003" | drop_in 10.conf
	bake -k "$other"
	[ "$status" -eq 0 ]
	[ "$(listed)" = "$other b.ko fixes=CVE-2026-0003,$k a.ko required fixes=CVE-2026-0001,CVE-2026-0002," ]
	# A bake of one release keeps the line of the other; a required patch without a file keeps what it would fix.
	rm "$store/$k/a.ko"
	bake
	[ "$status" -eq 1 ]
	[ "$(listed)" = "$other b.ko fixes=CVE-2026-0003,$k a.ko required fixes=CVE-2026-0001,CVE-2026-0002," ]
}

@test "the longest line that bake makes is not over the limit" {
	local file long
	k=6$(printf 'k%.0s' {1..63})
	file=a$(printf 'a%.0s' {1..123}).ko
	module "$store/$k/$file" name=lp_a livepatch=Y license=GPL "vermagic=$k SMP "
	long=$(printf 'a%.0s' {1..512})
	drop_in 10.conf <<<"$k $file required buildid=$(printf '00%.0s' {1..32}) fixes=$long"
	bake
	[ "$status" -eq 0 ]
	[ "$(wc -L <"$out/etc/kpatch-early/manifest")" -gt 800 ]
	grep -q " fixes=$long$" "$out/etc/kpatch-early/manifest"
	drop_in 10.conf <<<"$k $file fixes=a$long"
	bake
	[ "$status" -eq 2 ]
	output_has "fixes= needs words of letters, digits, . and - with commas between, at most 32 and 512 bytes"
}

@test "a drop-in in /etc replaces the one of its name, an empty one or /dev/null masks it" {
	patch "$store/$k/a.ko" "$k"
	patch "$store/$k/b.ko" "$k"
	usr_drop_in 10.conf <<<"$k b.ko required"
	drop_in 10.conf <<<"$k b.ko"
	usr_drop_in 20.conf <<<"$k a.ko required"
	: | drop_in 20.conf
	usr_drop_in 30.conf <<<"$k gone.ko required"
	ln -s /dev/null "$root/etc/kpatch-early/manifest.d/30.conf"
	bake
	[ "$status" -eq 0 ]
	[ "$(listed)" = "$k b.ko,$k a.ko," ]
}

@test "a wrong drop-in: exit status 2, line and reason, nothing is written" {
	patch "$store/$k/a.ko" "$k"
	printf '%s\n' "$k a.ko" "$k b.ko optional" | drop_in 10.conf
	bake
	[ "$status" -eq 2 ]
	output_has "10.conf line 2: unknown option"
	[ -z "$(find "$out" -type f)" ]
}

@test "a patch named in two drop-ins: exit status 2" {
	patch "$store/$k/a.ko" "$k"
	drop_in 10.conf <<<"$k a.ko"
	drop_in 20.conf <<<"$k a.ko required"
	bake
	[ "$status" -eq 2 ]
	output_has "20.conf line 1: a.ko is named in another drop-in"
}

@test "a named patch that is missing: a notice, and an error if it is required" {
	patch "$store/$k/a.ko" "$k"
	drop_in 10.conf <<<"$k gone.ko"
	bake
	[ "$status" -eq 0 ]
	output_has "gone.ko, named in"
	drop_in 10.conf <<<"$k gone.ko required"
	bake
	[ "$status" -eq 1 ]
	output_has "gone.ko, required in"
	[ "$(listed)" = "$k a.ko,$k gone.ko required," ]
}

@test "a required patch that cannot be baked keeps its line, without a file, and apply says that it failed" {
	k=$release
	pin=$(printf '%064d' 7)
	patch "$store/$k/lp-a.ko" "$k"
	patch "$store/$k/lp-b.ko" "$k"
	run "$program" bake -k "$k" --root "$root"
	[ -e "$baked/$k/lp-b.ko" ]
	printf '%s\n' "$k lp-b.ko required sha256=$pin" "$k lp-gone.ko required" "$k lp-old.ko required" | drop_in 10.conf
	patch "$store/$k/lp-old.ko" 6.2.0-other
	run "$program" bake -k "$k" --root "$root"
	[ "$status" -eq 1 ]
	output_has "lp-gone.ko, required for $k, has its line in the manifest without a file, so a boot reports it as failed"
	[ "$(sed 1d "$manifest")" = "$k lp-a.ko sha256=$(sum "$store/$k/lp-a.ko")
$k lp-b.ko sha256=$pin required
$k lp-old.ko sha256=$(printf '%064d' 0) required
$k lp-gone.ko sha256=$(printf '%064d' 0) required" ]
	[ "$(ls "$baked/$k")" = lp-a.ko ]
	apply --dry-run
	[ "$status" -eq 1 ]
	output_has "state=failed"
	for name in b gone old; do grep -q "^patch=lp_$name outcome=failed ms=[0-9]* step=open " <<<"$output"; done
	# What is there again is as it was.
	rm "$root/etc/kpatch-early/manifest.d/10.conf" "$store/$k/lp-old.ko"
	run "$program" bake -k "$k" --root "$root"
	[ "$status" -eq 0 ]
	[ "$(ls "$baked/$k" | tr '\n' ' ')" = "lp-a.ko lp-b.ko " ]
}

@test "a required patch whose name a baked one has gets no second line; one without room gets none" {
	patch "$store/$k/lp-a.ko" "$k"
	module "$store/$k/lp_a.ko" name=other livepatch=Y "vermagic=6.2 SMP "
	drop_in 10.conf <<<"$k lp-a.ko required"
	bake
	[ "$status" -eq 1 ]
	[ "$(listed)" = "$k lp-a.ko required," ]
	[ "$(ls "$out/usr/lib/kpatch-early/patches/$k")" = lp-a.ko ]
	seq -f "6.0 m%.0f.ko sha256=$(printf '%064d' 0)" 8190 >"$out/etc/kpatch-early/manifest"
	rm "$store/$k/lp_a.ko"
	drop_in 20.conf <<<"$k gone.ko required"
	bake
	[ "$status" -eq 1 ]
	output_has "gone.ko, required for $k, cannot have a line in the manifest, so no boot reports it as failed"
	[ "$(listed | tr ',' '\n' | grep -c "^$k")" -eq 1 ]
}

@test "an overlay has the line of a required patch that cannot be baked, and the patches that can" {
	patch "$store/$k/a.ko" "$k"
	install -D -m 755 "$early_file" "$root/usr/lib/kpatch-early/kpatch-early"
	drop_in 10.conf <<<"$k gone.ko required"
	run "$program" overlay -k "$k" --root "$root" -o "$out"
	[ "$status" -eq 1 ]
	tail -c +5 "$out" | gzip -d | cpio -i --quiet --to-stdout etc/kpatch-early/manifest >"$BATS_TEST_TMPDIR/manifest"
	[ "$(sed 's/ sha256=[0-9a-f]*//; /^#/d' "$BATS_TEST_TMPDIR/manifest" | tr '\n' ',')" = "$k a.ko,$k gone.ko required," ]
	[ "$(tail -c +5 "$out" | gzip -d | cpio -t --quiet | grep 'patches/.*\.ko$')" = "usr/lib/kpatch-early/patches/$k/a.ko" ]
}

@test "a pin is held against the module before it is stripped" {
	patch "$store/$k/a.ko" "$k"
	drop_in 10.conf <<<"$k a.ko sha256=$(sum "$store/$k/a.ko")"
	bake --strip
	[ "$status" -eq 0 ]
	drop_in 10.conf <<<"$k a.ko sha256=$(printf '%064d' 0)"
	bake
	[ "$status" -eq 1 ]
	output_has "not the one pinned"
	[ "$(listed)" = "" ]
}

@test "what cannot be baked is named with its reason, and the good ones are baked" {
	patch "$store/$k/good.ko" "$k"
	module "$store/$k/plain.ko" "vermagic=$k x"
	patch "$store/$k/other.ko" 6.2.0-other
	echo text >"$store/$k/text.ko"
	: >"$store/$k/empty.ko"
	patch "$store/$k/n@me.ko" "$k"
	mkdir "$store/$k/folder.ko"
	ln -s nowhere "$store/$k/dangling.ko"
	bake
	[ "$status" -eq 1 ]
	[ "$(listed)" = "$k good.ko," ]
	output_has "plain.ko: it is not a live patch"
	output_has "other.ko: it is for kernel 6.2.0-other, not $k"
	output_has "text.ko: it is not a whole ELF module"
	output_has "empty.ko: it is not a whole ELF module"
	output_has "n@me.ko: a file name may hold only"
	output_has "folder.ko: it is not a regular file"
	output_has "dangling.ko: it is missing"
	[ "$(ls "$out/usr/lib/kpatch-early/patches/$k")" = good.ko ]
}

@test "two files of one module name: the second is refused" {
	patch "$store/$k/lp-a.ko" "$k"
	patch "$store/$k/lp_a.ko" "$k"
	bake
	[ "$status" -eq 1 ]
	output_has "lp_a.ko: lp-a.ko has the same module name, lp_a"
	[ "$(listed)" = "$k lp-a.ko," ]
}

@test "compressed modules are baked uncompressed" {
	for pair in a:xz b:zstd c:gzip; do
		patch "$store/$k/${pair%:*}.ko" "$k"
		cp "$store/$k/${pair%:*}.ko" "$BATS_TEST_TMPDIR/"
		"${pair#*:}" -q "$store/$k/${pair%:*}.ko"
		rm -f "$store/$k/${pair%:*}.ko"
	done
	[ "$(ls "$store/$k" | tr '\n' ' ')" = "a.ko.xz b.ko.zst c.ko.gz " ]
	drop_in 10.conf <<<"$k c.ko sha256=$(sum "$BATS_TEST_TMPDIR/c.ko")"
	bake
	[ "$status" -eq 0 ]
	[ "$(listed)" = "$k c.ko,$k a.ko,$k b.ko," ]
	for name in a b c; do cmp "$out/usr/lib/kpatch-early/patches/$k/$name.ko" "$BATS_TEST_TMPDIR/$name.ko"; done
}

@test "a damaged or packed bomb of a compressed module is refused" {
	patch "$store/$k/a.ko" "$k"
	xz "$store/$k/a.ko"
	truncate -s -20 "$store/$k/a.ko.xz"
	head -c 80000000 /dev/zero | gzip >"$store/$k/b.ko.gz"
	bake
	[ "$status" -eq 1 ]
	output_has "a.ko.xz: it cannot be read or unpacked: it is damaged"
	output_has "b.ko.gz: it cannot be read or unpacked: it is larger than the limit; it is not baked"
	[ "$(listed)" = "" ]
}

@test "a missing decompressor is named as the reason" {
	patch "$store/$k/a.ko" "$k"
	xz "$store/$k/a.ko"
	PATH=/nowhere run "$program" bake -k "$k" --root "$root" --output "$out"
	[ "$status" -eq 1 ]
	output_has "the program to unpack it is not installed"
}

@test "--strip removes debug sections, says what it saved, and leaves signed modules alone" {
	patch "$store/$k/a.ko" "$k"
	patch "$store/$k/signed.ko" "$k"
	# A signature as the kernel's sign-file appends it: its length, its kind, a magic line.
	{
		printf 'signature'
		printf '\0\0\2\0\0\0\0\0\0\0\0\11'
		printf '~Module signature appended~\n'
	} >>"$store/$k/signed.ko"
	bake --strip
	[ "$status" -eq 0 ]
	[ "$(stat -c %s "$out/usr/lib/kpatch-early/patches/$k/a.ko")" -lt "$(stat -c %s "$store/$k/a.ko")" ]
	[ "$(stat -c %a "$out/usr/lib/kpatch-early/patches/$k/a.ko")" = 644 ]
	output_has "bytes of debug sections saved"
	cmp "$out/usr/lib/kpatch-early/patches/$k/signed.ko" "$store/$k/signed.ko"
	output_has "signed, so it is not stripped"
	grep -q "a.ko sha256=$(sum "$out/usr/lib/kpatch-early/patches/$k/a.ko")" "$out/etc/kpatch-early/manifest"
}

@test "a patch for arm64 is baked on this machine, and stripped if the strip for arm64 comes first in PATH" {
	PATH=$arm64:$PATH patch "$store/$k/a.ko" "$k"
	bake
	[ "$status" -eq 0 ]
	cmp "$out/usr/lib/kpatch-early/patches/$k/a.ko" "$store/$k/a.ko"
	bake --strip
	[ "$status" -eq 1 ]
	output_has "$store/$k/a.ko: strip failed; it is not baked"
	PATH=$arm64:$PATH bake --strip
	[ "$status" -eq 0 ]
	output_has "bytes of debug sections saved"
	[ "$(stat -c %s "$out/usr/lib/kpatch-early/patches/$k/a.ko")" -lt "$(stat -c %s "$store/$k/a.ko")" ]
	digests_are_true
}

# relocated FILE: a live patch with a table of two functions that vmlinux does not export, and debug sections. As
# kpatch-build and klp-convert do it, the kernel's live patching relocates the table: .klp.rela.vmlinux..rodata.ops.
relocated() {
	local name
	name=$(basename "$1" .ko)
	[[ -d ${1%/*} ]] || mkdir -p "${1%/*}"
	{
		echo '.section .modinfo,"a"'
		printf '.string "%s"\n' "name=$name" livepatch=Y license=GPL "vermagic=$k SMP mod_unload "
		echo '.section .rodata.ops,"a"; .quad ".klp.sym.vmlinux.old_open,0", ".klp.sym.vmlinux.old_release,0"'
		echo '.section .klp.rela.vmlinux..rodata.ops,""' # only for its name
		echo '.section .debug_info; .zero 4096'
	} | as -o "$1" -
	perl -e 'local $/; my ($file, %at) = @ARGV; open my $in, "<:raw", $file or die; my $d = <$in>;
		my ($headers, $n, $names) = (unpack("Q<", substr $d, 40), unpack("S<S<", substr $d, 60));
		my @section = map { [$headers + 64 * $_, unpack "V2Q<4V2", substr $d, $headers + 64 * $_, 48] } 0 .. $n - 1;
		for my $s (@section) { $at{unpack "Z*", substr $d, $section[$names][5] + $s->[1]} = $s }
		my ($table, $name) = @at{".rela.rodata.ops", ".klp.rela.vmlinux..rodata.ops"};
		substr $d, $table->[0], 4, pack "V", $name->[1];        # they swap names
		substr $d, $name->[0], 4, pack "V", $table->[1];
		substr $d, $table->[0] + 8, 8, pack "Q<", 0x100042;     # SHF_RELA_LIVEPATCH
		for (my $o = $at{".symtab"}[5] + 24; $o < $at{".symtab"}[5] + $at{".symtab"}[6]; $o += 24) {
			substr $d, $o + 6, 2, pack "S<", 0xff20 unless unpack "S<", substr $d, $o + 6, 2; # SHN_LIVEPATCH
		}
		open my $out, ">:raw", $file or die; print $out $d' "$1"
}

@test "--strip leaves a patch as it was where the kernel would relocate another one" {
	relocated "$store/$k/lp_ops.ko"
	patch "$store/$k/lp_plain.ko" "$k"
	[ "$(readelf -rW "$store/$k/lp_ops.ko" | grep -c ' \.klp\.sym\.vmlinux\.old_.*,0 + 0$')" -eq 2 ]
	bake --strip
	[ "$status" -eq 0 ]
	cmp "$out/usr/lib/kpatch-early/patches/$k/lp_ops.ko" "$store/$k/lp_ops.ko"
	output_has "$store/$k/lp_ops.ko: strip would change its section .klp.rela.vmlinux..rodata.ops, which the kernel needs, so it is not stripped"
	output_has "baked lp_ops.ko for $k, $(stat -c %s "$store/$k/lp_ops.ko") bytes (0 bytes of debug sections saved)"
	[ "$(stat -c %s "$out/usr/lib/kpatch-early/patches/$k/lp_plain.ko")" -lt "$(stat -c %s "$store/$k/lp_plain.ko")" ]
	digests_are_true
	[ "$(find "$out" -name '*.ko' -printf '%m ')" = "644 644 " ]
}

@test "the same input gives the same bytes, in whichever order releases come" {
	patch "$store/$k/a.ko" "$k"
	patch "$store/6.2/b.ko" 6.2
	run "$program" bake -k "$k" -k 6.2 --root "$root" --output "$out" --strip
	[ "$status" -eq 0 ]
	for r in 6.2 "$k"; do "$program" bake -k "$r" --root "$root" --output "$out.2" --strip; done
	diff -r "$out" "$out.2"
	"$program" bake -k "$k" --root "$root" --output "$out" --strip
	diff -r "$out" "$out.2"
}

@test "lines of other kernels are kept, stale ones of this kernel go, files too" {
	patch "$store/$k/a.ko" "$k"
	patch "$store/6.2/b.ko" 6.2
	run "$program" bake -k 6.2 -k "$k" --root "$root" --output "$out"
	rm "$store/$k/a.ko"
	patch "$store/$k/c.ko" "$k"
	bake
	[ "$(listed)" = "$k c.ko,6.2 b.ko," ]
	[ "$(ls "$out/usr/lib/kpatch-early/patches/$k")" = c.ko ]
	rm "$store/$k/c.ko"
	bake
	[ "$status" -eq 0 ]
	[ "$(listed)" = "6.2 b.ko," ]
	[ ! -e "$out/usr/lib/kpatch-early/patches/$k" ]
}

@test "FILEs stand in for the store, each for its own kernel" {
	patch "$store/$k/store.ko" "$k"
	patch "$BATS_TEST_TMPDIR/x/b.ko" "$k"
	patch "$BATS_TEST_TMPDIR/y/a.ko" 6.2
	run "$program" bake -k "$k" -k 6.2 --root "$root" --output "$out" "$BATS_TEST_TMPDIR"/{x/b,y/a}.ko
	[ "$status" -eq 0 ]
	[ "$(listed)" = "$k b.ko,6.2 a.ko," ]
}

@test "an invalid manifest that is there is not overwritten" {
	patch "$store/$k/a.ko" "$k"
	mkdir -p "$out/etc/kpatch-early"
	echo "6.2 b.ko" >"$out/etc/kpatch-early/manifest"
	bake
	[ "$status" -eq 2 ]
	output_has "line 1: sha256= is missing; remove it to begin anew"
	[ "$(cat "$out/etc/kpatch-early/manifest")" = "6.2 b.ko" ]
}

@test "what bake writes is what apply accepts" {
	k=$release
	patch "$store/$k/lp-a.ko" "$k"
	run "$program" bake -k "$k" --root "$root"
	[ "$status" -eq 0 ]
	run "$early" apply --root "$root" --dry-run
	[ "$status" -eq 0 ]
	output_has "patch=lp_a outcome=applied"
}

@test "a disk that fills up at any moment: the old manifest stays, or the new one is whole" {
	patch "$store/$k/a.ko" "$k"
	bake
	old=$(listed)
	patch "$store/$k/b.ko" "$k"
	failures=0
	for call in write writev fsync rename chmod mkdir open; do
		for when in 1 2 3 4 5 6; do
			run strace -qq -o "$BATS_TEST_TMPDIR/strace" -e "trace=$call" \
				-e "inject=$call:error=ENOSPC:when=$when+" \
				"$program" bake -k "$k" --root "$root" --output "$out"
			[ "$status" -le 2 ]
			digests_are_true
			[ "$(listed)" = "$old" ] || [ "$(listed)" = "$k a.ko,$k b.ko," ]
			[ "$status" -eq 0 ] || failures=$((failures + 1))
			[ "$call" = rename ] || [ -z "$(find "$out" -name '*.tmp')" ]
		done
	done
	[ "$failures" -gt 10 ]
}

@test "a wrong drop-in for one of two kernels leaves the whole tree as it was" {
	patch "$store/$k/a.ko" "$k"
	bake
	module "$store/$k/a.ko" name=a livepatch=Y "vermagic=$k SMP " other=content
	echo "6.2 a.ko optional" | drop_in 10.conf
	run "$program" bake -k "$k" -k 6.2 --root "$root" --output "$out"
	[ "$status" -eq 2 ]
	digests_are_true
	rm "$root/etc/kpatch-early/manifest.d/10.conf"
	patch "$store/6.2/b.ko" 6.2
	for i in 1 2; do echo "6.2 b.ko" | drop_in $i.conf; done
	run "$program" bake -k "$k" -k 6.2 --root "$root" --output "$out"
	[ "$status" -eq 2 ]
	output_has "2.conf line 1: b.ko is named in another drop-in already"
	digests_are_true
	[ -z "$(find "$out" -name '*.tmp')" ]
}

@test "a disabled or pinned patch stays so, whatever else has its name" {
	patch "$store/$k/lp-a.ko" "$k"
	xz -k "$store/$k/lp-a.ko"
	echo "$k lp_a.ko disabled" | drop_in 10.conf
	bake
	output_has "lp-a.ko is left out"
	[ "$(listed)" = "" ]
	echo "$k lp-a.ko required sha256=$(printf '%064d' 0)" | drop_in 10.conf
	bake
	[ "$status" -eq 1 ]
	[ "$(listed)" = "$k lp-a.ko required," ]
	[ ! -e "$out/usr/lib/kpatch-early/patches/$k" ]
}

@test "two files whose names are one module's: the second is refused, the others are baked" {
	module "$store/$k/lp-a.ko" name=one livepatch=Y "vermagic=$k SMP "
	module "$store/$k/lp_a.ko" name=two livepatch=Y "vermagic=$k SMP "
	patch "$store/$k/lp-b.ko" "$k"
	bake
	[ "$status" -eq 1 ]
	output_has "lp-a.ko has the same module name"
	[ "$(listed)" = "$k lp-a.ko,$k lp-b.ko," ]
	digests_are_true
}

@test "FILEs of one name for two kernels: each gets its own kernel's options" {
	patch "$BATS_TEST_TMPDIR/one/lp.ko" "$k"
	patch "$BATS_TEST_TMPDIR/two/lp.ko" 6.2
	echo "6.2 lp.ko disabled" | drop_in 10.conf
	run "$program" bake -k "$k" -k 6.2 --root "$root" --output "$out" "$BATS_TEST_TMPDIR"/{one,two}/lp.ko
	[ "$status" -eq 0 ]
	[ "$(listed)" = "$k lp.ko," ]
	echo "6.2 lp.ko required" | drop_in 10.conf
	run "$program" bake -k "$k" -k 6.2 --root "$root" --output "$out" "$BATS_TEST_TMPDIR/one/lp.ko"
	[ "$status" -eq 1 ]
	output_has "lp.ko: required for 6.2, but not among the files for it"
}

@test "a patch that cannot be read is left out, and the others are baked" {
	patch "$store/$k/a.ko" "$k"
	patch "$store/$k/b.ko" "$k"
	run strace -qq -o "$BATS_TEST_TMPDIR/strace" -P "$store/$k/a.ko" -e trace=read \
		-e inject=read:error=ETIMEDOUT "$program" bake -k "$k" --root "$root" --output "$out"
	[ "$status" -eq 1 ]
	[ "$(listed)" = "$k b.ko," ]
	[[ $output == *"a.ko: it cannot be read or unpacked: "*" timed out; it is not baked"* ]]
}

@test "a signal while it waits for the lock does no harm, and a lock that cannot be had is an error" {
	patch "$store/$k/a.ko" "$k"
	locking() { run strace -qq -o "$BATS_TEST_TMPDIR/strace" -e "inject=flock:error=$1:when=1" \
		"$program" bake -k "$k" --root "$root" --output "$out"; }
	locking ENOLCK
	[ "$status" -eq 1 ]
	output_has "bake: $out/etc/kpatch-early: No locks available; the manifest is not written"
	[ ! -e "$out/etc/kpatch-early/manifest" ]
	locking EINTR
	[ "$status" -eq 0 ]
	grep -q INJECTED "$BATS_TEST_TMPDIR/strace"
	[ "$(listed)" = "$k a.ko," ]
}

@test "two bakes into one tree at once: no line is lost" {
	patch "$store/$k/a.ko" "$k"
	patch "$store/6.2/b.ko" 6.2
	for i in {1..20}; do
		rm -rf "$out"
		"$program" bake -k "$k" --root "$root" --output "$out" >/dev/null &
		"$program" bake -k 6.2 --root "$root" --output "$out" >/dev/null
		wait
		[ "$(listed)" = "$k a.ko,6.2 b.ko," ]
	done
}

@test "what the umask says does not get into the tree" {
	patch "$store/$k/a.ko" "$k"
	(umask 077 && "$program" bake -k "$k" --root "$root" --output "$out")
	[ "$(find "$out" -type d -printf '%m ' | tr ' ' '\n' | sort -u)" = 755 ]
	[ "$(find "$out" -type f -printf '%m ' | tr ' ' '\n' | sort -u)" = 644 ]
}

@test "a drop-in in /etc that leads nowhere is an error, not the one of /usr/lib" {
	patch "$store/$k/a.ko" "$k"
	mkdir -p "$root/usr/lib/kpatch-early/manifest.d"
	echo "$k a.ko" >"$root/usr/lib/kpatch-early/manifest.d/10.conf"
	mkdir -p "$root/etc/kpatch-early/manifest.d"
	ln -s /nowhere/at/all "$root/etc/kpatch-early/manifest.d/10.conf"
	bake
	[ "$status" -eq 2 ]
	output_has "/etc/kpatch-early/manifest.d/10.conf cannot be read"
}

# service [COMMAND...]: kpatch.service is in the root, and COMMAND was run on it; systemctl, which bake does not need, says $word
service() {
	rm -rf "$root"/{etc,usr/lib,run}/systemd
	mkdir -p "$root"/{etc,usr/lib,run}/systemd/system
	unit=$root/usr/lib/systemd/system/kpatch.service
	printf '%s\n' '[Service]' ExecStart=/bin/true '[Install]' WantedBy=multi-user.target >"$unit"
	"$@"
	word=$(systemctl --root "$root" is-enabled kpatch.service 2>/dev/null) || :
}

# Without systemctl, as on a host of another distribution that makes an image.
bake_alone() { PATH=/nonexistent bake; }

@test "kpatch.service disabled or masked: nothing is baked, and that is said" {
	patch "$store/$k/a.ko" "$k"
	mkdir -p "$root/etc/systemd/system"
	bake
	for command in : "systemctl -q --root $root mask kpatch.service" "systemctl -q --root $root --runtime mask kpatch.service" \
		"truncate -s 0 $root/usr/lib/systemd/system/kpatch.service"; do
		# shellcheck disable=SC2086 # words
		service $command
		[[ $word == disabled || $word == masked* ]]
		echo "$k a.ko required" | drop_in 10.conf
		bake_alone
		[ "$status" -eq 0 ]
		output_has "kpatch.service is ${word%-runtime}, so no patch is baked"
		output_has "$store/$k/a.ko: kpatch.service is ${word%-runtime}; it is not baked"
		[ "$(listed)" = "" ]
		[ ! -e "$out/usr/lib/kpatch-early/patches/$k" ]
	done
	echo follow_kpatch_service=no >"$root/etc/kpatch-early/kpatch-early.conf"
	bake
	[ "$(listed)" = "$k a.ko required," ]
	rm "$root/etc/kpatch-early/kpatch-early.conf"
	service
	run "$program" bake -k "$k" --root "$root" --output "$out" "$store/$k/a.ko"
	[ "$(listed)" = "$k a.ko required," ]
}

# wanted_by NAME: links as enable makes them for other lines of [Install]
wanted_by() {
	mkdir "$root/etc/systemd/system/$1"
	ln -s ../../../../usr/lib/systemd/system/kpatch.service "$root/etc/systemd/system/$1/"
}

@test "kpatch.service enabled, static or not there: the store is baked" {
	patch "$store/$k/a.ko" "$k"
	for command in "systemctl -q --root $root enable kpatch.service" "wanted_by other.target.wants" "wanted_by basic.target.requires" \
		"sed -i /Install/,\$d $root/usr/lib/systemd/system/kpatch.service" "rm $root/usr/lib/systemd/system/kpatch.service"; do
		# shellcheck disable=SC2086 # words
		service $command
		[[ $word =~ ^(enabled|static|not-found|)$ ]]
		bake_alone
		[ "$status" -eq 0 ]
		[ "$(listed)" = "$k a.ko," ]
	done
}

@test "each file is durable before it gets its name, and its folder afterwards" {
	patch "$store/$k/a.ko" "$k"
	bake
	strace -qq -y -o "$BATS_TEST_TMPDIR/strace" -e signal=none -e trace=fsync,rename \
		"$program" bake -k "$k" --root "$root" --output "$out"
	run sed -E "s|$out[^ ]*/||g; s|[0-9]+<||; s| = 0||" "$BATS_TEST_TMPDIR/strace"
	[ "$output" = 'fsync(scratch.tmp>)
rename("scratch.tmp", "a.ko.tmp")
rename("a.ko.tmp", "a.ko")
fsync('"$k"'>)
fsync(manifest.tmp>)
rename("manifest.tmp", "manifest")
fsync(kpatch-early>)' ]
}

@test "a file without a folder in its name is durable as well" {
	patch "$store/$k/a.ko" "$k"
	install -D -m 755 "$early_file" "$root/usr/lib/kpatch-early/kpatch-early"
	cd "$BATS_TEST_TMPDIR"
	strace -qq -y -o strace -e signal=none -e trace=fsync,rename \
		"$program" overlay -k "$k" --root "$root" -o overlay
	[ "$(tail -n 3 strace | sed -E "s,[0-9]+<$(realpath .),.,; s, +=.*,,")" = 'fsync(./overlay.tmp>)
rename("overlay.tmp", "overlay")
fsync(.>)' ] || {
		cat strace
		false
	}
}

@test "a manifest that is there and full: refused, and left as it is" {
	patch "$store/$k/a.ko" "$k"
	mkdir -p "$out/etc/kpatch-early"
	seq -f "6.0 m%.0f.ko sha256=$(printf '%064d' 0)" 8192 >"$out/etc/kpatch-early/manifest"
	before=$(sum "$out/etc/kpatch-early/manifest")
	bake
	[ "$status" -eq 2 ]
	output_has "more lines than bake can keep"
	[ "$(sum "$out/etc/kpatch-early/manifest")" = "$before" ]
	# One line less leaves room for the heading, and none for the patch.
	sed -i '$d' "$out/etc/kpatch-early/manifest"
	bake
	[ "$status" -eq 1 ]
	output_has "the manifest is full"
	[ "$(wc -l <"$out/etc/kpatch-early/manifest")" -eq 8192 ]
}

@test "a manifest that would get larger than apply reads: refused, and the old one stays" {
	patch "$store/$k/a.ko" "$k"
	mkdir -p "$out/etc/kpatch-early"
	# Ten bytes less than the limit, in lines that bake keeps.
	perl -e 'sub line { my ($size, $n) = @_; return sprintf("6.0 m%0*d.ko sha256=%064d\n", $size - 81, $n, 0) }
		my $s = ""; my $n = 0; my $size = 1048566;
		$s .= line(181, $n++) while length($s) + 362 <= $size;
		my $left = $size - length($s);
		print $s, line(int($left / 2), $n++), line($left - int($left / 2), $n)' >"$out/etc/kpatch-early/manifest"
	[ "$(stat -c %s "$out/etc/kpatch-early/manifest")" -eq 1048566 ]
	before=$(sum "$out/etc/kpatch-early/manifest")
	bake
	[ "$status" -eq 1 ]
	output_has "manifest.tmp: File too large; the manifest is not written"
	[ "$(sum "$out/etc/kpatch-early/manifest")" = "$before" ]
	[ -z "$(find "$out" -name '*.ko')" ]
}

@test "a --root that is not there is bad usage, and is not made" {
	run "$program" bake -k "$k" --root "$root/typo"
	[ "$status" -eq 2 ]
	output_has "--root $root/typo: there is no such folder"
	[ ! -e "$root/typo" ]
}

@test "bad usage: exit status 2" {
	for words in "bake" "bake -k" "bake -k ../x" "bake -k 6.1/x" "bake --wrong -k 6.1"; do
		run "$program" $words
		[ "$status" -eq 2 ]
	done
}

# made FILE HOW: a live patch for $k: plain or replacing, with a struct klp_patch that says so, by kpatch-build, or by
# klp-build, whose first release left an empty section in any module
made() {
	local name
	name=$(basename "$1" .ko)
	module "$1.modinfo" "name=$name" livepatch=Y license=GPL "vermagic=$k SMP mod_unload "
	{
		echo '.text; new: .zero 64'
		echo '.section .rodata.str1.1,"aMS",@progbits,1; f: .string "function"; vmlinux: .string "vmlinux"'
		echo '.section .gnu.linkonce.this_module,"aw"; .globl __this_module; __this_module: .zero 64'
		case $2 in
		plain) echo '.data; .quad __this_module, objs, 0, 0, 0; objs: .quad 0, funcs, 0, 0; funcs: .quad f, new, 0, 0' ;;
		replacing) echo '.data; .quad __this_module, objs, 0, 1, 0; objs: .quad 0, funcs, 0, 0; funcs: .quad f, new, 0, 0' ;;
		kpatch-build) echo '.section .kpatch.funcs, "a"; .quad new, 16, 0, 16, 1, f, vmlinux' ;;
		klp-build) echo '.section .init.klp_objects, "a"; .quad 0, funcs, 0, 0, 0, 0, 0, 1
			.section .init.klp_funcs, "a"; funcs: .quad f, new, 0' ;;
		empty-klp-build) echo '.section __klp_objects, "a"' ;;
		esac
	} | as -o "$1.tables" -
	ld -r -o "$1" "$1.modinfo" "$1.tables"
	rm "$1.modinfo" "$1.tables"
}

# is_told SENTENCE: bake says it of several patches that replace others, and nothing if that is empty
is_told() {
	bake
	[ "$status" -eq 0 ]
	[ "$(grep 'those before them' <<<"$output")" = "${1:+kpatch-early: bake: $1}" ] || {
		echo "$output"
		return 1
	}
}

@test "of several patches that replace those before them, the one that will be in force is named" {
	made "$store/$k/a.ko" replacing
	made "$store/$k/b.ko" plain
	is_told ""
	made "$store/$k/c.ko" replacing
	made "$store/$k/d.ko" plain
	is_told "2 patches for $k replace those before them, so of these only c.ko will be in force; a drop-in sets another order"
	for builder in kpatch-build klp-build; do
		made "$store/$k/b.ko" $builder
		is_told "3 patches for $k replace those before them (kpatch-build's and klp-build's by default), so of these only c.ko \
will be in force; a drop-in sets another order"
	done
	made "$store/$k/b.ko" empty-klp-build
	is_told "2 patches for $k replace those before them, so of these only c.ko will be in force; a drop-in sets another order"
}

@test "an order that a drop-in set is not told again; the alphabet's behind it is" {
	for name in a b c; do made "$store/$k/$name.ko" replacing; done
	drop_in 10.conf <<<"$k c.ko"
	is_told "3 patches for $k replace those before them, so of these only b.ko will be in force; a drop-in sets another order"
	printf '%s\n' "$k c.ko" "$k b.ko" "$k a.ko" | drop_in 10.conf
	is_told ""
	printf '%s\n' "$k c.ko disabled" "$k b.ko disabled" | drop_in 10.conf
	is_told ""
}

# remarks OPTION...: what bake says of patches that are not signed, and of modules that they need
remarks() {
	run chroot "$root" /usr/sbin/kpatch-early bake -k "$k" "$@"
	[ "$status" -eq 0 ]
	remarks=$(sed -n 's/^kpatch-early: bake: \([^ ]* \(is not signed\|needs [^:]*\)\): .*/\1/p' <<<"$output" | tr '\n' ,)
}

@test "a FILE that is not signed, or needs a module, is named; one of the store only where signatures are wanted" {
	mkdir -p "$root/usr/sbin" "$root/image/var/lib" "$root/sys/kernel/security" "$root/sys/module/module/parameters"
	cp "$top/build/kpatch-early" "$root/usr/sbin/"
	module "$store/$k/lp_a.ko" name=lp_a livepatch=Y depends=xfs "vermagic=$k SMP "
	patch "$store/$k/lp_b.ko" "$k"
	printf '~Module signature appended~\n' >>"$store/$k/lp_b.ko"
	cp -r "$root/var/lib/kpatch" "$root/image/var/lib/"
	remarks
	[ -z "$remarks" ]
	remarks --output /out "/var/lib/kpatch/$k/lp_a.ko" "/var/lib/kpatch/$k/lp_b.ko"
	[ "$remarks" = "lp_a.ko is not signed,lp_a.ko needs xfs," ]
	echo "none [integrity] confidentiality" >"$root/sys/kernel/security/lockdown"
	remarks
	[ "$remarks" = "lp_a.ko is not signed," ]
	remarks --root /image
	[ -z "$remarks" ]
	echo "[none] integrity confidentiality" >"$root/sys/kernel/security/lockdown"
	remarks
	[ -z "$remarks" ]
	echo Y >"$root/sys/module/module/parameters/sig_enforce"
	remarks
	[ "$remarks" = "lp_a.ko is not signed," ]
}
