#!/usr/bin/env -S bats --tap
# overlay --addon and --off-addon: what is in the EFI program, who may sign it, what is said of it, and that nothing but a whole
# one is ever left.

load helpers

setup() {
	fake_root
	k=6.1.0-test
	o=$BATS_TEST_TMPDIR/patches.addon.efi
	export TMPDIR=$BATS_TEST_TMPDIR/tmp
	mkdir "$TMPDIR"
	patch "$store/$k/lp-a.ko" "$k"
}

overlay() { run "$program" overlay --root "$root" -o "$o" "$@"; }
addon() { overlay --addon -k "$k" "$@"; }

# section NAME: what it holds, to the byte, as objcopy takes it out
section() { objcopy -O binary --only-section="$1" "$o" "$BATS_TEST_TMPDIR/section" && cat "$BATS_TEST_TMPDIR/section"; }
sections() { objdump -h "$o" | awk '$1 ~ /^[0-9]+$/ { print $2 }' | xargs; }

# number OFFSET SIZE: of the header
number() { od -A n -t u"$2" -j "$1" -N "$2" "$o" | tr -d ' '; }

new_key() {
	key=$BATS_TEST_TMPDIR/db.key cert=$BATS_TEST_TMPDIR/db.crt
	openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=test -days 3650 -keyout "$key" -out "$cert" 2>/dev/null
}

nothing_is_left() {
	[ ! -e "$o" ]
	[ ! -e "$o.tmp" ]
	[ -z "$(ls -A "$TMPDIR")" ]
}

@test "an addon holds the overlay, the release, the words, and an SBAT line" {
	addon --cmdline="rdinit=/usr/sbin/kpatch-early a=b"
	[ "$status" -eq 0 ]
	output_has "$o is written, patches: 1"
	[ "$(sections)" = ".initrd .text .sbat .uname .cmdline" ]
	[ "$(section .cmdline)" = "rdinit=/usr/sbin/kpatch-early a=b" ]
	cmp <(section .uname) <(printf '%s\0' "$k")
	[ "$(section .sbat | cut -d , -f 1,2 | xargs)" = "sbat,1 kpatch-early.addon,1" ]
	section .initrd >"$BATS_TEST_TMPDIR/initrd"
	o=$BATS_TEST_TMPDIR/patches.cpio
	overlay -k "$k"
	cmp "$BATS_TEST_TMPDIR/initrd" "$o"
}

@test "without --cmdline= it has no words" {
	addon
	[ "$status" -eq 0 ]
	[ "$(sections)" = ".initrd .text .sbat .uname" ]
}

@test "firmware finds its headers in order" {
	addon
	[ "$(objdump -f "$o" | sed -n 's/.*file format //p')" = pei-x86-64 ]
	[ "$(objdump -p "$o" | awk '/^Subsystem/ { print $2 }')" = 0000000a ]
	# Sections are in the file in their order, without a gap, up to its end, and so they are in memory.
	perl -e '
		open(my $file, "<:raw", $ARGV[0]) or die;
		local $/;
		my $all = <$file>;
		my ($count) = unpack "v", substr $all, 0x46, 2;
		my ($image, $headers) = unpack "V2", substr $all, 0x40 + 80, 8;
		my ($offset, $address) = ($headers, 4096);
		for my $i (0 .. $count - 1) {
			my ($size, $at, $bytes, $from) = unpack "x8 V4", substr $all, 0x40 + 264 + 40 * $i, 40;
			die "section $i" if $at != $address || $from != $offset || $bytes % 512 || $bytes < $size;
			$offset += $bytes;
			$address += int(($size + 4095) / 4096) * 4096;
		}
		die "its end" if $offset != length $all || $image != $address' "$o"
}

@test "the same input gives the same addon, whatever the compression" {
	for word in stored none zstd; do
		addon --compress="$word"
		[ "$status" -eq 0 ]
		first=$(sum "$o")
		sleep 0.01
		touch "$store/$k/lp-a.ko"
		addon --compress="$word"
		[ "$(sum "$o")" = "$first" ]
	done
}

