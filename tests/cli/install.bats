#!/usr/bin/env -S bats --tap
# install and uninstall: the store, its words, and what must never happen to it. The static program
# runs in a chroot; a systemctl and a rebuild of the test's own tell whether they were called.

load helpers

setup() {
	fake_root
	k=6.1.0-test
	mkdir -p "$root/usr/sbin" "$root/usr/lib/kpatch-early" "$root/bin"
	cp "$top/build/kpatch-early" "$root/usr/sbin/"
	cp /bin/busybox "$root/bin/"
	ln -s busybox "$root/bin/sh"
	mknod -m 666 "$root/dev/null" c 1 3
	patch "$root/lp-x.ko" "$k"
}

# within COMMAND...: with the real /proc in the root, which a module's fields are read through
within() { timeout 300 unshare --mount sh -c 'mount --bind /proc "$0/proc" && exec "$@"' "$root" "$@"; }
inside() { run within chroot "$root" /usr/sbin/kpatch-early "$@"; }

# stub PATH [ANSWER]: a program in the root that writes its words to /called, and answers
stub() {
	mkdir -p "$(dirname "$root/$1")"
	printf '#!/bin/sh\necho "%s $*" >>/called\necho "%s"\n' "$(basename "$1")" "${2-}" >"$root/$1"
	chmod 755 "$root/$1"
}

installed() { (cd "$store" 2>/dev/null && find . ! -name . | sort | tr '\n' ' '); }

@test "install copies a patch into the store, with kpatch's words, and says what comes next" {
	inside install -k "$k" lp-x.ko
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "installing lp-x.ko ($k)" ]
	output_has "once the initramfs for $k is rebuilt"
	[ "$(installed)" = "./$k ./$k/lp-x.ko " ]
	cmp "$root/lp-x.ko" "$store/$k/lp-x.ko"
	[ "$(stat -c %a "$store/$k/lp-x.ko")" = 644 ]
	inside list
	output_has "lp_x ($k)"
}

@test "install without -k is for the running kernel" {
	patch "$root/lp-y.ko"
	inside install lp-y.ko
	[ "$status" -eq 0 ]
	[ "$(installed)" = "./$release ./$release/lp-y.ko " ]
	inside install lp-x.ko
	[ "$status" -eq 1 ]
	output_has "invalid module version $k for kernel $release"
}

@test "install --rebuild rebuilds the initramfs of that kernel, and passes its failure on" {
	stub usr/lib/kpatch-early/rebuild
	inside install -k "$k" --rebuild lp-x.ko
	[ "$status" -eq 0 ]
	[ "$(cat "$root/called")" = "rebuild $k" ]
	inside uninstall -k "$k" --rebuild lp-x
	[ "$(tail -n 1 "$root/called")" = "rebuild $k" ]
	echo 'exit 1' >>"$root/usr/lib/kpatch-early/rebuild"
	inside install -k "$k" --rebuild lp-x.ko
	[ "$status" -eq 1 ]
	output_has "the store is changed, but the initramfs for $k is not rebuilt"
	[ "$(installed)" = "./$k ./$k/lp-x.ko " ]
	# The very same file again: the initramfs may lack it yet.
	rm "$root/called"
	inside install -k "$k" lp-x.ko
	[ "$status" -eq 0 ]
	[ "$output" = "kpatch-early: install: lp-x.ko is already installed, as /var/lib/kpatch/$k/lp-x.ko: the very same file" ]
	[ ! -e "$root/called" ]
	inside install -k "$k" --rebuild lp-x.ko
	[ "$status" -eq 1 ]
	[ "$(cat "$root/called")" = "rebuild $k" ]
	# Nothing changed: nothing to rebuild.
	rm "$root/called"
	inside uninstall -k "$k" --rebuild lp-none
	[ ! -e "$root/called" ]
}

@test "what is no patch for that kernel is refused, and leaves no trace" {
	module "$root/plain.ko" name=plain "vermagic=$k SMP "
	echo garbage >"$root/garbage.ko"
	mkdir "$root/folder.ko"
	cp "$root/lp-x.ko" "$root/lp-x"
	cp "$root/lp-x.ko" "$root/-x.ko"
	while read -r name reason; do
		inside install -k "$k" "$name"
		[ "$status" -eq 1 ]
		output_has "$reason"
		[ ! -e "$store" ]
	done <<-END
		gone.ko gone.ko doesn't exist
		plain.ko not a live patch
		garbage.ko not a whole ELF module
		folder.ko folder.ko isn't a .ko file
		lp-x lp-x isn't a .ko file
		./-x.ko must begin with a letter or a digit
	END
	inside install -k 6.2 lp-x.ko
	[ "$status" -eq 1 ]
	output_has "invalid module version $k for kernel 6.2"
	[ ! -e "$store" ]
}

