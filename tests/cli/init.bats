#!/usr/bin/env -S bats --tap
# The program as PID 1 of a namespace of its own, in a fake root with BusyBox. No root has a
# manifest, so nothing is ever loaded.

load helpers

setup() {
	root=$BATS_TEST_TMPDIR/root
	mkdir -p "$root"/{bin,sbin,usr/sbin,etc,dev,proc/self,sys/kernel,run,p}
	cp /bin/busybox "$root/bin/"
	for applet in sh cat ls; do ln -s busybox "$root/bin/$applet"; done
	install -m 755 "$early" "$root/usr/sbin/"
	mknod -m 666 "$root/dev/null" c 1 3
	: >"$root/dev/kmsg"
	words quiet
	status_file=$root/run/kpatch-early/status
	# A /proc beside the fake one, that both an init with and one without us can look into.
	before='mount -t proc proc "$0/p" && mount -t tmpfs run "$0/run"' given=() outer=()
}

# words WORD...: the kernel command line
words() { echo "$*" >"$root/proc/cmdline"; }

# says PATH [TEXT]: an init that says TEXT, by default its path, and what it was given
says() {
	mkdir -p "$(dirname "$root$1")"
	printf '#!/bin/busybox sh\necho "%s: $*"\n' "${2:-$1}" >"$root$1"
	chmod 755 "$root$1"
}

# as_pid_1 PROGRAM WORD...: in $root, with $given around it, after $before, below $outer
as_pid_1() {
	run timeout -k 5 300 "${outer[@]}" unshare --pid --fork --mount --kill-child \
		sh -c "exec 3>&-; $before"' && exec "$@"' "$root" "${given[@]}" "$(command -v chroot)" "$root" "$@"
}

# as_the_first: with what only the kernel's first PID namespace has, kthreadd: PID 2, in no group of its own
as_the_first() { before="sleep 600 & $before"; }

boots() { as_pid_1 /usr/sbin/kpatch-early "$@"; }

# injects RULE: with the result of system calls replaced by strace, which stays out of the way as
# PID 1's grandchild
injects() { given=(strace -D -f -qq -o /dev/null -e "trace=${1%%:*}" -e "inject=$1"); }

log_has() {
	grep -q -e "$1" "$root/dev/kmsg" || {
		cat "$root/dev/kmsg"
		echo "$output"
		return 1
	}
}

# same INIT WORD...: what INIT prints is the same whether the kernel or the program executed it
same() {
	local direct
	as_pid_1 "$@"
	[ "$status" -eq 0 ]
	direct=$output
	words "kpatch.init=$1"
	: >"$root/dev/kmsg"
	boots "${@:2}"
	[ "$status" -eq 0 ]
	log_has 'nothing: 0 of 0'
	[ -n "$direct" ]
	[ "$(still <<<"$direct")" = "$(still <<<"$output")" ] || {
		diff <(still <<<"$direct") <(still <<<"$output")
		return 1
	}
}

# Without what differs from one run to the next.
still() { sed -E '/^(Vm|SigQ|Rss|Hugetlb|.*ctxt_switches|Cpus|Mems|x86_Thread)/d; s/.* ([0-9]+ -> )/\1/; s/(pipe:).*/\1/'; }

@test "init finds its arguments, environment, signals, umask and limits as the kernel gave them" {
	for around in "env -i" "env -i HOME=/ TERM=linux kpatch=x" "env --block-signal --ignore-signal=CHLD" \
		"env --ignore-signal=PIPE,CHLD,USR1" "env --block-signal=CHLD,TERM" "setsid" \
		"prlimit --nofile=100:200"; do
		given=($around)
		same /bin/cat /p/self/status /p/self/cmdline /p/self/environ /p/self/limits
	done
	given=(sh -c 'umask 077; exec "$@"' sh)
	same /bin/cat /p/self/status
	output_has "Umask:	0077"
	output_has "PPid:	0"
	as_the_first
	same /bin/cat -n -- /p/self/cmdline
}