# all_for HEX: --root has an early program and a patch for this ELF machine
all_for() {
	mkdir -p "$root/usr/lib/kpatch-early"
	cp "$early_file" "$root/usr/lib/kpatch-early/kpatch-early"
	for_machine "$root/usr/lib/kpatch-early/kpatch-early" "$1"
	for_machine "$store/$k/lp-a.ko" "$1"
}

@test "the machine is that of the early program; of another than x86-64 and arm64 there is no addon" {
	addon
	[ "$(number 0x44 2)" = $((0x8664)) ]
	all_for b7
	addon
	[ "$status" -eq 0 ]
	[ "$(number 0x44 2)" = $((0xaa64)) ]
	rm "$o"
	all_for f3
	for words in "--addon -k $k" --off-addon; do
		overlay $words
		[ "$status" -eq 1 ]
		output_has "usr/lib/kpatch-early/kpatch-early: it is for a machine that no addon can be made for; no overlay is written"
		nothing_is_left
	done
}

@test "what can't be combined is said, and nothing is written" {
	printf -v long '%01025d' 0
	while read -r words; do
		overlay $words
		[ "$status" -eq 2 ]
		read -r sentence
		output_has "overlay: $sentence"
		nothing_is_left
	done <<-END
		--addon -k 6.1 -k 6.2
		an addon is for one kernel release: make one for each
		--addon -k $k --first
		--first can't be combined with an addon, whose overlay always comes last
		--addon -k $k --cmdline=
		--cmdline= has 1 to 1024 printable ASCII characters
		--addon -k $k --cmdline=$long
		--cmdline= has 1 to 1024 printable ASCII characters
		--addon -k $k --cmdline=ä
		--cmdline= has 1 to 1024 printable ASCII characters
		--addon -k $k --sign-addon key
		--sign-addon KEY and --cert CERT need each other
		--off-addon --cert cert
		--sign-addon KEY and --cert CERT need each other
		-k $k --sign-addon key --cert cert
		--sign-addon, --cert and --cmdline= are for an addon
		-k $k --cmdline=a
		--sign-addon, --cert and --cmdline= are for an addon
		--off-addon -k $k
		--off-addon only turns live patching off
		--off-addon --cmdline=a
		--off-addon only turns live patching off
		--off-addon --add
		--off-addon only turns live patching off
		--off-addon --compress=none
		--off-addon only turns live patching off
		--off-addon --settings
		--off-addon only turns live patching off
		--off-addon --strip
		--off-addon only turns live patching off
		--off-addon a.ko
		--off-addon only turns live patching off
	END
	overlay --addon
	[ "$status" -eq 2 ]
	nothing_is_left
	addon --cmdline="${long:1}"
	[ "$status" -eq 0 ]
}

@test "an off switch has the word, and no release and no patch" {
	rm -r "$store"
	overlay --off-addon
	[ "$status" -eq 0 ]
	[ "$output" = "$o is written, to turn live patching off" ]
	[ "$(sections)" = ".text .sbat .cmdline" ]
	[ "$(section .cmdline)" = kpatch.disable=1 ]
	[ -z "$(ls -A "$TMPDIR")" ]
}

@test "sbsign signs it, here or later, and sbverify is content" {
	new_key
	for words in "--addon -k $k" --off-addon; do
		overlay $words --sign-addon "$key" --cert "$cert"
		[ "$status" -eq 0 ]
		[[ $output != *warning* ]]
		sbverify --cert "$cert" "$o"
		cp "$o" "$BATS_TEST_TMPDIR/signed"
		overlay $words
		run sbverify --cert "$cert" "$o"
		[ "$status" -ne 0 ]
		sbsign --key "$key" --cert "$cert" --output "$BATS_TEST_TMPDIR/later" "$o"
		sbverify --cert "$cert" "$BATS_TEST_TMPDIR/later"
		# A changed byte of the overlay is no good any more.
		printf x | dd of="$BATS_TEST_TMPDIR/signed" bs=1 seek=1100 conv=notrunc status=none
		run sbverify --cert "$cert" "$BATS_TEST_TMPDIR/signed"
		[ "$status" -ne 0 ]
		[ -z "$(ls -A "$TMPDIR")" ]
	done
}

