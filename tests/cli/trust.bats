#!/usr/bin/env -S bats --tap
# Signatures: what apply refuses as soon as there is a key, and what bake signs.

load helpers

setup() {
	fake_root
	keys=$root/etc/kpatch-early/keys
	secret=$BATS_TEST_TMPDIR/secret
	mkdir -p "$keys" "$secret"
	enabled lp_a
}

# new_key NAME: a pair in $secret
new_key() { signify-openbsd -G -n -c "test $1" -p "$secret/$1.pub" -s "$secret/$1.sec"; }

# trust NAME: a new pair whose public key is in the root
trust() { new_key "$1" && cp "$secret/$1.pub" "$keys/"; }

sign() { signify-openbsd -S -s "$secret/$1.sec" -m "$manifest" -x "$manifest.sig"; }

# loads: the patch gets to the kernel
loads() {
	injected finit_module:retval=0
	[ "$status" -eq 0 ] || { cat "$file"; return 1; }
	file_has 'state=applied'
	grep -q finit_module "$BATS_TEST_TMPDIR/strace"
}

# refused TEXT: nothing gets to the kernel, the boot goes on, and the reason is told
refused() {
	: >"$root/dev/kmsg"
	injected finit_module:retval=0
	[ "$status" -eq 2 ] || { echo "exit status $status"; cat "$file"; return 1; }
	file_has '^state=failed$' || return 1
	file_has "^reason=\".*$1" || return 1
	[ "$(grep -c ^patch= "$file")" -eq 0 ] || return 1
	[ "$(grep -c finit_module "$BATS_TEST_TMPDIR/strace")" -eq 0 ] || return 1
	[ "$(grep -c '^<27>kpatch-early: failed: 0 of 0 patches' "$root/dev/kmsg")" -eq 1 ]
}

@test "without a key nothing is checked, whatever the signature is" {
	line lp_a.ko
	loads
	rmdir "$keys"
	loads
	echo nonsense >"$manifest.sig"
	loads
	mkdir "$keys"
	echo nonsense >"$keys/README"
	echo nonsense >"$keys/.hidden.pub"
	loads
}

@test "a good signature, as signify makes it" {
	trust one
	line lp_a.ko
	sign one
	signify-openbsd -V -q -p "$keys/one.pub" -m "$manifest" -x "$manifest.sig"
	loads
	apply --dry-run
	[ "$status" -eq 0 ]
	output_has 'patch=lp_a outcome=applied'
}

@test "with two keys a signature by either is good" {
	trust one
	trust two
	line lp_a.ko
	for name in one two; do
		sign "$name"
		loads
	done
}

@test "a missing signature is refused" {
	trust one
	line lp_a.ko
	refused "/etc/kpatch-early/manifest.sig cannot be read: it is missing"
	apply --dry-run
	[ "$status" -eq 2 ]
	output_has 'state=failed'
	mkdir "$manifest.sig"
	refused "/etc/kpatch-early/manifest.sig cannot be read: Is a directory"
}

@test "a signature by a key that is not there is refused" {
	trust one
	new_key foreign
	line lp_a.ko
	sign foreign
	refused "/etc/kpatch-early/manifest.sig: it is by none of the keys in /etc/kpatch-early/keys"
}

@test "a signature that only says to be by a key that is there is refused" {
	trust one
	new_key foreign
	line lp_a.ko
	sign foreign
	# The number of the key is in bytes 3 to 10.
	{
		head -n 1 "$manifest.sig"
		{
			tail -n 1 "$keys/one.pub" | base64 -d | head -c 10
			tail -n 1 "$manifest.sig" | base64 -d | tail -c +11
		} | base64 -w 0
		echo
	} >"$manifest.new"
	mv "$manifest.new" "$manifest.sig"
	refused "manifest.sig: it is not of this manifest, or one of the two is damaged"
}

@test "the signature of another manifest is refused" {
	trust one
	line lp_a.ko
	sign one
	loads
	line lp_b.ko
	refused "manifest.sig: it is not of this manifest"
}