@test "a second patch of one name is refused, whatever its spelling, and the first stays" {
	inside install -k "$k" lp-x.ko
	before=$(sum "$store/$k/lp-x.ko")
	module "$root/other/lp_x.ko" name=lp_x livepatch=Y "vermagic=$k " other=content
	module "$root/other/renamed.ko" name=lp_x livepatch=Y "vermagic=$k " other=content
	for name in other/lp_x.ko other/renamed.ko; do
		inside install -k "$k" "$name"
		[ "$status" -eq 1 ]
		output_has "$name is already installed, as /var/lib/kpatch/$k/lp-x.ko"
	done
	[ "$(installed)" = "./$k ./$k/lp-x.ko " ]
	[ "$(sum "$store/$k/lp-x.ko")" = "$before" ]
}

@test "of several files the good ones are installed, and the exit status tells of the others" {
	patch "$root/lp-y.ko" "$k"
	inside install -k "$k" lp-x.ko gone.ko lp-y.ko
	[ "$status" -eq 1 ]
	[ "$(installed)" = "./$k ./$k/lp-x.ko ./$k/lp-y.ko " ]
}

@test "uninstall takes any spelling of the name, and removes empty folders" {
	for name in lp-x lp_x lp-x.ko lp_x.ko; do
		inside install -k "$k" lp-x.ko
		inside uninstall -k "$k" "$name"
		[ "$status" -eq 0 ]
		[ "${lines[0]}" = "uninstalling $name ($k)" ]
		[ ! -e "$store" ]
	done
	# With both spellings there, the exact one goes.
	patch "$store/$k/lp-x.ko" "$k"
	patch "$store/$k/lp_x.ko" "$k"
	inside uninstall -k "$k" lp_x.ko
	[ "$(installed)" = "./$k ./$k/lp-x.ko " ]
	rm -r "$store"
	patch "$store/$k/lp_y.ko" "$k"
	xz "$store/$k/lp_y.ko"
	patch "$store/6.2/lp_z.ko" 6.2
	inside uninstall -k "$k" lp-y
	[ "$(installed)" = "./6.2 ./6.2/lp_z.ko " ]
}

@test "uninstall takes the name that a module gives itself, unless a file has that name" {
	module "$root/renamed.ko" name=lp_original livepatch=Y "vermagic=$k SMP "
	for name in lp_original lp-original.ko renamed; do
		inside install -k "$k" lp-x.ko renamed.ko
		inside uninstall -k "$k" $name
		[ "$status" -eq 0 ]
		[ "${lines[0]}" = "uninstalling $name ($k)" ]
		[ "$(installed)" = "./$k ./$k/lp-x.ko " ]
		rm -r "$store"
	done
	inside install -k "$k" renamed.ko
	module "$store/$k/lp-original.ko" name=lp_third livepatch=Y "vermagic=$k SMP "
	inside uninstall -k "$k" lp_original
	[ "$(installed)" = "./$k ./$k/renamed.ko " ]
	inside uninstall -k "$k" lp_third
	[ "$status" -eq 1 ]
	output_has "uninstall: lp_third is not installed for kernel $k"
}

@test "uninstall says that what is in force stays so until the next boot" {
	patch "$store/$release/lp-y.ko"
	patch "$store/$release/lp-z.ko"
	enabled lp_y
	inside uninstall lp-y
	output_has "the running kernel stays patched by lp_y until the next boot"
	inside uninstall lp-z
	[[ $output != *"stays patched"* ]]
}

@test "uninstall of what is not there, or of a path, changes nothing" {
	inside uninstall -k "$k" lp-x
	[ "$status" -eq 1 ]
	output_has "lp-x is not installed for kernel $k"
	inside install -k "$k" lp-x.ko
	inside uninstall lp-x
	[ "$status" -eq 1 ]
	[ "$output" = "kpatch-early: uninstall: lp-x is not installed for kernel $release, but for $k: uninstall -k" ]
	patch "$store/6.9/lp_x.ko" 6.9
	inside uninstall lp-x.ko
	[ "$output" = "kpatch-early: uninstall: lp-x.ko is not installed for kernel $release, but for $k, 6.9: uninstall -k" ]
	rm -r "$store/6.9"
	inside uninstall -k "$k" "../$k/lp-x.ko"
	[ "$status" -eq 1 ]
	output_has "please supply patch module name without path"
	[ "$(installed)" = "./$k ./$k/lp-x.ko " ]
}