@test "an addon that can't be signed is not written, and the one that was there stays" {
	new_key
	echo before >"$o"
	echo garbage >"$BATS_TEST_TMPDIR/garbage"
	addon --sign-addon "$BATS_TEST_TMPDIR/garbage" --cert "$cert"
	[ "$status" -eq 1 ]
	output_has "overlay: sbsign: it failed; no overlay is written"
	PATH=/nonexistent addon --sign-addon "$key" --cert "$cert"
	[ "$status" -eq 1 ]
	output_has "overlay: sbsign is not installed; no overlay is written"
	[ "$(<"$o")" = before ]
	[ ! -e "$o.tmp" ]
	[ -z "$(ls -A "$TMPDIR")" ]
}

@test "interrupted while it is signed, an addon leaves nothing" {
	mkdir "$BATS_TEST_TMPDIR/bin"
	printf '%s\n' '#!/usr/bin/perl' 'kill "TERM", getppid();' 'sleep 20;' >"$BATS_TEST_TMPDIR/bin/sbsign"
	chmod +x "$BATS_TEST_TMPDIR/bin/sbsign"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
	run env --default-signal=TERM "$program" overlay --addon -k "$k" --root "$root" -o "$o" --sign-addon a --cert b 3>&-
	[ "$status" -eq 143 ]
	nothing_is_left
}

@test "what fails while an addon is written leaves the one that was there" {
	new_key
	addon --sign-addon "$key" --cert "$cert"
	before=$(sum "$o")
	patch "$store/$k/lp_b.ko" "$k"
	for call in write lseek ftruncate sendfile fsync rename; do
		run strace -qq -o "$BATS_TEST_TMPDIR/strace" -e "trace=$call" -e "inject=$call:error=ENOSPC:when=1+" \
			"$program" overlay --addon -k "$k" --root "$root" -o "$o" --sign-addon "$key" --cert "$cert"
		[ "$status" -ne 0 ]
		grep -q INJECTED "$BATS_TEST_TMPDIR/strace"
		output_has "written"
		[ "$(sum "$o")" = "$before" ]
		[ ! -e "$o.tmp" ]
		rm -rf "${TMPDIR:?}"/*
	done
}

@test "a patch without a signature is named, since lockdown refuses it" {
	patch "$store/$k/lp_b.ko" "$k"
	printf '~Module signature appended~\n' >>"$store/$k/lp_b.ko"
	addon
	[ "$status" -eq 0 ]
	[ "$(grep -c "is not signed" <<<"$output")" -eq 1 ]
	output_has "overlay: lp-a.ko is not signed: with Secure Boot, where lockdown is on, the kernel refuses it; sign it with a key that the kernel trusts"
	overlay -k "$k"
	[ "$(grep -c "is not signed" <<<"$output")" -eq 1 ]
}

@test "a patch that needs a module is named, since nobody knows what the initramfs has" {
	module "$store/$k/lp_b.ko" name=lp_b livepatch=Y depends=crc-itu-t,xfs "vermagic=$k SMP "
	overlay -k "$k"
	[ "$status" -eq 0 ]
	output_has "overlay: lp_b.ko needs crc-itu-t,xfs: the initramfs must have that in lib/modules, if the kernel has not"
	[[ $output != *"lp-a.ko needs"* ]]
}

# stub_info VERSION: such a stub has started the system of --root
stub_info() {
	mkdir -p "$root/sys/firmware/efi/efivars"
	{
		printf '\6\0\0\0'
		printf 'systemd-stub %s\0' "$1" | sed 's/./&\x00/g'
	} >"$root/sys/firmware/efi/efivars/StubInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"
}

@test "a stub that is too old for the addon is named, of this system or of the image beside it" {
	addon
	[[ $output != *systemd-stub* ]]
	stub_info 252.39-1~deb12u2
	addon
	[ "$status" -eq 0 ]
	output_has "overlay: this system has systemd-stub 252, which ignores this addon without a word; it needs 257"
	overlay --off-addon
	output_has "which ignores this addon without a word; it needs 254"
	stub_info 255.4
	addon
	output_has "this system has systemd-stub 255, which ignores this addon without a word; it needs 257"
	addon --cmdline=rdinit=/usr/sbin/kpatch-early
	output_has "systemd-stub 255, which takes the words of this addon and not its patches, without a word; it needs 257"
	overlay --off-addon
	[[ $output != *systemd-stub* ]]
	stub_info 257.8-1
	addon
	[[ $output != *systemd-stub* ]]
	# What is beside it counts more.
	image=$BATS_TEST_TMPDIR/debian.efi
	mkdir "$image.extra.d"
	o=$image.extra.d/patches.addon.efi
	sed 's/systemd-stub [0-9]*/systemd-stub 252/' /usr/lib/systemd/boot/efi/linuxx64.efi.stub >"$image"
	addon
	output_has "overlay: $image has systemd-stub 252, which ignores this addon without a word; it needs 257"
	stub_info 252
	echo "#### LoaderInfo: systemd-stub 257.8 ####" >"$image"
	addon
	[[ $output != *systemd-stub* ]]
	rm "$image"
	addon
	[[ $output != *systemd-stub* ]]
}

