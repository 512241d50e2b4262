#!/usr/bin/env -S bats --tap
# Signatures: what apply refuses as soon as there is a key.

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
	injected finit_module:retval=0
	[ "$status" -eq 2 ] || { echo "exit status $status"; cat "$file"; return 1; }
	file_has '^state=failed$' || return 1
	file_has "^reason=\".*$1" || return 1
	[ "$(grep -c ^patch= "$file")" -eq 0 ] || return 1
	[ "$(grep -c finit_module "$BATS_TEST_TMPDIR/strace")" -eq 0 ] || return 1
	[ "$(grep -c '^<27>kpatch-early: failed: 0 of 0 patches' "$root/dev/kmsg")" -ge 1 ]
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

@test "a manifest changed in any bit is refused, before a line of it is read" {
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
	for call in getdents64 open; do
		run strace -qq -P "$keys" -o "$BATS_TEST_TMPDIR/strace" -e "trace=$call" \
			-e "inject=$call:error=EIO" "$program" apply --root "$root" --dry-run
		[ "$status" -eq 2 ]
		output_has "keys cannot be read: I/O error"
	done
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
	strace -qq -o "$BATS_TEST_TMPDIR/strace" -e trace=open,openat "$program" apply --root "$root" --dry-run
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