@test "a manifest with one bit of every seventh byte changed is refused, before a line of it is read" {
	trust one
	line lp_a.ko
	sign one
	cp "$manifest" "$manifest.good"
	size=$(stat -c %s "$manifest")
	for ((i = 0; i < size; i += 7)); do
		perl -pe 'BEGIN { $/ = undef } substr($_, '$i', 1) ^= "\1"' "$manifest.good" >"$manifest"
		apply --dry-run
		[ "$status" -eq 2 ]
		output_has "manifest.sig: it is not of this manifest"
	done
	# Also what would read the same.
	{ cat "$manifest.good" && echo "# a comment"; } >"$manifest"
	refused "manifest.sig: it is not of this manifest"
	cp "$manifest.good" "$manifest"
	loads
}

@test "an empty manifest needs its signature too" {
	trust one
	: >"$manifest"
	refused "manifest.sig cannot be read: it is missing"
	sign one
	apply
	[ "$status" -eq 0 ]
	file_has 'reason="the manifest has no line for this kernel"'
}

@test "without a manifest there is nothing to do, with a key too" {
	trust one
	apply
	[ "$status" -eq 0 ]
	file_has 'reason="there is no manifest"'
}

@test "a patch changed below a good signature is not loaded" {
	trust one
	line lp_a.ko
	sign one
	echo >>"$baked/$release/lp_a.ko"
	injected finit_module:retval=0
	[ "$status" -eq 1 ]
	file_has 'patch=lp_a outcome=failed .* step=digest'
	[ "$(grep -c finit_module "$BATS_TEST_TMPDIR/strace")" -eq 0 ]
}

@test "a signed manifest with a wrong line is refused for that line" {
	trust one
	line lp_a.ko
	echo "$release lp_b.ko" >>"$manifest"
	sign one
	refused "manifest line 2: sha256= is missing"
}

@test "a damaged signature file is refused with its reason" {
	trust one
	line lp_a.ko
	sign one
	cp "$manifest.sig" "$manifest.good"
	: >"$manifest.sig"
	refused 'manifest.sig: it does not begin with .*untrusted comment: '
	head -n 1 "$manifest.good" >"$manifest.sig"
	refused "manifest.sig: its second line is not the base64 text of the right length"
	head -c -1 "$manifest.good" >"$manifest.sig"
	refused "manifest.sig: the newline at its end is missing"
	cat "$manifest.good" "$manifest.good" >"$manifest.sig"
	refused "manifest.sig: something follows the base64 text in it"
	sed 's/$/\r/' "$manifest.good" >"$manifest.sig"
	refused "manifest.sig: there is a control character in its comment"
	sed '2s/^RW/RX/' "$manifest.good" >"$manifest.sig"
	refused "manifest.sig: it is not for Ed25519"
	cp "$keys/one.pub" "$manifest.sig"
	refused "manifest.sig: its second line is not the base64"
	size=$(stat -c %s "$manifest.good")
	for ((i = 0; i < size; i += 5)); do
		head -c "$i" "$manifest.good" >"$manifest.sig"
		refused "manifest.sig: it"
	done
	cp "$manifest.good" "$manifest.sig"
	loads
}

@test "one bad key among good ones is refused, and is named" {
	trust one
	line lp_a.ko
	sign one
	echo nonsense >"$keys/two.pub"
	refused "/etc/kpatch-early/keys/two.pub: it does not begin with"
	cat "$keys/one.pub" "$keys/one.pub" >"$keys/two.pub"
	refused "/etc/kpatch-early/keys/two.pub: something follows the base64 text in it"
	cp "$secret/one.sec" "$keys/two.pub"
	refused "/etc/kpatch-early/keys/two.pub: its second line is not the base64"
	: >"$keys/two.pub"
	refused "/etc/kpatch-early/keys/two.pub: it does not begin with"
	rm "$keys/two.pub"
	mkdir "$keys/two.pub"
	refused "/etc/kpatch-early/keys/two.pub cannot be read: Is a directory"
	rmdir "$keys/two.pub"
	ln -s nowhere "$keys/two.pub"
	refused "/etc/kpatch-early/keys/two.pub cannot be read: it is missing"
	rm "$keys/two.pub"
	loads
}