@test "info of an overlay or an addon prints what is in it" {
	mkdir -p "$root/etc/kpatch-early"
	echo transition_timeout=7 >"$root/etc/kpatch-early/kpatch-early.conf"
	for options in "" --first --compress=none --compress=gzip --compress=xz --compress=zstd --add; do
		overlay -k "$k" --settings $options
		[ "$status" -eq 0 ]
		run "$program" info "$o"
		[ "$status" -eq 0 ]
		grep -qE "^manifest(.add)?: +$k lp-a.ko sha256=$(sum "$store/$k/lp-a.ko")$" <<<"$output"
		output_has "file:           usr/lib/kpatch-early/patches/$k/lp-a.ko"
		output_has "file:           usr/sbin/kpatch-early"
		output_has "file:           etc/kpatch-early/kpatch-early.conf"
	done
	addon --cmdline="quiet kpatch.skip=x"
	run "$program" info "$o"
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "release:        $k" ]
	[ "${lines[1]}" = "cmdline:        quiet kpatch.skip=x" ]
	output_has "manifest:       $k lp-a.ko sha256="
	grep -qE '^overlay_manifest: [0-9a-f]{64}$' <<<"$output"
	run "$program" overlay --off-addon --root "$root" -o "$o"
	run "$program" info "$o"
	[ "$output" = "cmdline:        kpatch.disable=1" ]
}

@test "info of half an overlay or addon, or of one that is damaged, is no crash" {
	for kind in overlay addon; do
		$kind -k "$k"
		size=$(stat -c %s "$o")
		for ((i = 0; i < 40; i++)); do
			cp "$o" "$BATS_TEST_TMPDIR/bad"
			truncate -s $((i < 20 ? i * 64 + 3 : size / 20 * (i - 20))) "$BATS_TEST_TMPDIR/bad"
			run "$program" info "$BATS_TEST_TMPDIR/bad"
			[ "$status" -le 1 ]
			cp "$o" "$BATS_TEST_TMPDIR/bad"
			printf '\xff\xff\xff' | dd of="$BATS_TEST_TMPDIR/bad" bs=1 seek=$((i * 17)) conv=notrunc status=none
			run "$program" info "$BATS_TEST_TMPDIR/bad"
			[ "$status" -le 1 ]
		done
	done
	printf 'MZ%0200d' 0 >"$BATS_TEST_TMPDIR/other.efi"
	for file in /bin/true "$BATS_TEST_TMPDIR/other.efi"; do
		run "$program" info "$file"
		[ "$status" -eq 1 ]
		[ "$output" = "kpatch-early: info: $file: it is no patch, overlay or addon, or it is damaged" ]
	done
}