@test "init finds the descriptors as the kernel gave them, closed ones too" {
	as_the_first
	exec 0</dev/null
	same /bin/ls -l /p/self/fd
	for streams in '<&-' '<&- 2>&-' '7</dev/null 9>&1' '2>&- 5<&0'; do
		given=(sh -c 'exec "$@" '"$streams" sh)
		same /bin/ls -l /p/self/fd
	done
	# Not even the first three, as where there is no /dev/console.
	given=(sh -c 'exec "$@" <&- >&- 2>&-' sh)
	words quiet
	printf '#!/bin/busybox sh\nbusybox ls -l /p/1/fd >/p1\n' >"$root/sbin/init"
	chmod 755 "$root/sbin/init"
	as_pid_1 /sbin/init
	still <"$root/p1" >"$BATS_TEST_TMPDIR/direct"
	rm "$root/p1"
	boots
	still <"$root/p1" | cmp - "$BATS_TEST_TMPDIR/direct"
}

@test "init finds no child and no zombie but those that were there" {
	given=(sh -c 'sleep 600 & until grep -q sleep "$0/p/$!/comm"; do :; done; exec "$@"' "$root")
	printf '#!/bin/busybox sh\nbusybox grep -h "^Name:.sleep\|^Name:.kpatch\|^State:.Z" /p/[0-9]*/status 2>/dev/null\nexit 0' >"$root/sbin/init"
	chmod 755 "$root/sbin/init"
	same /sbin/init
	[ "$output" = "Name:	sleep" ]
}

@test "no terminal is taken, no session made, and no descriptor left for the next init" {
	outer=(strace -f -o "$BATS_TEST_TMPDIR/strace" -e trace=execve,open,openat,setsid,setpgid,ioctl)
	says /sbin/init
	boots
	[ "$status" -eq 0 ]
	sed -n '/execve("\/usr\/sbin\/kpatch-early"/,/execve("\/sbin\/init"/p' "$BATS_TEST_TMPDIR/strace" >"$BATS_TEST_TMPDIR/ours"
	grep -q 'open.*/dev/kmsg.*O_NOCTTY.*O_CLOEXEC' "$BATS_TEST_TMPDIR/ours"
	[ -z "$(grep -E 'setsid|setpgid|ioctl' "$BATS_TEST_TMPDIR/ours")" ]
	! grep -E 'open(at)?\(' "$BATS_TEST_TMPDIR/ours" | grep -v -e O_CLOEXEC -e '"/dev/null", O_RDWR'
}

@test "its words are init's, never verbs of ours" {
	says /sbin/init
	as_the_first
	for given_words in "--help" "apply --root /nowhere" "single" "--version" "status" ""; do
		boots $given_words
		[ "$output" = "/sbin/init: $given_words" ]
	done
}

@test "as the first process of a container, a verb is a verb" {
	says /sbin/init
	before='mount -t proc proc "$0/proc"'
	boots --version
	[[ $output == "kpatch-early "* ]]
	boots list
	output_has "list: it is a verb of the host program; nothing was done"
	boots word
	[ "$output" = "/sbin/init: word" ]
	install -m 755 "$program" "$root/usr/sbin/"
	boots list
	[[ $output == "Loaded patch modules:"* ]]
	boots word
	[ "$output" = "/sbin/init: word" ]
}

@test "a verb is a verb in a container without /proc, whose own PID 2 has a group" {
	says /sbin/init
	rm -r "$root/proc"
	grouped=': >"$0/run/g"; setsid sh -c '"'echo >\"\$0/run/g\"; exec sleep 600'"' "$0" & until [ -s "$0/run/g" ]; do :; done'
	for before in true "$grouped"; do
		boots list
		output_has "list: it is a verb of the host program; nothing was done"
		boots --version
		[[ $output == "kpatch-early "* ]]
		boots word
		[ "$output" = "/sbin/init: word" ]
		[ ! -e "$root/proc" ]
	done
}

@test "without /proc, where PID 2 is as kthreadd, a verb is init's" {
	says /sbin/init
	rm -r "$root/proc"
	as_the_first
	for words in list status --version; do
		boots $words
		[ "$output" = "/sbin/init: $words" ]
	done
}

