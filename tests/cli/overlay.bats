#!/usr/bin/env -S bats --tap
# overlay: what is in the archive, and that nothing but a whole one is ever left.

load helpers

setup() {
	fake_root
	k=6.1.0-test
	o=$BATS_TEST_TMPDIR/patches.cpio
	export TMPDIR=$BATS_TEST_TMPDIR/tmp
	mkdir "$TMPDIR"
	patch "$store/$k/lp-a.ko" "$k"
	patch "$store/$k/lp_b.ko" "$k"
}

overlay() { run "$program" overlay -k "$k" --root "$root" -o "$o" "$@"; }

# archive_of FILE: what is behind the four zeros that end an LZ4 base
archive_of() {
	cmp -n 4 "$1" /dev/zero
	tail -c +5 "$1"
}

# unpack [COMMAND...]: the archive through this command, in $tree, names in $names
unpack() {
	tree=$BATS_TEST_TMPDIR/tree
	rm -rf "$tree"
	mkdir "$tree"
	[ $# -gt 0 ] || set -- gzip -qdc
	archive_of "$o" | "$@" >"$BATS_TEST_TMPDIR/plain"
	(cd "$tree" && cpio -idm --quiet <"$BATS_TEST_TMPDIR/plain")
	names=$(cpio -it --quiet <"$BATS_TEST_TMPDIR/plain")
}

@test "the overlay holds the program first, the baked tree, dracut's hook in both its places, and a unit" {
	overlay
	[ "$status" -eq 0 ]
	unpack
	[ "$names" = "usr/
usr/sbin/
usr/sbin/kpatch-early
etc/
etc/kpatch-early/
etc/kpatch-early/manifest
etc/kpatch-early/manifest.add
etc/kpatch-early/overlay
usr/
usr/lib/
usr/lib/kpatch-early/
usr/lib/kpatch-early/patches/
usr/lib/kpatch-early/patches/$k/
usr/lib/kpatch-early/patches/$k/lp-a.ko
usr/lib/kpatch-early/patches/$k/lp_b.ko
usr/lib/dracut/
usr/lib/dracut/hooks/
usr/lib/dracut/hooks/pre-udev/
usr/lib/dracut/hooks/pre-udev/00-kpatch-early.sh
usr/lib/dracut/hooks/initqueue/
usr/lib/dracut/hooks/initqueue/timeout/
usr/lib/dracut/hooks/initqueue/timeout/99-kpatch-early-rollback.sh
usr/lib/dracut/hooks/emergency/
usr/lib/dracut/hooks/emergency/00-kpatch-early-rollback.sh
usr/lib/dracut/hooks/shutdown-emergency/
usr/lib/dracut/hooks/shutdown-emergency/00-kpatch-early-rollback.sh
usr/lib/dracut/need-initqueue
var/
var/lib/
var/lib/dracut/
var/lib/dracut/hooks/
var/lib/dracut/hooks/pre-udev/
var/lib/dracut/hooks/pre-udev/00-kpatch-early.sh
var/lib/dracut/hooks/initqueue/
var/lib/dracut/hooks/initqueue/timeout/
var/lib/dracut/hooks/initqueue/timeout/99-kpatch-early-rollback.sh
var/lib/dracut/hooks/emergency/
var/lib/dracut/hooks/emergency/00-kpatch-early-rollback.sh
var/lib/dracut/hooks/shutdown-emergency/
var/lib/dracut/hooks/shutdown-emergency/00-kpatch-early-rollback.sh
usr/
usr/lib/
usr/lib/systemd/
usr/lib/systemd/system/
usr/lib/systemd/system/kpatch-early.service
usr/lib/systemd/system/sysinit.target.d/
usr/lib/systemd/system/sysinit.target.d/kpatch-early.conf" ]
	cmp "$early_file" "$tree/usr/sbin/kpatch-early"
	cmp "$store/$k/lp-a.ko" "$tree/usr/lib/kpatch-early/patches/$k/lp-a.ko"
	for hooks in usr/lib var/lib; do
		cmp "$top/dracut-module/50kpatch-early/kpatch-early.sh" "$tree/$hooks/dracut/hooks/pre-udev/00-kpatch-early.sh"
		[ "$(stat -c %a "$tree/$hooks/dracut/hooks/pre-udev/00-kpatch-early.sh")" = 755 ]
		for point in initqueue/timeout/99 emergency/00 shutdown-emergency/00; do
			cmp "$top/dracut-module/50kpatch-early/kpatch-early-rollback.sh" \
				"$tree/$hooks/dracut/hooks/$point-kpatch-early-rollback.sh"
		done
	done
	cmp "$top/dracut-module/50kpatch-early/kpatch-early.service" "$tree/usr/lib/systemd/system/kpatch-early.service"
	[ "$(stat -c %a "$tree/usr/sbin/kpatch-early" "$tree/etc/kpatch-early/manifest" "$tree/usr" | tr '\n' ' ')" = "755 644 755 " ]
	[ "$(sed -n 's/.*sha256=//p' "$tree/etc/kpatch-early/manifest" | head -n 1)" = "$(sum "$store/$k/lp-a.ko")" ]
	# Nothing of a tree is written into the root.
	[ ! -e "$root/usr" ]
	[ ! -e "$manifest" ]
}

@test "what the overlay holds is what apply takes" {
	k=$release
	patch "$store/$k/lp-a.ko" "$k"
	overlay
	unpack
	cp -r "$root/proc" "$root/sys" "$root/dev" "$root/run" "$tree/"
	run "$early" apply --root "$tree" --dry-run
	[ "$status" -eq 0 ]
	output_has "patch=lp_a outcome=applied"
	output_has "overlay=yes"
}

@test "a boot says which overlay it had, by the digest that overlay and info print" {
	k=$release
	patch "$store/$k/lp-a.ko" "$k"
	for options in "" --add --settings "--empty -k 6.1.0-other" "--first --compress=none"; do
		overlay $options
		[ "$status" -eq 0 ]
		printed=${output##*, }
		run "$program" info "$o"
		[ "$(sed -n 's/^overlay_manifest: */overlay_manifest=/p' <<<"$output")" = "$printed" ]
		[ "${options#--first}" = "$options" ] || continue
		unpack
		[ "$printed" = "overlay_manifest=$(sum "$tree/etc/kpatch-early/manifest.add")" ]
		cp -r "$root/proc" "$root/sys" "$root/dev" "$root/run" "$tree/"
		for word in "" kpatch.disable=1; do
			echo "$word" >"$tree/proc/cmdline"
			run "$early" apply --root "$tree" --dry-run
			grep -qx "$printed" <<<"$output"
		done
	done
	# An overlay behind it has another manifest, and its own counts, be that signed or no manifest at all.
	echo nonsense >"$tree/etc/kpatch-early/manifest.add"
	run "$early" apply --root "$tree" --dry-run
	grep -qx "overlay_manifest=$(sum "$tree/etc/kpatch-early/manifest.add")" <<<"$output"
	rm "$tree/etc/kpatch-early/manifest.add"
	run "$early" apply --root "$tree" --dry-run
	output_has overlay=yes
	[[ $output != *overlay_manifest* ]]
}

@test "the same input gives the same bytes, a multiple of 4 of them" {
	for word in stored none gzip xz zstd; do
		overlay --compress="$word"
		[ "$status" -eq 0 ]
		cp "$o" "$BATS_TEST_TMPDIR/first"
		sleep 0.01
		touch "$store/$k/lp-a.ko"
		overlay --compress="$word"
		cmp "$o" "$BATS_TEST_TMPDIR/first"
		[ $(($(stat -c %s "$o") % 4)) -eq 0 ]
	done
}

@test "each compression unpacks to the same archive" {
	overlay --compress=none
	unpack cat
	sum "$BATS_TEST_TMPDIR/plain" >"$BATS_TEST_TMPDIR/sum"
	overlay
	unpack gzip -qdc
	[ "$(cut -c 1-64 <"$BATS_TEST_TMPDIR/sum")" != "" ]
	head -c "$(stat -c %s "$BATS_TEST_TMPDIR/plain")" "$BATS_TEST_TMPDIR/plain" | cmp - <(archive_of "$o" | gzip -qdc)
	for word in gzip xz zstd; do
		overlay --compress="$word"
		[ "$status" -eq 0 ]
		# Zeros at the end are no frame of zstd's.
		cmp "$BATS_TEST_TMPDIR/plain" <(archive_of "$o" | "$word" -qdc 2>/dev/null)
	done
}

# early_search FILE...: what find_cpio_data() of lib/earlycpio.c says of this initramfs, asked for microcode. It skips zeros by
# fours, goes from one file to the next, and ends at what is no cpio archive.
early_search() {
	cat "$@" | perl -0777 -e '
		my $all = <STDIN>;
		my $at = 0;
		while ($at + 110 < length $all) {
			$at += 4, next if substr($all, $at, 1) eq "\0";
			last if substr($all, $at, 110) !~ /^07070[12]([0-9A-Fa-f]{8}){13}$/;
			my ($mode, $size, $length) = map { hex substr $all, $at + 6 + 8 * $_, 8 } 1, 6, 11;
			my $name = substr $all, $at + 110, $length - 1;
			print("found $name\n"), exit if ($mode & 0170000) == 0100000 && $name =~ m{^kernel/x86/microcode/};
			my $data = $at + 110 + $length + 3 & ~3;
			$at = $data + $size + 3 & ~3;
		}
		print "not found\n"'
}

@test "behind an overlay that stands first the kernel's early search finds microcode, and behind one in gzip it doesn't" {
	cd "$BATS_TEST_TMPDIR"
	mkdir -p early/kernel/x86/microcode base
	echo microcode >early/kernel/x86/microcode/GenuineIntel.bin
	(cd early && find . -type f | sed 's,^./,,' | cpio -o -H newc --quiet) >early.cpio
	(cd base && find . | cpio -o -H newc --quiet | gzip) >base.img
	[ "$(early_search early.cpio base.img)" = "found kernel/x86/microcode/GenuineIntel.bin" ]
	for words in --first "--first --compress=none" "--first --add" --compress=none; do
		overlay $words
		[ "$status" -eq 0 ]
		[ "$(early_search "$o" early.cpio base.img)" = "found kernel/x86/microcode/GenuineIntel.bin" ]
		[ "$(early_search early.cpio base.img "$o")" = "found kernel/x86/microcode/GenuineIntel.bin" ]
	done
	overlay
	[ "$(early_search "$o" early.cpio base.img)" = "not found" ]
}

@test "an overlay that stands first is a plain archive, a multiple of 4, and holds what any other holds" {
	overlay --compress=none
	unpack cat
	overlay --first
	cmp <(head -c "$(stat -c %s "$BATS_TEST_TMPDIR/plain")" "$o") "$BATS_TEST_TMPDIR/plain"
	[ $(($(stat -c %s "$o") % 4)) -eq 0 ]
	output_has "$o is written, patches: 2"
	output_has "overlay: $o stands first: a base in which usr/sbin, usr/lib/dracut/hooks or var/lib/dracut/hooks is a symbolic link"
	# The base's own manifest is the later one.
	rm -r "$store"
	overlay --first --empty
	output_has "there is no patch in it"
	[[ $output != *"none of its own"* ]]
}

@test "what --first can't be combined with is said" {
	for word in stored gzip xz zstd; do
		overlay --first "--compress=$word"
		[ "$status" -eq 2 ]
		output_has "overlay: --first can't be combined with --compress=: only behind an archive that isn't compressed"
		[ ! -e "$o" ]
	done
	overlay --first --replace
	[ "$status" -eq 2 ]
	output_has "overlay: --first can't be combined with --replace: behind it the base's own manifest counts"
	overlay --first --replace --add
	[ "$status" -eq 0 ]
}

@test "--add puts the manifest beside the base's, and --replace in its place; the last one wins" {
	overlay --add
	unpack
	[ -e "$tree/etc/kpatch-early/manifest.add" ]
	[ ! -e "$tree/etc/kpatch-early/manifest" ]
	overlay --add --replace
	unpack
	[ -e "$tree/etc/kpatch-early/manifest" ]
}

# pile OPTION... -- FILE: an overlay of the running kernel's with these, unpacked over the root as the kernel does
pile() {
	run "$program" overlay -k "$release" --root "$root" -o "$o" "$@"
	[ "$status" -eq 0 ]
	(cd "$root" && archive_of "$o" | gzip -qdc | cpio -idmu --quiet)
	apply --dry-run
}

@test "of several overlays the last --replace and the last --add behind it count" {
	for name in a b c; do patch "$BATS_TEST_TMPDIR/lp_$name.ko"; done
	pile --add -- "$BATS_TEST_TMPDIR/lp_a.ko"
	output_has "patch=lp_a"
	pile --add -- "$BATS_TEST_TMPDIR/lp_b.ko"
	[ "$(grep -o '^patch=[^ ]*' <<<"$output")" = patch=lp_b ]
	pile -- "$BATS_TEST_TMPDIR/lp_a.ko"
	[ "$(grep -o '^patch=[^ ]*' <<<"$output")" = patch=lp_a ]
	pile --add -- "$BATS_TEST_TMPDIR/lp_c.ko"
	[ "$(grep -o '^patch=[^ ]*' <<<"$output" | tr '\n' ' ')" = "patch=lp_a patch=lp_c " ]
}

@test "of several signed overlays too, each with one signature asked for" {
	for name in a b; do patch "$BATS_TEST_TMPDIR/lp_$name.ko"; done
	mkdir -p "$root/etc/kpatch-early/keys" "$BATS_TEST_TMPDIR/bin"
	signify-openbsd -G -n -p "$root/etc/kpatch-early/keys/one.pub" -s "$BATS_TEST_TMPDIR/one.sec"
	printf '#!/bin/sh\necho >>"%s/asked"\nexec %s "$@"\n' "$BATS_TEST_TMPDIR" "$(type -P signify-openbsd)" \
		>"$BATS_TEST_TMPDIR/bin/signify-openbsd"
	chmod +x "$BATS_TEST_TMPDIR/bin/signify-openbsd"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
	pile --add --sign "$BATS_TEST_TMPDIR/one.sec" -- "$BATS_TEST_TMPDIR/lp_b.ko"
	output_has "patch=lp_b outcome=applied"
	pile --sign "$BATS_TEST_TMPDIR/one.sec" -- "$BATS_TEST_TMPDIR/lp_a.ko"
	[ "$(grep -o '^patch=[^ ]*' <<<"$output")" = patch=lp_a ]
	[ "$(wc -l <"$BATS_TEST_TMPDIR/asked")" -eq 2 ]
}

@test "an overlay can be looked at with the commands of SECURITY.md" {
	cd "$BATS_TEST_TMPDIR"
	signify-openbsd -G -n -p kpatch.pub -s kpatch.sec
	sed -n '/^## To look at/,/^With/s/^    //p' "$top/SECURITY.md" | sed "s,/usr/lib/kpatch-early/kpatch-early\$,$early_file," >look.sh
	o=patches.cpio
	overlay --sign kpatch.sec
	run bash -e look.sh
	[ "$status" -eq 0 ]
	output_has "Signature Verified"
	output_has "look/usr/lib/kpatch-early/patches/$k/lp_b.ko: OK"
	cmp look/etc/kpatch-early/manifest look/etc/kpatch-early/manifest.add
	cmp look/etc/kpatch-early/manifest.sig look/etc/kpatch-early/manifest.add.sig
	[ "$(tail -n 19 <<<"$output" | sort | tr '\n' ' ')" = "$(find look ! -type d | sort | tr '\n' ' ')" ]
	# Each command finds out what is its own to find.
	for change in 'usr/lib/kpatch-early/patches/*/lp_b.ko' etc/kpatch-early/manifest usr/sbin/kpatch-early; do
		echo "# x" | tee -a look/$change >/dev/null
		run bash -ec "$(tail -n +2 look.sh)"
		[ "$status" -ne 0 ]
		rm -r look
		run bash -e look.sh
		[ "$status" -eq 0 ]
	done
}

@test "an overlay is held against the keys of the root" {
	mkdir "$root/etc/kpatch-early/keys"
	signify-openbsd -G -n -p "$root/etc/kpatch-early/keys/one.pub" -s "$BATS_TEST_TMPDIR/one.sec"
	signify-openbsd -G -n -p "$BATS_TEST_TMPDIR/two.pub" -s "$BATS_TEST_TMPDIR/two.sec"
	overlay --sign "$BATS_TEST_TMPDIR/two.sec"
	[ "$status" -eq 1 ]
	output_has "it is by none of the keys in /etc/kpatch-early/keys"
	[ ! -e "$o" ]
	overlay
	[ "$status" -eq 0 ]
	output_has "$root/etc/kpatch-early/keys has keys, so apply refuses the manifest until it is signed"
	overlay --sign "$BATS_TEST_TMPDIR/one.sec"
	[ "$status" -eq 0 ]
	[[ $output != *"apply refuses"* ]]
}

@test "with --settings the overlay brings the settings of the root, and else not" {
	echo transition_timeout=33 >"$BATS_TEST_TMPDIR/conf"
	ln -s /elsewhere "$root/etc/kpatch-early/kpatch-early.conf"
	cp "$BATS_TEST_TMPDIR/conf" "$root/elsewhere"
	overlay --settings
	[ "$status" -eq 0 ]
	unpack
	cmp "$BATS_TEST_TMPDIR/conf" "$tree/etc/kpatch-early/kpatch-early.conf"
	[ ! -e "$tree/etc/kpatch-early/guarded" ]
	touch "$root/etc/kpatch-early/guarded"
	overlay --settings
	unpack
	[ -e "$tree/etc/kpatch-early/guarded" ]
	overlay
	unpack
	[ ! -e "$tree/etc/kpatch-early/kpatch-early.conf" ]
	# What it asks for is no error if it isn't there.
	rm "$root/etc/kpatch-early/kpatch-early.conf"
	overlay --settings
	[ "$status" -eq 0 ]
}

@test "a release without modules to look into is told, and that efivarfs is left out" {
	patch "$store/6.2/lp-a.ko" 6.2
	mkdir -p "$root/lib/modules/6.2/kernel/fs/efivarfs"
	echo module >"$root/lib/modules/6.2/kernel/fs/efivarfs/efivarfs.ko"
	overlay --empty -k 6.2 -k 6.3
	[ "$status" -eq 0 ]
	output_has "overlay: $root/lib/modules/$k is not there, so efivarfs is left out"
	[ "$(grep -c "efivarfs" <<<"$output")" -eq 1 ]
	unpack
	[ "$(grep efivarfs <<<"$names")" = usr/lib/kpatch-early/modules/6.2/efivarfs.ko ]
	# Where it is built in, nothing is to be said.
	mkdir -p "$root/lib/modules/$k/kernel"
	overlay
	[[ $output != *efivarfs* ]]
	# Another machine's /lib is not this one's.
	mkdir -p "$BATS_TEST_TMPDIR/host/modules/$k"
	rm -r "$root/lib"
	ln -s "$BATS_TEST_TMPDIR/host" "$root/lib"
	overlay
	output_has "overlay: $root/lib/modules/$k is not there, so efivarfs is left out"
}

@test "without -k the overlay is for the kernels that its FILEs are for" {
	files=$BATS_TEST_TMPDIR/files
	patch "$files/lp-one.ko" 6.1.0-one
	patch "$files/lp-two.ko" 6.1.0-two
	gzip "$files/lp-two.ko"
	patch "$files/lp-more.ko" 6.1.0-one
	own() { run "$program" overlay --root "$root" -o "$o" "$@"; }
	own "$files"/*
	[ "$status" -eq 0 ]
	output_has "$o is written, patches: 3"
	unpack
	[ "$(awk '/^[^#]/ { print $1, $2 }' "$tree/etc/kpatch-early/manifest")" = "6.1.0-one lp-more.ko
6.1.0-one lp-one.ko
6.1.0-two lp-two.ko" ]
	cp "$o" "$BATS_TEST_TMPDIR/before"
	own -k 6.1.0-one -k 6.1.0-two "$files"/*
	cmp "$o" "$BATS_TEST_TMPDIR/before"
	# What -k says counts.
	own -k 6.1.0-one "$files/lp-two.ko.gz"
	[ "$status" -eq 1 ]
	output_has "lp-two.ko.gz: it is for kernel 6.1.0-two, not 6.1.0-one; it is not baked"
	own --addon "$files"/*
	[ "$status" -eq 2 ]
	output_has "overlay: an addon is for one kernel release: make one for each"
	# One that does not tell, or is not there, ends it: a name may be mistyped.
	echo >"$files/empty.ko"
	module "$files/untold.ko" name=untold livepatch=Y license=GPL
	for file in empty untold; do
		own "$files/lp-one.ko" "$files/$file.ko"
		[ "$status" -eq 1 ]
		output_has "overlay: $files/$file.ko: it does not tell which kernel it is for; -k RELEASE does; no overlay is written"
	done
	own "$files/lp-noe.ko"
	[ "$status" -eq 1 ]
	output_has "overlay: $files/lp-noe.ko: it is missing; no overlay is written"
	own
	[ "$status" -eq 2 ]
	output_has "-k RELEASE is missing"
	cmp "$o" "$BATS_TEST_TMPDIR/before"
}

@test "with none of the FILEs baked no overlay is written" {
	overlay
	output_has "$o is written, patches: 2"
	before=$(sum "$o")
	patch "$BATS_TEST_TMPDIR/x.ko" 6.2
	overlay "$BATS_TEST_TMPDIR/x.ko"
	[ "$status" -eq 1 ]
	output_has "x.ko: it is for kernel 6.2, not $k"
	output_has "overlay: none of the files is baked; no overlay is written"
	[ "$(sum "$o")" = "$before" ]
	overlay "$BATS_TEST_TMPDIR/x.ko" "$store/$k/lp-a.ko"
	[ "$status" -eq 1 ]
	output_has "$o is written, patches: 1"
}

@test "an overlay does not take the place of a patch that goes into it" {
	before=$(sum "$store/$k/lp-a.ko")
	ln "$store/$k/lp-a.ko" "$BATS_TEST_TMPDIR/other-name"
	o=$BATS_TEST_TMPDIR/other-name
	overlay "$store/$k/lp-a.ko"
	[ "$status" -eq 2 ]
	output_has "$o is one of the patches; no overlay is written"
	[ "$(sum "$store/$k/lp-a.ko")" = "$before" ]
}

@test "a required patch that can't be baked has a line in the overlay, and is not counted" {
	patch "$store/$k/lp_b.ko" 6.2
	mkdir -p "$root/etc/kpatch-early/manifest.d"
	echo "$k lp_b.ko required" >"$root/etc/kpatch-early/manifest.d/10.conf"
	overlay
	[ "$status" -eq 1 ]
	output_has "$o is written, patches: 1"
	unpack
	grep -q "^$k lp_b.ko sha256=0* required" "$tree/etc/kpatch-early/manifest"
	# With nothing else in it a boot has that to report.
	for file in "" "$store/$k/lp_b.ko"; do
		rm -f "$store/$k/lp-a.ko"
		overlay ${file:+"$file"}
		[ "$status" -eq 1 ]
		output_has "there is no patch in it"
		output_has "$o is written, patches: 0"
	done
}

@test "an overlay without a patch for a release is written only if asked for, and what it does is said" {
	o=$BATS_TEST_TMPDIR/none.cpio
	overlay -k 6.1.0-tset
	[ "$status" -eq 1 ]
	output_has "overlay: there is no patch for 6.1.0-tset; no overlay is written; --empty writes one all the same"
	[ ! -e "$o" ]
	overlay -k 6.1.0-tset --empty
	[ "$status" -eq 0 ]
	output_has "$o is written, patches: 2"
	rm -r "$store"
	overlay
	[ "$status" -eq 1 ]
	overlay --empty
	[ "$status" -eq 0 ]
	output_has "there is no patch in it, and a base that it is given to loads none of its own"
	unpack
	[ -e "$tree/etc/kpatch-early/manifest" ]
	overlay --add --empty
	[ "$status" -eq 0 ]
	output_has "there is no patch in it"
	[[ $output != *"none of its own"* ]]
}

@test "interrupted at signify's prompt, an overlay leaves nothing" {
	mkdir "$BATS_TEST_TMPDIR/bin"
	# It sends the signal itself, to the program alone or to all of its group, as a terminal does.
	cat >"$BATS_TEST_TMPDIR/bin/signify-openbsd" <<-'END'
		#!/usr/bin/perl
		kill $ENV{signal}, $ENV{whom} eq "group" ? -getpgrp() : getppid();
		sleep 20;
		open(my $file, ">", "$ENV{TMPDIR}/to-the-end");
	END
	chmod +x "$BATS_TEST_TMPDIR/bin/signify-openbsd"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
	for whom in program group; do
		for signal in INT:130 TERM:143 HUP:129; do
			run env --default-signal=INT,TERM,HUP whom=$whom signal="${signal%:*}" setsid --wait "$program" overlay \
				-k "$k" --root "$root" -o "$o" --sign "$BATS_TEST_TMPDIR/one.sec" 3>&-
			[ "$status" -eq "${signal#*:}" ]
			[ ! -e "$o" ]
			[ -z "$(ls -A "$TMPDIR")" ]
		done
	done
}

@test "several kernels, and FILEs" {
	patch "$BATS_TEST_TMPDIR/one/x.ko" "$k"
	patch "$BATS_TEST_TMPDIR/two/x.ko" 6.2
	overlay -k 6.2 "$BATS_TEST_TMPDIR"/{one,two}/x.ko
	[ "$status" -eq 0 ]
	unpack
	[ "$(grep -c 'x.ko$' <<<"$names")" -eq 2 ]
	cmp "$BATS_TEST_TMPDIR/two/x.ko" "$tree/usr/lib/kpatch-early/patches/6.2/x.ko"
}

@test "a refused patch is told, and the others are in it" {
	echo garbage >"$store/$k/lp-c.ko"
	overlay
	[ "$status" -eq 1 ]
	output_has "lp-c.ko: it is not a whole ELF module; it is not baked"
	unpack
	[ "$(grep -c '\.ko$' <<<"$names")" -eq 2 ]
}

@test "what goes wrong leaves the overlay that was there, and nothing else" {
	program=$top/build/kpatch-early	# system calls of the sanitizers would fail as well
	overlay
	before=$(sum "$o")
	mkdir -p "$root/etc/kpatch-early/manifest.d"
	echo "$k lp-a.ko optional" >"$root/etc/kpatch-early/manifest.d/10.conf"
	overlay
	[ "$status" -eq 2 ]
	[ "$(sum "$o")" = "$before" ]
	rm "$root/etc/kpatch-early/manifest.d/10.conf"
	cp "$o" "$o.before"
	patch "$store/$k/lp_c.ko" "$k"
	overlay
	after=$(sum "$o")
	[ "$after" != "$before" ]
	for call in write pread64 fsync rename open; do
		for when in 1 3 5 7 9 12; do
			cp "$o.before" "$o"
			run strace -qq -o "$BATS_TEST_TMPDIR/strace" -e "trace=$call" -e "inject=$call:error=ENOSPC:when=$when+" \
				"$program" overlay -k "$k" --root "$root" -o "$o"
			wanted=$before
			[ "$status" -ne 0 ] || wanted=$after
			[ "$(sum "$o")" = "$wanted" ]
			[ ! -e "$o.tmp" ]
		done
	done
	# Of the overlay's own file alone.
	cp "$o.before" "$o"
	for call in write fsync rename open; do
		run strace -qq -o "$BATS_TEST_TMPDIR/strace" -P "$o" -P "$o.tmp" -e "trace=$call" \
			-e "inject=$call:error=ENOSPC" "$program" overlay -k "$k" --root "$root" -o "$o"
		[ "$status" -eq 1 ]
		grep -q INJECTED "$BATS_TEST_TMPDIR/strace"
		[ "$(sum "$o")" = "$before" ]
		[ ! -e "$o.tmp" ]
	done
	rm -rf "${TMPDIR:?}"/*	# of those that could open no folder
	PATH=/nonexistent run "$program" overlay -k "$k" --root "$root" -o "$o" --compress=zstd
	[ "$status" -eq 1 ]
	output_has "zstd is not installed; no overlay is written"
	[ "$(sum "$o")" = "$before" ]
	[ -z "$(ls -A "$TMPDIR")" ]
}

@test "a file that changes or cannot be read meanwhile is named, and no overlay is written" {
	mkdir -p "$root/usr/lib/kpatch-early"
	packed=$root/usr/lib/kpatch-early/kpatch-early
	cp "$early_file" "$packed"
	reading() { run strace -qq -o "$BATS_TEST_TMPDIR/strace" -P "$packed" -e "inject=pread64:$1" \
		"$program" overlay -k "$k" --root "$root" -o "$o"; }
	reading retval=0
	[ "$status" -eq 1 ]
	output_has "overlay: $packed: it changed while it was read; no overlay is written"
	reading error=ETIMEDOUT
	[ "$status" -eq 1 ]
	[[ $output == *"overlay: $packed: "*" timed out; no overlay is written"* ]]
	[ ! -e "$o" ]
}

@test "without the lock on its folder no overlay is written" {
	run strace -qq -o "$BATS_TEST_TMPDIR/strace" -e inject=flock:error=ENOLCK:when=2 \
		"$program" overlay -k "$k" --root "$root" -o "$o"
	[ "$status" -eq 1 ]
	output_has "overlay: $o: No locks available; no overlay is written"
	[ ! -e "$o" ]
}

@test "bad usage: exit status 2" {
	for words in "" "-k $k" "-o $o" "-k $k -o $o --compress=lzma" "-k a/b -o $o" "--wrong"; do
		run "$program" overlay --root "$root" $words
		[ "$status" -eq 2 ]
		output_has "nothing was done"
		[ ! -e "$o" ]
	done
}

@test "what is there and no regular file is not replaced" {
	mkfifo "$o"
	overlay
	[ "$status" -eq 2 ]
	output_has "$o is not a regular file; no overlay is written"
	[ -p "$o" ]
	rm "$o"
	ln -s elsewhere "$o"
	overlay
	[ "$status" -eq 2 ]
	[ -L "$o" ]
}

@test "two overlays of one name at once: both are whole, and one is there" {
	strace -qq -o "$BATS_TEST_TMPDIR/strace" -e trace=rename -e inject=rename:delay_enter=1000000 \
		"$program" overlay -k "$k" --root "$root" -o "$o" 3>&- &
	first=$!
	# On a host that is too busy to see the one the other is there: then the two came one after the other.
	until_true test -e "$o.tmp" -o -e "$o"
	overlay
	[ "$status" -eq 0 ]
	wait "$first"
	unpack
	grep -qx "usr/lib/kpatch-early/patches/$k/lp_b.ko" <<<"$names"
}

@test "the early program of --root is packed, if it has one" {
	patch "$store/$k/a.ko" "$k"
	mkdir -p "$root/usr/lib/kpatch-early"
	{ cat "$early_file" && echo "another"; } >"$root/usr/lib/kpatch-early/kpatch-early"
	"$program" overlay -k "$k" --root "$root" -o "$BATS_TEST_TMPDIR/overlay"
	mkdir "$BATS_TEST_TMPDIR/other"
	archive_of "$BATS_TEST_TMPDIR/overlay" | gzip -qdc | (cd "$BATS_TEST_TMPDIR/other" && cpio -idm --quiet)
	cmp "$root/usr/lib/kpatch-early/kpatch-early" "$BATS_TEST_TMPDIR/other/usr/sbin/kpatch-early"
}

@test "a patch and an early program of two machines make no overlay; --root names one for arm64" {
	for_machine "$store/$k/lp_b.ko" b7
	overlay
	[ "$status" -eq 1 ]
	output_has "overlay: lp_b.ko is for arm64, the early program "
	output_has "/early/kpatch-early for x86-64; name by --root a root with that for arm64; no overlay is written"
	[ ! -e "$o" ]
	packed=$root/usr/lib/kpatch-early/kpatch-early
	install -D "$early_file" "$packed"
	for_machine "$packed" b7
	overlay
	[ "$status" -eq 1 ]
	output_has "overlay: lp-a.ko is for x86-64, the early program $packed for arm64; name by --root a root with that for x86-64; no overlay is written"
	for_machine "$store/$k/lp-a.ko" b7
	overlay
	[ "$status" -eq 0 ]
	unpack
	cmp "$packed" "$tree/usr/sbin/kpatch-early"
	echo "no program" >"$packed"
	overlay
	[ "$status" -eq 1 ]
	output_has "the early program $packed for an unknown machine"
}

@test "a program that lies alone finds no early program, and no overlay is written" {
	patch "$store/$k/a.ko" "$k"
	[ ! -e /usr/lib/kpatch-early/kpatch-early ]
	cp "$program" "$BATS_TEST_TMPDIR/alone"
	run "$BATS_TEST_TMPDIR/alone" overlay -k "$k" --root "$root" -o "$BATS_TEST_TMPDIR/overlay"
	[ "$status" -eq 1 ]
	output_has "/usr/lib/kpatch-early/kpatch-early: it is missing; no overlay is written"
	[ ! -e "$BATS_TEST_TMPDIR/overlay" ]
}


@test "without /proc a program that is missing may be where nobody can look" {
	rm -r "$store"
	mkdir -p "$root/usr/sbin" "$root/tmp"
	cp "$top/build/kpatch-early" "$root/usr/sbin/"
	run env TMPDIR=/tmp chroot "$root" /usr/sbin/kpatch-early overlay --empty -k "$k" -o /overlay
	[ "$status" -eq 1 ]
	output_has "kpatch-early: it is missing, and /proc, which tells where this program lies, is not mounted; no overlay is written"
	[ ! -e "$root/overlay" ]
}