@test "a keys folder that cannot be read is not one without keys" {
	line lp_a.ko
	rmdir "$keys"
	ln -s nowhere "$keys"
	refused "/etc/kpatch-early/keys cannot be read: it is missing"
	rm "$keys"
	echo >"$keys"
	refused "/etc/kpatch-early/keys cannot be read: Not a directory"
	rm "$keys"
	mkdir "$keys"
	trust one
	sign one
	for call in getdents64 open,openat; do
		run strace -f -qq -P "$keys" -o "$BATS_TEST_TMPDIR/strace" -e "trace=$call" \
			-e "inject=$call:error=EACCES" "$early" apply --root "$root" --dry-run
		[ "$status" -eq 2 ]
		output_has "keys cannot be read: Permission denied"
	done
}

@test "what others than root can write is refused, be it manifest, signature, key or their folder" {
	trust one
	line lp_a.ko
	sign one
	for part in "$manifest" "$manifest.sig" "$keys/one.pub" "$keys"; do
		mode=$(stat -c %a "$part")
		for change in g+w o+w; do
			chmod "$change" "$part"
			refused "${part#"$root"}: it can be written by others than root"
			chmod "$mode" "$part"
		done
		chown 1234 "$part"
		refused "${part#"$root"}: it is owned by uid 1234; it must be root's"
		chown 0 "$part"
	done
	loads
	rm "$keys/one.pub"
	chmod g+w "$keys"
	refused "/etc/kpatch-early/keys: it can be written by others than root"
}

# add NAME: an overlay's manifest beside the base's, of a new patch, signed by one
add() {
	mv "$manifest" "$manifest.base"
	line "$1"
	mv "$manifest" "$manifest.add"
	mv "$manifest.base" "$manifest"
	signify-openbsd -S -s "$secret/one.sec" -m "$manifest.add" -x "$manifest.add.sig"
}

@test "an overlay's manifest.add needs its own good signature, and a bad one stops the base's patches too" {
	trust one
	new_key foreign
	line lp_a.ko
	sign one
	add lp_b.ko
	enabled lp_b
	for name in lp_a lp_b; do echo 0 >"$root/sys/kernel/livepatch/$name/replace"; done
	loads
	file_has 'patch=lp_a outcome=applied'
	file_has 'patch=lp_b outcome=applied'
	cp "$manifest.add" "$BATS_TEST_TMPDIR/good"
	echo "# a comment" >>"$manifest.add"
	refused "manifest.add.sig: it is not of this manifest"
	cp "$BATS_TEST_TMPDIR/good" "$manifest.add"
	signify-openbsd -S -s "$secret/foreign.sec" -m "$manifest.add" -x "$manifest.add.sig"
	refused "manifest.add.sig: it is by none of the keys"
	cp "$manifest.sig" "$manifest.add.sig"
	refused "manifest.add.sig: it is not of this manifest"
	rm "$manifest.add.sig"
	refused "manifest.add.sig cannot be read: it is missing"
	: >"$manifest.add"
	refused "manifest.add.sig cannot be read: it is missing"
	signify-openbsd -S -s "$secret/one.sec" -m "$manifest.add" -x "$manifest.add.sig"
	loads
	chmod o+w "$manifest.add"
	refused "manifest.add: it can be written by others than root"
	# Its good signature is no excuse for the base's.
	chmod o-w "$manifest.add"
	rm "$manifest.sig"
	refused "manifest.sig cannot be read: it is missing"
}

@test "a signature is of the bytes, and good under either name" {
	trust one
	line lp_a.ko
	sign one
	cp "$manifest" "$manifest.add"
	cp "$manifest.sig" "$manifest.add.sig"
	loads
	[ "$(grep -c ^patch= "$file")" -eq 1 ]
	rm "$manifest" "$manifest.sig"
	loads
}