@test "install enables kpatch.service where it is disabled, and only there" {
	for word in enabled "" disabled; do
		rm -rf "$root/called" "$store"
		stub usr/bin/systemctl "$word"
		inside install -k "$k" lp-x.ko
		[ "$status" -eq 0 ]
		if [ "$word" = disabled ]; then
			grep -q "^systemctl enable kpatch.service$" "$root/called"
			output_has "the next boot loads each installed patch, not this one alone"
		else
			[ "$(sort -u "$root/called")" = "systemctl --root=/ is-enabled kpatch.service" ]
		fi
	done
	rm -rf "$store"
	stub usr/bin/systemctl masked
	echo 'exit 1' >>"$root/usr/bin/systemctl"
	inside install -k "$k" lp-x.ko
	[ "$status" -eq 0 ]
	output_has "kpatch.service is masked: as long as that is so, no patch gets into an initramfs"
	rm -rf "$store"
	echo follow_kpatch_service=no >"$root/etc/kpatch-early/kpatch-early.conf"
	inside install -k "$k" lp-x.ko
	[[ $output != *masked* ]]
	rm -rf "$store"
	echo enabled=no >"$root/etc/kpatch-early/kpatch-early.conf"
	inside install -k "$k" lp-x.ko
	output_has "enabled=no in /etc/kpatch-early/kpatch-early.conf: as long as that is so"
}

@test "a signal while it waits for the lock does no harm, and a lock that cannot be had is an error" {
	locking() { run within strace -qq -o "$BATS_TEST_TMPDIR/strace" -e "inject=flock:error=$1:when=1" \
		chroot "$root" /usr/sbin/kpatch-early "${@:2}" -k "$k"; }
	locking EINTR install lp-x.ko
	[ "$status" -eq 0 ]
	locking EINTR uninstall lp-x.ko
	[ "$status" -eq 0 ]
	grep -q INJECTED "$BATS_TEST_TMPDIR/strace"
	locking ENOLCK install lp-x.ko
	[ "$status" -eq 1 ]
	output_has "install: lp-x.ko: /var/lib/kpatch: No locks available; it is not installed"
	inside install -k "$k" lp-x.ko
	locking ENOLCK uninstall lp-x.ko
	[ "$status" -eq 1 ]
	output_has "uninstall: lp-x.ko: /var/lib/kpatch: No locks available; it stays installed"
	[ -e "$store/$k/lp-x.ko" ]
}

@test "a store that is a link to nowhere is an error" {
	mkdir -p "$root/var/lib"
	ln -s /nowhere "$store"
	inside install -k "$k" lp-x.ko
	[ "$status" -eq 1 ]
	output_has "lp-x.ko: /var/lib/kpatch is gone at each try to lock it; nothing is changed"
}

@test "a file that is larger than a module may be is not installed" {
	truncate -s 67108865 "$root/lp-x.ko"
	inside install -k "$k" lp-x.ko
	[ "$status" -eq 1 ]
	output_has "it cannot be copied to /var/lib/kpatch/$k: it is larger than the limit; it is not installed"
	[ ! -e "$store" ]
}

@test "a compressed patch has its own name, too" {
	mkdir -p "$store/$k"
	gzip -c "$root/lp-x.ko" >"$store/$k/other-name.ko.gz"
	ln -s busybox "$root/bin/gzip"
	inside install -k "$k" lp-x.ko
	[ "$status" -eq 1 ]
	output_has other-name.ko.gz
	inside uninstall -k "$k" lp-x
	[ "$status" -eq 0 ]
	[ "$(installed)" = "" ]
	inside install -k "$k" lp-x.ko
	[ "$status" -eq 0 ]
}

@test "bad usage: exit status 2" {
	for words in install uninstall "install -k" "install -k a/b lp-x.ko" "uninstall --wrong x" "install -k .. lp-x.ko"; do
		inside $words
		[ "$status" -eq 2 ]
		output_has "nothing was done"
	done
}

# The calls of one run: NAME NUMBER a line. Without thread-local storage no program starts at all,
# and a close that fails has closed all the same, which strace's does not.
calls() {
	awk '/^execve/ { programs++ } /^[a-z_0-9]+\(/ { name = $0; sub(/\(.*/, "", name); number[name]++
		if (programs == 2 && name !~ /^(execve|arch_prctl|close|exit.*)$/) print name, number[name] }' "$1"
}