@test "the kernel's own list, in its order, outside of an initramfs" {
	says /init
	as_the_first
	for init in /bin/init /etc/init /sbin/init; do
		boots -c 'echo /bin/sh:' "a b" ""
		[ "$status" -eq 0 ]
		[ "$output" = "${last:-/bin/sh:}" ]
		says "$init"
		last="$init: -c echo /bin/sh: a b "
	done
	[ "$(grep -c 'cannot be executed' "$root/dev/kmsg")" -eq 0 ]
}

# in_memory: the root is copied into a tmpfs, as an initramfs is one
in_memory() {
	memory=$BATS_TEST_TMPDIR/memory
	mkdir "$memory"
	before='mount -t tmpfs memory '"$memory && cp -a $root/. $memory && root=$memory && $before"
}

# The root that PID 1 gets is the copy.
boots_in_memory() {
	run timeout -k 5 300 unshare --pid --fork --mount --kill-child \
		sh -c "exec 3>&-; $before"' && exec "$@"' "$memory" chroot "$memory" /usr/sbin/kpatch-early "$@"
}

@test "/init comes first in an initramfs" {
	says /sbin/init
	in_memory
	boots_in_memory x
	[ "$output" = "/sbin/init: x" ]
	says /init
	boots_in_memory x
	[ "$output" = "/init: x" ]
	says /other
	words kpatch.init=/other
	boots_in_memory x
	[ "$output" = "/other: x" ]
}

@test "kpatch.init= is executed; one that cannot be is told, and the next is" {
	says /sbin/init
	says /opt/init
	words kpatch.init=/nowhere kpatch.init=/opt/init
	boots x
	[ "$output" = "/opt/init: x" ]
	: >"$root/text"
	chmod 755 "$root/text"
	: >"$root/unexecutable"
	ln -s usr/sbin/kpatch-early "$root/link"
	says /script
	sed -i 's,busybox,nobox,' "$root/script"
	while read -r path reason; do
		words "kpatch.init=$path"
		boots x
		[ "$status" -eq 0 ]
		[ "$output" = "/sbin/init: x" ]
		log_has "^<27>kpatch-early: kpatch.init=$path cannot be executed: $reason; the boot goes on"
	done <<-END
		/nowhere it is missing
		opt/init it is not an absolute path
		/text it is not a program
		/script its interpreter is missing
		/unexecutable Permission denied
		/opt Permission denied
		/usr/sbin/kpatch-early it is kpatch-early itself
		/link it is kpatch-early itself
	END
}

@test "it never executes itself, by whatever name" {
	ln -s ../usr/sbin/kpatch-early "$root/sbin/init"
	ln "$root/usr/sbin/kpatch-early" "$root/etc/init"
	says /bin/init
	boots x
	[ "$output" = "/bin/init: x" ]
	as_pid_1 /sbin/init x
	[ "$output" = "/bin/init: x" ]
	# With the real /proc too, which tells better than argv[0].
	rm -r "$root/proc"
	boots x
	[ "$output" = "/bin/init: x" ]
}

@test "without standard error the kernel log, which then is descriptor 2, gets its levels all the same" {
	says /sbin/init
	words kpatch.init=/nowhere
	given=(sh -c 'exec "$@" 2>&-' sh)
	boots x
	[ "$output" = "/sbin/init: x" ]
	log_has "^<27>kpatch-early: kpatch.init=/nowhere cannot be executed: it is missing"
}

@test "a usual init that is there and cannot be executed is told" {
	mkdir "$root/sbin/init"
	says /etc/init
	boots x
	[ "$output" = "/etc/init: x" ]
	log_has "/sbin/init cannot be executed: Permission denied"
}

@test "nothing to execute: said to everyone, and the end, which is the kernel's panic" {
	rm "$root/bin/sh"
	words kpatch.init=/nowhere
	boots
	[ "$status" -eq 1 ]
	[[ $output == "kpatch-early: no init can be executed; try kpatch.init=PATH"* ]]
	log_has '^<24>kpatch-early: no init can be executed; '
	log_has 'kpatch.init=/nowhere cannot be executed'
}

@test "an apply that is killed is told, and the boot goes on" {
	says /sbin/init
	for signal in SEGV KILL; do
		: >"$root/dev/kmsg"
		injects "rename:signal=$signal"
		boots x
		[ "$status" -eq 0 ]
		[ "$output" = "/sbin/init: x" ]
		log_has "^<27>kpatch-early: apply was ended by signal $(kill -l $signal); "
	done
}