@test "limits: 32 keys, 4096 bytes a file, 1024 bytes of a comment" {
	trust one
	line lp_a.ko
	sign one
	for i in {2..32}; do cp "$keys/one.pub" "$keys/$i.pub"; done
	loads
	cp "$keys/one.pub" "$keys/33.pub"
	refused "/etc/kpatch-early/keys: it has more keys than the limit"
	rm "$keys"/[0-9]*.pub
	head -c 4096 /dev/zero >"$keys/two.pub"
	refused "two.pub: it does not begin"
	head -c 4097 /dev/zero >"$keys/two.pub"
	refused "two.pub cannot be read: it is larger than the limit"
	rm "$keys/two.pub"
	cp "$manifest.sig" "$manifest.good"
	head -c 5000 /dev/zero >>"$manifest.sig"
	refused "manifest.sig cannot be read: it is larger than the limit"
	for n in 1024 1025; do
		{
			printf 'untrusted comment: %0*d\n' $n 0
			tail -n 1 "$manifest.good"
		} >"$manifest.sig"
		[ $n = 1025 ] || loads
	done
	refused "manifest.sig: its comment is over the limit"
}

@test "the manifest is read once, and its bytes are those that were verified" {
	trust one
	line lp_a.ko
	sign one
	strace -qq -o "$BATS_TEST_TMPDIR/strace" -e trace=open,openat "$early" apply --root "$root" --dry-run
	[ "$(grep -c '/etc/kpatch-early/manifest"' "$BATS_TEST_TMPDIR/strace")" -eq 1 ]
}

@test "what the administrator turned off stays off, also with a key and no signature" {
	trust one
	line lp_a.ko
	echo "kpatch.disable=1" >"$root/proc/cmdline"
	apply
	[ "$status" -eq 0 ]
	file_has 'state=disabled'
}

bake() { run "$program" bake -k "$release" --root "$root" "$@"; }

@test "bake --sign and apply accept each other" {
	trust one
	patch "$store/$release/lp_a.ko"
	bake --sign "$secret/one.sec"
	[ "$status" -eq 0 ]
	signify-openbsd -V -q -p "$keys/one.pub" -m "$manifest" -x "$manifest.sig"
	[ "$(stat -c %a "$manifest.sig")" = 644 ]
	loads
	before=$(sum "$manifest.sig")
	bake --sign "$secret/one.sec"
	[ "$(sum "$manifest.sig")" = "$before" ]
	patch "$store/$release/lp_b.ko"
	bake --sign "$secret/one.sec"
	[ "$(sum "$manifest.sig")" != "$before" ]
	apply --dry-run
	output_has "patch=lp_b outcome=applied"
	[ -z "$(find "$root" -name '*.tmp')" ]
}

@test "bake without --sign removes the stale signature, and says that apply will refuse" {
	trust one
	patch "$store/$release/lp_a.ko"
	bake --sign "$secret/one.sec"
	[ -e "$manifest.sig" ]
	[[ $output != *removed* ]]
	: >"$manifest.sig.tmp"	# of a run that was cut short
	bake
	[ "$status" -eq 0 ]
	[ ! -e "$manifest.sig.tmp" ]
	output_has "/etc/kpatch-early/manifest.sig: removed, since it is not of the new manifest"
	output_has "/etc/kpatch-early/keys has keys, so apply refuses the manifest until it is signed"
	[ ! -e "$manifest.sig" ]
	refused "manifest.sig cannot be read: it is missing"
	sign one
	loads
	rm "$keys/one.pub"
	bake
	output_has "manifest.sig: removed"
	[[ $output != *"has keys"* ]]
	bake
	[[ $output != *removed* ]]
	echo nonsense >"$keys/two.pub"
	bake
	[ "$status" -eq 1 ]
	output_has "/etc/kpatch-early/keys/two.pub: it does not begin"
}

# unchanged COMMAND...: it leaves manifest, signature and patches as they are
unchanged() {
	local before
	before=$(find "$root/etc" "$root/usr" -type f -exec sha256sum {} +)
	"$@"
	[ "$status" -eq 1 ] || return 1
	output_has "the manifest is not written" || return 1
	[ "$(find "$root/etc" "$root/usr" -type f -exec sha256sum {} +)" = "$before" ]
}

@test "signify missing or failing: a clear error, and nothing is changed" {
	trust one
	patch "$store/$release/lp_a.ko"
	bake --sign "$secret/one.sec"
	patch "$store/$release/lp_b.ko"
	# The same build, one patch more; and a changed one.
	module "$store/$release/lp_a.ko" name=lp_a livepatch=Y "vermagic=$release SMP " other=content
	missing() { PATH=/nowhere bake --sign "$secret/one.sec"; }
	unchanged missing
	output_has "one.sec: the program to sign with, signify-openbsd or signify, is not installed"
	unchanged bake --sign "$secret/two.sec"
	output_has "two.sec: signify did not sign with it"
	unchanged bake --sign "$secret/one.pub"
	loads
	bake --sign "$secret/one.sec"
	[ "$status" -eq 0 ]
	apply --dry-run
	output_has "patch=lp_b outcome=applied"
}

@test "signify is run by its other name too, and one that signs nothing is found out" {
	trust one
	patch "$store/$release/lp_a.ko"
	mkdir "$BATS_TEST_TMPDIR/bin"
	ln -s "$(type -P signify-openbsd)" "$BATS_TEST_TMPDIR/bin/signify"
	PATH=$BATS_TEST_TMPDIR/bin bake --sign "$secret/one.sec"
	[ "$status" -eq 0 ]
	loads
	ln -sf "$(type -P true)" "$BATS_TEST_TMPDIR/bin/signify"
	other() { PATH=$BATS_TEST_TMPDIR/bin bake --sign "$secret/one.sec"; }
	unchanged other
	output_has "manifest.sig.tmp: No such file"
}

@test "a key that apply would not ask is not signed with, where there are others" {
	trust one
	new_key foreign
	patch "$store/$release/lp_a.ko"
	bake --sign "$secret/one.sec"
	patch "$store/$release/lp_b.ko"
	unchanged bake --sign "$secret/foreign.sec"
	output_has "it is by none of the keys"
	echo nonsense >"$keys/two.pub"
	unchanged bake --sign "$secret/one.sec"
	output_has "two.pub: it does not begin"
	rm "$keys"/*
	bake --sign "$secret/foreign.sec"
	[ "$status" -eq 0 ]
	cp "$secret/foreign.pub" "$keys"
	apply --dry-run
	[ "$status" -eq 0 ]
	output_has "patch=lp_b outcome=applied"
}

@test "lines of other releases are signed only if they were before" {
	trust one
	k=6.1.0-test
	patch "$store/$release/lp_a.ko"
	patch "$store/$k/lp_b.ko" "$k"
	bake --sign "$secret/one.sec"
	echo "$release lp_c.ko sha256=$(printf '%064d' 0)" >>"$manifest"
	cp "$manifest" "$manifest.changed"
	bake_other() { run "$program" bake -k "$k" --root "$root" "$@"; }
	for signature in changed missing damaged; do
		[ $signature != missing ] || rm "$manifest.sig"
		[ $signature != damaged ] || echo x >"$manifest.sig"
		bake_other --sign "$secret/one.sec"
		[ "$status" -eq 2 ]
		output_has "manifest: its lines of other releases would be signed, and it has no good signature; remove it to begin anew"
		cmp "$manifest" "$manifest.changed"
	done
	# Not signed they are kept, for whoever signs later; and none of them is when all are written anew.
	bake_other
	[ "$status" -eq 0 ]
	[ "$(grep -c sha256= "$manifest")" -eq 3 ]
	bake -k "$k" --sign "$secret/one.sec"
	[ "$status" -eq 0 ]
	[ "$(grep -c sha256= "$manifest")" -eq 2 ]
	bake_other --sign "$secret/one.sec"
	[ "$status" -eq 0 ]
	loads
	# With no key there is none to ask.
	rm "$keys/one.pub" "$manifest.sig"
	bake_other --sign "$secret/one.sec"
	[ "$status" -eq 0 ]
	[ "$(grep -c sha256= "$manifest")" -eq 2 ]
}

@test "an output without a folder of keys is held against the keys of the root" {
	trust one
	new_key foreign
	patch "$store/$release/lp_a.ko"
	out=$BATS_TEST_TMPDIR/out
	bake --output "$out" --sign "$secret/foreign.sec"
	[ "$status" -eq 1 ]
	output_has "manifest.sig.tmp: it is by none of the keys in /etc/kpatch-early/keys; the manifest is not written"
	[ -z "$(find "$out" -type f)" ]
	bake --output "$out"
	[ "$status" -eq 0 ]
	output_has "$root/etc/kpatch-early/keys has keys, so apply refuses the manifest until it is signed"
	bake --output "$out" --sign "$secret/one.sec"
	[ "$status" -eq 0 ]
	# Its own folder is what counts, be there a key in it or not.
	mkdir "$out/etc/kpatch-early/keys"
	bake --output "$out" --sign "$secret/foreign.sec"
	[ "$status" -eq 0 ]
	bake --output "$out"
	[[ $output != *"has keys"* ]]
}

@test "a disk that fills up while signing: the old pair, the new one, or a manifest that is refused" {
	trust one
	patch "$store/$release/lp_a.ko"
	bake --sign "$secret/one.sec"
	old=$(sum "$manifest")
	patch "$store/$release/lp_b.ko"
	failures=0 whole=0 half=0
	for call in write fsync rename open; do
		for when in 1 2 3 4 5 6 7 8; do
			run strace -f -qq -o "$BATS_TEST_TMPDIR/strace" -e "trace=$call" \
				-e "inject=$call:error=ENOSPC:when=$when+" \
				"$program" bake -k "$release" --root "$root" --sign "$secret/one.sec"
			[ "$status" -eq 0 ] || failures=$((failures + 1))
			baked_status=$status
			if signify-openbsd -V -q -p "$keys/one.pub" -m "$manifest" -x "$manifest.sig" 2>/dev/null; then
				whole=$((whole + 1))
			else
				[ "$baked_status" -eq 1 ]
				[ "$(sum "$manifest")" != "$old" ]
				output_has "the manifest is written, but not its signature"
				refused "manifest.sig: it is not of this manifest"
				half=$((half + 1))
			fi
			rm "$store/$release/lp_b.ko"
			"$program" bake -k "$release" --root "$root" --sign "$secret/one.sec"
			[ "$(sum "$manifest")" = "$old" ]
			patch "$store/$release/lp_b.ko"
		done
	done
	[ "$failures" -gt 8 ]
	[ "$whole" -gt 8 ]
	[ "$half" -gt 0 ]
}

@test "killed at any rename: the old pair, the new one, or a manifest that is refused" {
	trust one
	patch "$store/$release/lp_a.ko"
	seen=
	for when in 1 2 3 4 5 6; do
		rm -rf "$baked" "$manifest" "$manifest.sig"
		run strace -f -qq -o "$BATS_TEST_TMPDIR/strace" -e trace=rename \
			-e "inject=rename:signal=KILL:when=$when" \
			"$program" bake -k "$release" --root "$root" --sign "$secret/one.sec"
		if [ ! -e "$manifest" ]; then
			[ ! -e "$manifest.sig" ]
			seen+=n
		elif [ -e "$manifest.sig" ]; then
			loads
			seen+=l
		else
			refused "manifest.sig cannot be read: it is missing"
			seen+=r
		fi
	done
	# Killed before the scratch file's, the patch's, the manifest's, the signature's, and not at all.
	echo "$seen"
	[ "$seen" = nnnrll ]
}