@test "each system call of install fails in turn: nothing is lost, nothing is half there" {
	patch "$root/lp-old.ko" "$k"
	inside install -k "$k" lp-old.ko
	old=$(sum "$root/lp-old.ko") new=$(sum "$root/lp-x.ko")
	within strace -qq -e signal=none -o "$BATS_TEST_TMPDIR/good" chroot "$root" /usr/sbin/kpatch-early install -k "$k" lp-x.ko
	[ -e "$store/$k/lp-x.ko" ]
	tried=0 failed=0
	while read -r call number; do
		rm -f "$store/$k"/lp-x.ko*
		run within strace -qq -o "$BATS_TEST_TMPDIR/bad" -e "inject=$call:error=EIO:when=$number" \
			chroot "$root" /usr/sbin/kpatch-early install -k "$k" lp-x.ko
		tried=$((tried + 1))
		[ "$(sum "$store/$k/lp-old.ko")" = "$old" ]
		if [ -e "$store/$k/lp-x.ko" ]; then
			[ "$(sum "$store/$k/lp-x.ko")" = "$new" ]
		else
			failed=$((failed + 1))
			[ "$status" -ne 0 ]
			[ -n "$output" ] || { echo "silent after $call number $number"; false; }
		fi
		[ "$call" = unlink ] || [ ! -e "$store/$k/lp-x.ko.tmp" ]
	done < <(calls "$BATS_TEST_TMPDIR/good")
	[ "$tried" -gt 30 ]
	[ "$failed" -gt 10 ]
}

@test "a run killed at any call leaves the old, the new, or what the next run removes" {
	patch "$root/lp-old.ko" "$k"
	inside install -k "$k" lp-old.ko
	old=$(sum "$root/lp-old.ko") new=$(sum "$root/lp-x.ko")
	within strace -qq -e signal=none -o "$BATS_TEST_TMPDIR/good" chroot "$root" /usr/sbin/kpatch-early install -k "$k" lp-x.ko
	while read -r call number; do
		rm -f "$store/$k"/lp-x.ko
		run within strace -qq -o "$BATS_TEST_TMPDIR/bad" -e "inject=$call:signal=KILL:when=$number" \
			chroot "$root" /usr/sbin/kpatch-early install -k "$k" lp-x.ko
		[ "$(sum "$store/$k/lp-old.ko")" = "$old" ]
		[ ! -e "$store/$k/lp-x.ko" ] || [ "$(sum "$store/$k/lp-x.ko")" = "$new" ]
		[ -e "$store/$k/lp-x.ko" ] || inside install -k "$k" lp-x.ko
		[ "$(sum "$store/$k/lp-x.ko")" = "$new" ]
		[ "$(installed)" = "./$k ./$k/lp-old.ko ./$k/lp-x.ko " ]
	done < <(calls "$BATS_TEST_TMPDIR/good")
}

@test "8 processes install and uninstall at once, 1000 rounds: never a torn file" {
	mkdir "$root/other"
	module "$root/other/lp-x.ko" name=lp_x livepatch=Y "vermagic=$k " other=content
	one=$(sum "$root/lp-x.ko") two=$(sum "$root/other/lp-x.ko")
	cat >"$root/worker" <<-END
		i=0
		while [ \$i -lt 125 ]; do
			i=\$((i + 1))
			kpatch-early install -k $k \$1 >>/said 2>&1
			[ \$? -le 1 ] || echo "install ended with \$?" >>/wrong
			kpatch-early uninstall -k $k lp_x >>/said 2>&1
			[ \$? -le 1 ] || echo "uninstall ended with \$?" >>/wrong
		done
	END
	for worker in 1 2 3 4; do
		for file in lp-x.ko other/lp-x.ko; do
			within chroot "$root" /bin/busybox env PATH=/usr/sbin:/bin sh /worker $file 3>&- &
		done
	done
	while [ -n "$(jobs -r)" ]; do
		digest=$(sum "$store/$k/lp-x.ko" 2>/dev/null)
		[ -n "$digest" ] || continue	# it was not there
		[ "$digest" = "$one" ] || [ "$digest" = "$two" ]
	done
	[ ! -e "$root/wrong" ]
	[ "$(grep -c '^installing' "$root/said")" -gt 100 ]
	[ "$(grep -c '^installing' "$root/said")" -eq "$(grep -c '^uninstalling' "$root/said")" ]
	run grep -v -e '^installing' -e '^uninstalling' -e 'is already installed' -e 'is not installed for kernel' \
		-e 'once the initramfs' "$root/said"
	[ -z "$output" ]
	[ ! -e "$store" ]
}