@test "no memory for a child: told, nothing is loaded, and the boot goes on" {
	says /sbin/init
	injects clone:error=ENOMEM:when=1
	boots x
	[ "$output" = "/sbin/init: x" ]
	log_has 'apply cannot be started: '
	! grep -q 'nothing: 0 of 0' "$root/dev/kmsg"
}

# An init that shows what is there.
shows() {
	cat >"$root/sbin/init" <<-'END'
		#!/bin/busybox sh
		echo / /*
		busybox mount -t proc proc /p
		busybox sed 's/^/mount /' /p/mounts
		cat /run/kpatch-early/status
	END
	chmod 755 "$root/sbin/init"
}

@test "in an empty initramfs: what it mounted and made is gone again, but /run with the status" {
	rm -r "$root"/{dev,proc,sys,run}
	shows
	before=true
	in_memory
	boots_in_memory
	[ "$status" -eq 0 ]
	output_has "/ /bin /etc /p /run /sbin /usr"
	[ "$(grep '^mount' <<<"$output" | cut -d' ' -f3)" = $'/\n/run\n/p' ]
	output_has " /run tmpfs rw,nosuid,nodev"
	output_has "state=nothing"
}

@test "what is mounted already, or has its nodes, is left alone" {
	rm -r "$root"/{proc/self,sys/kernel}
	shows
	before='mount -t proc first "$0/proc" && mount -t sysfs second "$0/sys" &&
		mount -t tmpfs third "$0/run" && : >"$0/run/mine"'
	boots
	output_has "/ /bin /dev /etc /p /proc /run /sbin /sys /usr"
	[ "$(grep '^mount' <<<"$output" | grep -v ' /p ' | cut -d' ' -f2,3 | grep -v ' /$')" = \
		$'first /proc\nsecond /sys\nthird /run' ]
	output_has "state=nothing"
}

@test "a node in /dev is enough, the kernel's own console is not" {
	rm "$root"/dev/*
	: >"$root/dev/console"
	cp /bin/busybox "$root/bin/"
	printf '#!/bin/busybox sh\necho /dev/*\n' >"$root/sbin/init"
	chmod 755 "$root/sbin/init"
	outer=(strace -f -o "$BATS_TEST_TMPDIR/strace" -e trace=mount,umount2)
	boots
	[ "$output" = "/dev/console" ]
	grep -q 'mount("devtmpfs", "/dev", "devtmpfs", MS_NOSUID|MS_NOEXEC' "$BATS_TEST_TMPDIR/strace"
	grep -q 'umount2("/dev", MNT_DETACH' "$BATS_TEST_TMPDIR/strace"
	! grep -q 'umount2("/run"' "$BATS_TEST_TMPDIR/strace"
}

@test "a read-only root without /proc: told, disabled, and the boot goes on" {
	rm -r "$root/proc"
	shows
	mkdir "$root/proc2"
	before='mount -t tmpfs log "$0/dev" && cp -a /dev/null "$0/dev/" && : >"$0/dev/kmsg" &&
		mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && mount -t tmpfs log "$0/dev" &&
		cp -a /dev/null "$0/dev/" && : >"$0/dev/kmsg"'
	echo 'cat /dev/kmsg' >>"$root/sbin/init"
	boots
	[ "$status" -eq 0 ]
	output_has "<28>kpatch-early: /proc cannot be mounted: Read-only file system; the boot goes on"
	output_has "state=disabled"
	output_has "the kernel command line cannot be read"
	rmdir "$root/run"
	boots
	output_has "/run cannot be mounted: Read-only file system"
	output_has "/run/kpatch-early/status cannot be written"
}

@test "a folder that nothing could be mounted on is removed again" {
	rm -r "$root/sys"
	shows
	injects mount:error=ENODEV:when=1
	boots
	[ "$status" -eq 0 ]
	log_has "/sys cannot be mounted: No such device"
	[ ! -e "$root/sys" ]
}

@test "kpatch.disable=1 disables here too, and init runs" {
	shows
	words kpatch.disable=1 kpatch.init=/sbin/init
	boots
	output_has "state=disabled"
}
