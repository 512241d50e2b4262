#!/usr/bin/env -S bats --tap
# apply against fake roots: what it reads, refuses and writes.

load helpers

# bats keeps the exit status in $status, so the file's name goes by another.
setup() {
	fake_root
}

@test "without a manifest there is nothing to do" {
	apply
	[ "$status" -eq 0 ]
	file_has 'state=nothing'
	file_has 'reason="there is no manifest"'
}

@test "the status file has its lines in their order" {
	line lp-a.ko
	injected finit_module:error=ENOEXEC
	[ "$status" -eq 1 ]
	[ "$(sed 's/=.*//' "$file" | tr '\n' ' ')" = "version verdict kernel state reason guard patch " ]
	[ "$(head -n 1 "$file")" = "version=1" ]
	file_has "kernel=$release"
	file_has '^patch=lp_a outcome=failed ms=[0-9]* step=load reason=".*"$'
}

@test "what a patch fixes stands in its line of the status file, and the early program tells it" {
	line lp_a.ko fixes=CVE-2026-0001,CVE-2026-0002
	line lp_b.ko
	apply
	[ "$status" -eq 1 ]
	file_has '^patch=lp_a outcome=failed .* reason="[^"]*" fixes=CVE-2026-0001,CVE-2026-0002$'
	file_has '^patch=lp_b outcome=failed .* reason="[^"]*"$'
	mkdir -p "$root/usr/sbin"
	cp "$top/build/early/kpatch-early" "$root/usr/sbin/"
	run chroot "$root" /usr/sbin/kpatch-early status
	[ "$status" -eq 0 ]
	grep -q '^patch   lp_a failed .*; fixes CVE-2026-0001,CVE-2026-0002$' <<<"$output"
	echo "$release lp_c.ko sha256=$(printf '0%.0s' {1..64}) fixes=a,,b" >>"$manifest"
	apply
	[ "$status" -eq 2 ]
	file_has 'line 3: fixes= needs words of letters, digits, . and - with commas between'
}

@test "a manifest for another kernel only: nothing" {
	echo "6.0-other a.ko sha256=$(printf '%064d' 0)" >"$manifest"
	apply
	[ "$status" -eq 0 ]
	file_has 'state=nothing'
}

@test "a wrong manifest: nothing is loaded, line and reason are told, exit status 2" {
	line lp_a.ko
	echo "$release lp_b.ko" >>"$manifest"
	injected finit_module:retval=0
	[ "$status" -eq 2 ]
	file_has 'state=failed'
	file_has 'manifest line 2: sha256= is missing'
	! grep -q ^patch= "$file"
}

@test "a manifest that cannot be read: exit status 2" {
	mkdir "$manifest"
	apply
	[ "$status" -eq 2 ]
	file_has 'state=failed'
}

@test "a manifest that is a link which leads nowhere is not an absent one: exit status 2" {
	line lp_a.ko
	for part in manifest.add manifest; do
		ln -sf nowhere "$root/etc/kpatch-early/$part"
		injected finit_module:retval=0
		[ "$status" -eq 2 ]
		file_has 'state=failed'
		file_has "/etc/kpatch-early/$part: it is a link that leads nowhere"
		[ -z "$(grep ^patch= "$file")" ]
		rm "$root/etc/kpatch-early/$part"
	done
	apply
	[ "$status" -eq 0 ]
}

# manifest_refused REASON
manifest_refused() {
	injected finit_module:retval=0
	[ "$status" -eq 2 ]
	file_has "/etc/kpatch-early/manifest: $1\"\$"
	[ -z "$(grep ^patch= "$file")" ]
}

@test "a manifest that is not root's, or that others can write, is not used: exit status 2" {
	line lp_a.ko
	for mode in g+w o+w; do
		chmod go-w,$mode "$manifest"
		manifest_refused "it can be written by others than root"
	done
	chown 1000 "$manifest"
	manifest_refused "it is owned by uid 1000; it must be root's"
}

# add NAME FILE OPTION...: moves FILE's line, made by line, to the overlay's manifest
add() {
	mv "$manifest" "$manifest.base"
	line "$@"
	mv "$manifest" "$manifest.add"
	mv "$manifest.base" "$manifest"
}

@test "an overlay's line for a module of the base's takes the place of that line" {
	line lp-a.ko
	line lp_b.ko
	add lp_a.ko
	apply --dry-run
	[ "$status" -eq 0 ]
	[ "$(grep -c ^patch= <<<"$output")" -eq 2 ]
	# The base's file is not asked about, and the order stays.
	rm "$baked/$release/lp-a.ko"
	injected finit_module:error=ENOEXEC
	[ "$(sed -n 's/^patch=\([^ ]*\) .*step=\([^ ]*\) .*/\1 \2/p' "$file" | tr '\n' ,)" = "lp_a load,lp_b load," ]
	: >"$manifest.add"
	apply --dry-run
	[ "$status" -eq 1 ]
	output_has 'patch=lp_a outcome=failed'
}

@test "what the base requires stays required, and what it disables the overlay may enable" {
	line lp_b.ko
	enabled lp_b
	line lp_a.ko required
	add lp_a.ko
	rm "$baked/$release/lp_a.ko"
	injected finit_module:retval=0
	[ "$status" -eq 1 ]
	file_has 'state=failed'
	file_has 'a required one among them'
	rm "$manifest" "$manifest.add"
	line lp_a.ko disabled
	apply --dry-run
	output_has 'patch=lp_a outcome=skipped'
	add lp_a.ko
	apply --dry-run
	output_has 'patch=lp_a outcome=applied'
	add lp_a.ko disabled
	sed -i 's/ disabled//' "$manifest"
	apply --dry-run
	output_has 'patch=lp_a outcome=skipped'
}

@test "a manifest of 100000 lines: exit status 2" {
	seq -f "6.0 m%.0f.ko sha256=$(printf '%064d' 0)" 100000 >"$manifest"
	apply
	[ "$status" -eq 2 ]
	file_has 'state=failed'
}

@test "256 patches for one kernel are tried, one more is refused" {
	seq -f "$release m%.0f.ko sha256=$(printf '%064d' 0)" 256 >"$manifest"
	apply
	[ "$status" -eq 1 ]
	[ "$(grep -c ^patch= "$file")" -eq 256 ]
	echo "$release last.ko sha256=$(printf '%064d' 0)" >>"$manifest"
	apply
	[ "$status" -eq 2 ]
	file_has 'more than 256 patches'
}

@test "kpatch.disable=1 disables, and says so" {
	line lp_a.ko
	echo "quiet kpatch.disable=1" >"$root/proc/cmdline"
	injected finit_module:retval=0
	[ "$status" -eq 0 ]
	file_has 'state=disabled'
	file_has 'reason="kpatch.disable on the kernel command line"'
	grep -q '^<30>kpatch-early: disabled: ' "$root/dev/kmsg"
}

@test "an unreadable command line disables" {
	line lp_a.ko
	rm "$root/proc/cmdline"
	apply
	[ "$status" -eq 0 ]
	file_has 'state=disabled'
}

@test "a command line over 64 KiB disables, one of 64 KiB is read" {
	line lp_a.ko
	head -c 65536 /dev/zero | tr '\0' x >"$root/proc/cmdline"
	apply --dry-run
	output_has 'state=applied'
	echo x >>"$root/proc/cmdline"
	apply
	file_has 'state=disabled'
}

@test "a value that is not understood disables with a warning" {
	echo "kpatch.disable=perhaps" >"$root/proc/cmdline"
	apply
	file_has 'state=disabled'
	grep -q '^<28>kpatch-early: kernel command line: .*counts as 1' "$root/dev/kmsg"
}

@test "a kdump kernel applies nothing" {
	line lp_a.ko
	echo "elfcorehdr=0x100" >"$root/proc/cmdline"
	apply
	file_has 'state=disabled'
	file_has 'reason="this is a kdump kernel (it has elfcorehdr= or /proc/vmcore)"'
	echo quiet >"$root/proc/cmdline"
	: >"$root/proc/vmcore"
	apply
	[ "$status" -eq 0 ]
	file_has 'state=disabled'
	file_has 'reason="this is a kdump kernel (it has elfcorehdr= or /proc/vmcore)"'
	rm "$root/proc/vmcore"
	apply --dry-run
	output_has 'state=applied'
}

@test "kpatch.skip= leaves a patch out, by file name or module name" {
	patch "$baked/$release/file.ko"
	module "$baked/$release/file.ko" name=lp_module livepatch=Y "vermagic=$release x"
	echo "$release file.ko sha256=$(sum "$baked/$release/file.ko")" >"$manifest"
	for word in file file.ko lp-module; do
		echo "kpatch.skip=$word" >"$root/proc/cmdline"
		injected finit_module:retval=0
		[ "$status" -eq 0 ]
		file_has 'outcome=skipped .* step=select'
		file_has 'state=nothing'
	done
}

# warned TEXT...: the kernel log has a warning with each TEXT, and no other
warned() {
	local text
	for text in "$@"; do
		[ "$(grep -cF "<28>kpatch-early: $text" "$root/dev/kmsg")" -eq 1 ] || { echo "$text"; cat "$root/dev/kmsg"; return 1; }
	done
	[ "$(grep -c '^<28>' "$root/dev/kmsg")" -eq $# ] || { cat "$root/dev/kmsg"; return 1; }
}

@test "each word of kpatch. that is none, and each value that is not understood, is told once; the rest counts" {
	line lp_a.ko
	enabled lp_a
	echo "kpatch.dissable=1 kpatch.enable=what xkpatch.y kpatch=z kpatch.keep-awake=maybe kpatch. -- kpatch.behind" >"$root/proc/cmdline"
	injected finit_module:retval=0
	file_has 'state=disabled'
	warned "kernel command line: kpatch.dissable is no word of kpatch-early: it is ignored" \
		"kernel command line: kpatch. is no word of kpatch-early: it is ignored" \
		"kernel command line: kpatch.enable= needs 1 or 0: it counts as 0" \
		"kernel command line: kpatch.keep_awake= needs 1 or 0: it counts as 0"
	echo "kpatch.dissable=1 kpatch.init=/init kpatch.keep_awake=0" >"$root/proc/cmdline"
	: >"$root/dev/kmsg"
	injected finit_module:retval=0
	file_has 'state=applied'
	warned "kernel command line: kpatch.dissable is"
	apply --dry-run
	output_has "kernel command line: kpatch.dissable is"
}

@test "a name in kpatch.skip= that no patch of this kernel has is told once" {
	patch "$baked/$release/file.ko"
	module "$baked/$release/file.ko" name=lp_module livepatch=Y "vermagic=$release x"
	echo "$release file.ko sha256=$(sum "$baked/$release/file.ko")" >"$manifest"
	line lp-b.ko
	line lp_c.ko disabled
	echo "6.1.0-none lp_other.ko sha256=$(printf '%064d' 0)" >>"$manifest"
	long=$(printf 'x%.0s' {1..200})
	echo "kpatch.skip=gone kpatch.skip=,lp-modul.ko,lp_other,lp-module.ko,,lp_b,lp_c.ko,$long," >"$root/proc/cmdline"
	injected finit_module:retval=0
	file_has 'state=nothing'
	warned "kernel command line: kpatch.skip=lp-modul.ko names no patch of this kernel: it leaves out nothing" \
		"kernel command line: kpatch.skip=lp_other names no patch of this kernel: it leaves out nothing" \
		"kernel command line: kpatch.skip=$long names no patch of this kernel: it leaves out nothing"
	echo "kpatch.skip=file" >"$root/proc/cmdline"
	: >"$root/dev/kmsg"
	injected finit_module:retval=0
	warned
	apply --dry-run
	[ "$(grep -c names <<<"$output")" -eq 0 ]
}

@test "where no patch is for this kernel, each name in kpatch.skip= is told; not where patching is off or the manifest is wrong" {
	echo "kpatch.skip=lp_a" >"$root/proc/cmdline"
	apply
	file_has 'state=nothing'
	warned "kernel command line: kpatch.skip=lp_a names no patch of this kernel"
	: >"$root/dev/kmsg"
	echo wrong >"$manifest"
	apply
	[ "$status" -eq 2 ]
	echo "kpatch.disable kpatch.skip=lp_a" >"$root/proc/cmdline"
	apply
	warned
}

@test "a line that says disabled is skipped" {
	line lp_a.ko disabled
	apply
	[ "$status" -eq 0 ]
	file_has 'patch=lp_a outcome=skipped ms=[0-9]* step=select reason="the manifest says disabled"'
}

# refused STEP TEXT: the only patch is refused before the kernel sees it
refused() {
	injected finit_module:retval=0
	[ "$status" -eq 1 ]
	file_has "outcome=failed ms=[0-9]* step=$1 reason=\".*$2"
	! grep -q finit_module "$BATS_TEST_TMPDIR/strace"
}

@test "a patch with another digest is not loaded" {
	line lp_a.ko
	echo >>"$baked/$release/lp_a.ko"
	refused digest "its SHA-256 is $(sum "$baked/$release/lp_a.ko"), not the one in the manifest"
}

@test "a symbolic link, a pipe, a missing file are not loaded" {
	line lp_a.ko
	mv "$baked/$release/lp_a.ko" "$baked/$release/real.ko"
	refused open "it is missing"
	ln -s real.ko "$baked/$release/lp_a.ko"
	refused open "it is a symbolic link"
	rm "$baked/$release/lp_a.ko"
	mkfifo "$baked/$release/lp_a.ko"
	refused open "is not a regular file"
}

@test "a file of somebody else's, or writable by others, is not loaded" {
	line lp_a.ko
	chown 1 "$baked/$release/lp_a.ko"
	refused open "is owned by uid 1; it must be root's"
	chown 0 "$baked/$release/lp_a.ko"
	for mode in 664 646; do
		chmod $mode "$baked/$release/lp_a.ko"
		refused open "can be written by others than root"
	done
}

# as_it_is: the manifest's only line is for lp_a.ko as it is now
as_it_is() { echo "$release lp_a.ko sha256=$(sum "$baked/$release/lp_a.ko")" >"$manifest"; }

@test "what is no live patch, no module, or for another kernel is not loaded" {
	module "$baked/$release/lp_a.ko" "vermagic=$release SMP"
	as_it_is
	refused modinfo "it is not a live patch"
	module "$baked/$release/lp_a.ko" livepatch=Y
	as_it_is
	refused modinfo "it is for kernel (none), not $release"
	for other in 6.1.0-other "$release-x" "${release%?}"; do
		patch "$baked/$release/lp_a.ko" "$other"
		as_it_is
		refused modinfo "it is for kernel $other, not $release"
	done
	truncate -s 100 "$baked/$release/lp_a.ko"
	as_it_is
	refused modinfo "it is not a whole ELF module"
}

@test "the digest is that of the descriptor that is loaded" {
	line lp_a.ko
	run strace -f -o "$BATS_TEST_TMPDIR/strace" -e trace=openat,open,pread64,finit_module \
		-e inject=finit_module:error=ENOEXEC "$early" apply --root "$root"
	opens=$(grep -c 'lp_a.ko' "$BATS_TEST_TMPDIR/strace")
	fd=$(sed -n 's/.*lp_a\.ko.* = \([0-9]*\)$/\1/p' "$BATS_TEST_TMPDIR/strace")
	[ "$opens" -eq 1 ]
	grep -q " pread64($fd, " "$BATS_TEST_TMPDIR/strace"
	grep -q " finit_module($fd, \"\", 0" "$BATS_TEST_TMPDIR/strace"
}

@test "a patch is applied when the kernel says that it is in force" {
	line lp_a.ko
	enabled lp_a
	injected finit_module:retval=0
	[ "$status" -eq 0 ]
	file_has 'state=applied'
	file_has 'patch=lp_a outcome=applied ms=[0-9]* step=done reason=""'
	[ "$output" = "applied: 1 of 1 patches for $release in force" ]
	grep -q '^<30>kpatch-early: lp_a: applied in' "$root/dev/kmsg"
}

@test "finit_module returning 0 is not enough" {
	line lp_a.ko
	injected finit_module:retval=0
	[ "$status" -eq 1 ]
	file_has 'outcome=failed .* step=enable'
	file_has 'state=failed'
}

@test "a transition that stalls is reversed and reported" {
	echo "transition_timeout=1" >"$root/etc/kpatch-early/kpatch-early.conf"
	line lp_a.ko
	enabled lp_a 1 1
	injected finit_module:retval=0
	[ "$status" -eq 1 ]
	file_has 'outcome=failed .* step=transition reason="its transition did not end in 1 s, and neither did its reversal"'
	[ "$(cat "$root/sys/kernel/livepatch/lp_a/enabled")" = 0 ]
}

@test "each errno of the load becomes a sentence" {
	line lp_a.ko
	while read -r name sentence; do
		injected "finit_module:error=$name"
		[ "$status" -eq 1 ]
		file_has "outcome=failed .* step=load reason=\".*$sentence"
	done <<-END
		EEXIST a module of that name came up
		EBUSY another transition does not end
		EINVAL a function to patch was not found
		ENOEXEC does not take it for a module
		ENOENT does not know a symbol
		EKEYREJECTED a valid signature
		ENOKEY a valid signature
		EBADMSG a valid signature
		EPERM forbids loading
		EACCES a security policy
		ENOSYS cannot load modules
		ENOMEM out of memory
		EDOM own init refused
	END
}

@test "the kernel's dead core ends the run: the rest is not tried" {
	line lp_a.ko
	line lp_b.ko
	injected finit_module:error=ENODEV
	[ "$status" -eq 1 ]
	file_has 'patch=lp_a outcome=failed .* step=load .*shut itself down'
	file_has 'patch=lp_b outcome=failed .* step=load .*not tried'
}

@test "ENODEV of a patch's own init does not keep the others from being tried" {
	mkdir "$root/sys/kernel/livepatch"
	line lp_a.ko
	line lp_b.ko
	injected finit_module:error=ENODEV:when=1
	file_has "patch=lp_a outcome=failed .*patch's own init refused"
	! grep -q 'not tried' "$file"
}

@test "EBUSY is tried again while a transition can be seen, and given up when none can" {
	echo "transition_timeout=3600" >"$root/etc/kpatch-early/kpatch-early.conf"
	tried() { [ "$(grep -c finit_module "$BATS_TEST_TMPDIR/strace")" -gt "$1" ]; }
	line lp_a.ko
	enabled lp_a
	enabled other 1 1
	: >"$BATS_TEST_TMPDIR/strace"
	injected finit_module:error=EBUSY 3>&- &
	until_true tried 10
	rm -r "$root/sys/kernel/livepatch/other"
	wait $!
	file_has 'another transition does not end'
	injected finit_module:error=EBUSY
	file_has 'another transition does not end'
	[ "$(grep -c finit_module "$BATS_TEST_TMPDIR/strace")" -eq 2 ]
}

@test "a failed required patch makes the boot failed, another one partial" {
	line lp_a.ko
	enabled lp_a
	echo "$release gone.ko sha256=$(printf '%064d' 0)" >>"$manifest"
	injected finit_module:retval=0
	[ "$status" -eq 1 ]
	file_has 'state=partial'
	sed -i 's/^\(.*gone.*\)$/\1 required/' "$manifest"
	injected finit_module:retval=0
	[ "$status" -eq 1 ]
	file_has 'state=failed'
	file_has 'a required one among them'
}

@test "the same build in force already: already" {
	line lp_a.ko
	loaded lp_a "$baked/$release/lp_a.ko"
	enabled lp_a
	injected finit_module:error=EPERM
	[ "$status" -eq 0 ]
	file_has 'patch=lp_a outcome=already .* step=done'
	file_has 'state=applied'
}

@test "another build of that name in force: failed" {
	line lp_a.ko
	patch "$BATS_TEST_TMPDIR/lp_a.ko" other
	loaded lp_a "$BATS_TEST_TMPDIR/lp_a.ko"
	enabled lp_a
	apply
	[ "$status" -eq 1 ]
	file_has 'outcome=failed .* step=live .*another build'
}

@test "loaded before, but not enabled: failed" {
	line lp_a.ko
	loaded lp_a "$baked/$release/lp_a.ko"
	apply
	[ "$status" -eq 1 ]
	file_has 'outcome=failed .* step=inactive'
}

@test "buildid= is held against the running kernel's notes" {
	line lp_a.ko buildid=0102030405060708
	apply
	[ "$status" -eq 1 ]
	file_has "outcome=failed .* step=buildid .*cannot be read"
	printf '\4\0\0\0\10\0\0\0\3\0\0\0GNU\0\1\2\3\4\5\6\7\10' >"$root/sys/kernel/notes"
	apply --dry-run
	output_has 'outcome=applied'
	printf '\4\0\0\0\10\0\0\0\3\0\0\0GNU\0\1\2\3\4\5\6\7\11' >"$root/sys/kernel/notes"
	apply
	[ "$status" -eq 0 ]
	file_has 'outcome=skipped .* step=buildid'
}

@test "a patch that needs a module that is not there: failed, and says which" {
	module "$baked/$release/lp_a.ko" name=lp_a livepatch=Y depends=crc_none "vermagic=$release x"
	echo "$release lp_a.ko sha256=$(sum "$baked/$release/lp_a.ko")" >"$manifest"
	apply
	[ "$status" -eq 1 ]
	file_has 'step=depends reason="it needs module crc_none'
}

@test "a needed module that does not know a symbol is not missing" {
	module "$root/lib/modules/$release/kernel/crc_x.ko" name=crc_x "vermagic=$release x"
	depmod -b "$root" "$release"
	module "$baked/$release/lp_a.ko" name=lp_a livepatch=Y depends=crc_x "vermagic=$release x"
	as_it_is
	injected finit_module:error=ENOENT
	[ "$status" -eq 1 ]
	file_has 'step=depends reason="it needs module crc_x, which cannot be loaded: the kernel does not know a symbol that it uses"'
}

@test "a module that a patch needs is found by an alias with a pattern too" {
	module "$root/lib/modules/$release/kernel/crc_x.ko" name=crc_x "alias=crc_[0-9a-c]_*" "vermagic=$release x"
	depmod -b "$root" "$release"
	for need in crc_7_x crc_z_x; do
		rm -f "$manifest"
		module "$baked/$release/lp_a.ko" name=lp_a livepatch=Y "depends=$need" "vermagic=$release x"
		echo "$release lp_a.ko sha256=$(sum "$baked/$release/lp_a.ko")" >"$manifest"
		apply --dry-run
		[[ $need == crc_z_x ]] || output_has "lp_a outcome=applied"
	done
	output_has "it needs module crc_z_x, which is neither loaded nor in lib/modules"
}

# needs MODULE,...: lp_a is a patch that needs them
needs() {
	module "$baked/$release/lp_a.ko" name=lp_a livepatch=Y "depends=$1" "vermagic=$release x"
	as_it_is
}

# kernel_modules NAME...: modules of the kernel's own, in that order of needing
kernel_modules() {
	local name
	for name in "$@"; do module "$root/lib/modules/$release/kernel/$name.ko" "name=$name" "vermagic=$release x"; done
	depmod -b "$root" "$release"
}

# loads: what the kernel got in the trace, in order, as FILE(OPTIONS)
loads() {
	sed -n 's,.*finit_module([0-9]*<.*/\([^/>]*\)>\, "\(.*\)"\, [0-9A-Z_]*).*,\1(\2),p' "$BATS_TEST_TMPDIR/strace" | paste -sd ' '
}

# loading: apply, with each load a success
loading() {
	without_verdict
	run strace -f -y -s 5000 -qq -o "$BATS_TEST_TMPDIR/strace" -e trace=finit_module -e inject=finit_module:retval=0 \
		"$early" apply --root "$root"
}

# modprobe_d FILE LINE...: a file of modprobe.d
modprobe_d() {
	mkdir -p "$(dirname "$root/$1")"
	printf '%s\n' "${@:2}" >"$root/$1"
}

@test "a module that a patch needs gets the options of modprobe.d, and the patch none" {
	kernel_modules crc_x crc_y
	needs crc_x,crc_y
	enabled lp_a
	modprobe_d etc/modprobe.d/b.conf 'options crc-x a=1 \' '  b="2 3"' "# options crc_x no" "options crc_z no"
	modprobe_d lib/modprobe.d/a.conf "options crc_x first" "options lp_a never=1"
	modprobe_d lib/modprobe.d/b.conf "options crc_x hidden"
	modprobe_d run/modprobe.d/c.conf "options crc_x last"
	modprobe_d usr/lib/modprobe.d/d.conf "blacklist crc_y"
	modprobe_d usr/local/lib/modprobe.d/e.conf "options crc_y e=1"
	loading
	[ "$status" -eq 0 ]
	[ "$(loads)" = 'crc_x.ko(first a=1   b=\"2 3\" last) crc_y.ko(e=1) lp_a.ko()' ]
}

@test "a needed module with an install line is not loaded, nor is the patch, and that is told" {
	kernel_modules crc_x crc_y
	needs crc_x,crc_y
	enabled lp_a
	modprobe_d etc/modprobe.d/local.conf "install crc-y /bin/true"
	apply --dry-run
	output_has 'it needs module crc_y, which is not loaded: modprobe.d has an install line for it'
	loading
	[ "$status" -eq 1 ]
	[ -z "$(loads)" ]
	file_has 'step=depends reason="it needs module crc_y, which is not loaded: modprobe.d has an install line for it"'
	grep -q '^<27>kpatch-early: lp_a: failed at depends: it needs module crc_y, which is not loaded: ' "$root/dev/kmsg"
	# What somebody else has loaded needs no line.
	mkdir -p "$root/sys/module/crc_y"
	loading
	[ "$status" -eq 0 ]
	[ "$(loads)" = "crc_x.ko() lp_a.ko()" ]
}

@test "a needed module on a blacklist is loaded by its name, and not by an alias" {
	module "$root/lib/modules/$release/kernel/crc_x.ko" name=crc_x "alias=crc_[0-9a-c]_*" "vermagic=$release x"
	depmod -b "$root" "$release"
	enabled lp_a
	modprobe_d usr/lib/modprobe.d/list.conf "blacklist crc-x"
	needs crc-x
	loading
	[ "$(loads)" = "crc_x.ko() lp_a.ko()" ]
	needs crc_7_x
	loading
	[ "$(loads)" = "lp_a.ko()" ]
}

@test "options of a needed module are 4096 bytes at most" {
	kernel_modules crc_x
	needs crc_x
	enabled lp_a
	modprobe_d etc/modprobe.d/local.conf "options crc_x $(printf '%04097d' 0)"
	loading
	[ "$status" -eq 1 ]
	[ -z "$(loads)" ]
	file_has 'step=depends reason="it needs module crc_x, which is not loaded: its options are over 4096 bytes"'
	modprobe_d etc/modprobe.d/local.conf "options crc_x $(printf '%04096d' 0)"
	loading
	[ "$status" -eq 0 ]
	[ "$(loads)" = "crc_x.ko($(printf '%04096d' 0)) lp_a.ko()" ]
}

@test "a needed module that is built in needs no loading" {
	kernel_modules crc_x
	echo kernel/lib/crc-built.ko >"$root/lib/modules/$release/modules.builtin"
	depmod -b "$root" "$release"
	needs crc_built,crc_x
	enabled lp_a
	modprobe_d etc/modprobe.d/local.conf "install crc_built /bin/true" "options crc_built a=1"
	apply --dry-run
	[ "$status" -eq 0 ]
	loading
	[ "$status" -eq 0 ]
	[ "$(loads)" = "crc_x.ko() lp_a.ko()" ]
}

@test "a dry run checks everything, prints the status and writes nothing" {
	line lp_a.ko
	echo "$release gone.ko sha256=$(printf '%064d' 0)" >>"$manifest"
	before=$(find "$root" | sort | sha256sum)
	run strace -f -o "$BATS_TEST_TMPDIR/strace" -e trace=finit_module "$early" apply --root "$root" --dry-run
	[ "$status" -eq 1 ]
	output_has 'patch=lp_a outcome=applied'
	output_has 'patch=gone outcome=failed'
	[ -z "$(grep finit_module "$BATS_TEST_TMPDIR/strace")" ]
	[ "$before" = "$(find "$root" | sort | sha256sum)" ]
	[ ! -s "$root/dev/kmsg" ]
}

@test "at most eight kernel log records, each under 900 bytes, and a count of the rest" {
	seq -f "$release m%.0f.ko sha256=$(printf '%064d' 0)" 100 >"$manifest"
	apply
	[ "$(wc -l <"$root/dev/kmsg")" -eq 8 ]
	[ -z "$(grep '.\{900\}' "$root/dev/kmsg")" ]
	grep -q 'and 93 more' "$root/dev/kmsg"
	[ "$(grep -c ^patch= "$file")" -eq 100 ]
}

@test "enabled=no, or what may mean it, disables" {
	line lp_a.ko
	for value in no 0 off; do
		echo "enabled=$value" >"$root/etc/kpatch-early/kpatch-early.conf"
		apply
		[ "$status" -eq 0 ]
		file_has 'state=disabled'
		file_has 'reason="enabled=no in /etc/kpatch-early/kpatch-early.conf"'
	done
	echo "enabled=nope" >"$root/etc/kpatch-early/kpatch-early.conf"
	apply
	file_has 'state=disabled'
	grep -q 'line 1: enabled= needs yes or no; it counts as no' "$root/dev/kmsg"
	rm "$root/etc/kpatch-early/kpatch-early.conf"
	mkdir "$root/etc/kpatch-early/kpatch-early.conf"
	apply
	file_has 'state=disabled'
	file_has 'reason=".*cannot be read, and may say enabled=no'
}

@test "a transition that ends neither way keeps no later patch waiting" {
	echo "transition_timeout=1" >"$root/etc/kpatch-early/kpatch-early.conf"
	for name in a b c d e f; do line lp_$name.ko; done
	enabled other 1 1
	injected finit_module:error=EBUSY $sleeps
	[ "$(slept_ms)" -gt 0 ]
	[ "$(slept_ms)" -lt 2000 ]	# for the first of them
	[ "$(grep -c 'another transition does not end' "$file")" -eq 6 ]
}

@test "what sysfs does not tell is not taken for in force" {
	line lp_a.ko
	echo "transition_timeout=1" >"$root/etc/kpatch-early/kpatch-early.conf"
	enabled lp_a
	rm "$root/sys/kernel/livepatch/lp_a/transition"
	injected finit_module:retval=0
	[ "$status" -eq 1 ]
	file_has 'outcome=failed .* step=enable reason=".*cannot be read'
	enabled lp_a "more than an attribute of this kind ever has"
	injected finit_module:retval=0
	file_has 'outcome=failed .* step=enable reason=".*cannot be read'
	rm -r "$root/sys"
	injected finit_module:retval=0
	file_has 'outcome=failed .* step=load reason="not tried: /sys is not mounted'
	[ "$(grep -c finit_module "$BATS_TEST_TMPDIR/strace")" -eq 0 ]
}

@test "a second run does not load a patch that a later one replaced" {
	line lp_a.ko
	line lp_b.ko
	loaded lp_b "$baked/$release/lp_b.ko"
	enabled lp_b
	echo 1 >"$root/sys/kernel/livepatch/lp_b/replace"
	for option in "" --dry-run; do
		injected finit_module:retval=0
		[ "$status" -eq 0 ]
		file_has 'patch=lp_a outcome=skipped .* reason="replaced by lp_b"'
		file_has 'patch=lp_b outcome=already'
		[ "$(grep -c finit_module "$BATS_TEST_TMPDIR/strace")" -eq 0 ]
	done
	apply --dry-run
	[ "$status" -eq 0 ]
	output_has 'patch=lp_a outcome=skipped'
	echo 0 >"$root/sys/kernel/livepatch/lp_b/replace"
	injected finit_module:retval=0
	[ "$(grep -c finit_module "$BATS_TEST_TMPDIR/strace")" -eq 1 ]
}

# second_run OPTION WORD STATUS: lp_a, with OPTION in its line, is not loaded; the boot's own run said WORD of it, or nothing; lp_b is in
# force on a kernel that does not tell whether it replaces. The second run exits with STATUS and loads nothing. Sets $file to what it wrote.
second_run() {
	file=$root/run/kpatch-early/status
	rm -f "$manifest"
	line lp_a.ko $1
	line lp_b.ko
	loaded lp_b "$baked/$release/lp_b.ko"
	enabled lp_b
	mkdir -p "${file%/*}"
	printf 'version=1\nkernel=%s\nstate=applied\nreason=""\n' "$release" >"$file"
	[ -z "$2" ] || printf 'patch=lp_a outcome=%s ms=1 step=load reason="\\"patch=lp_a outcome=other"\n' "$2" >>"$file"
	printf 'patch=lp_b outcome=applied ms=1 step=done reason=""\n' >>"$file"
	injected_again finit_module:retval=0
	file=$file.last
	[ "$status" -eq "$3" ]
	[ "$(grep -c finit_module "$BATS_TEST_TMPDIR/strace")" -eq 0 ]
	file_has 'patch=lp_b outcome=already'
}

@test "before 6.11 a second run tries no missing patch, and one that failed at this boot stays failed" {
	for word in skipped applied ""; do
		second_run "" "$word" 0
		file_has '^patch=lp_a outcome=skipped ms=[0-9]* step=select reason="not tried: it may replace lp_b"$'
	done
	second_run "" failed 1
	file_has '^state=partial$'
	file_has '^patch=lp_a outcome=failed ms=[0-9]* step=select reason="not tried: it may replace lp_b"$'
	grep -q '^<27>kpatch-early: lp_a: failed at select: not tried: it may replace lp_b; it is not in force' "$root/dev/kmsg"
}

@test "before 6.11 a required patch that is missing at a second run is failed, unless this boot has skipped it" {
	for word in failed applied ""; do
		second_run required "$word" 1
		file_has '^state=failed$'
		file_has '^patch=lp_a outcome=failed .* reason="not tried: it may replace lp_b"$'
	done
	second_run required skipped 0
	file_has '^patch=lp_a outcome=skipped .* reason="not tried: it may replace lp_b"$'
}

@test "a dry run tells of a displaced patch what a run tells" {
	line lp_a.ko
	line lp_b.ko
	for name in lp_a lp_b; do loaded $name "$baked/$release/$name.ko"; done
	enabled lp_a 0
	enabled lp_b
	echo 1 >"$root/sys/kernel/livepatch/lp_b/replace"
	apply --dry-run
	[ "$status" -eq 0 ]
	output_has 'patch=lp_a outcome=skipped'
	output_has 'state=applied'
}

# functions NAME OBJECT/FUNCTION,POSITION...: the fake sysfs says that NAME is in force, replaces nothing, and patches these
functions() {
	local name=$1 function
	enabled "$name"
	echo 0 >"$root/sys/kernel/livepatch/$name/replace"
	for function in "${@:2}"; do
		mkdir -p "$root/sys/kernel/livepatch/$name/$function"
		echo 1 >"$root/sys/kernel/livepatch/$name/${function%/*}/patched"
	done
}

loads_are() { [ -e "$BATS_TEST_TMPDIR/strace" ] && [ "$(grep -c 'finit_module(' "$BATS_TEST_TMPDIR/strace")" -eq "$1" ]; }

# replaced_by NAME OLD...: the first run of a boot. In it NAME takes the place of each OLD when its transition ends.
replaced_by() {
	local name=$1
	shift
	rm -f "$BATS_TEST_TMPDIR/strace"
	enabled "$name" 1 1
	echo 1 >"$root/sys/kernel/livepatch/$name/replace"
	(
		until_true loads_are "$(grep -n " $name.ko " "$manifest" | cut -d: -f1)"
		(cd "$root/sys/kernel/livepatch" && rm -r "$@")
		enabled "$name"
	) 3>&- &
	injected finit_module:retval=0
}

@test "a required patch that is replaced failed if one of its functions is open again" {
	line lp_a.ko required
	line lp_b.ko
	functions lp_a vmlinux/f,1 vmlinux/g,1
	functions lp_b vmlinux/f,1
	replaced_by lp_b lp_a
	[ "$status" -eq 1 ]
	file_has '^state=failed$'
	file_has '^patch=lp_a outcome=failed ms=[0-9]* step=inactive reason="replaced by lp_b, so its function g is open again"$'
	file_has '^patch=lp_b outcome=applied'
	grep -q '^<27>.*lp_a: failed at inactive: replaced by lp_b, so its function g is open again; it is not in force, ' \
		"$root/dev/kmsg"
}

@test "each function that is open again is named: of a driver, of another position; many are counted" {
	line lp_a.ko required
	line lp_b.ko required
	line lp_c.ko
	functions lp_a vmlinux/f,1 loop/f,1
	functions lp_b vmlinux/g,2 vmlinux/h,1 vmlinux/i,1
	functions lp_c vmlinux/f,1 vmlinux/g,1 vmlinux/h,1 driver/i,1
	replaced_by lp_c lp_a lp_b
	file_has '^patch=lp_a outcome=failed .* reason="replaced by lp_c, so its function f is open again"$'
	grep -qxE 'patch=lp_b outcome=failed .* reason="replaced by lp_c, so its functions (g, i|i, g) are open again"' "$file"
	rm -r "$root/sys/kernel/livepatch"
	sed -i '/lp_b/d' "$manifest"
	# shellcheck disable=SC2046 # one word a function
	functions lp_a $(seq -f 'vmlinux/a_function_of_30_bytes_no_%03g,1' 20) "vmlinux/$(printf '%0150d,1' 0)"
	functions lp_c vmlinux/a_function_of_30_bytes_no_001,1
	replaced_by lp_c lp_a
	grep -qxE 'patch=lp_a .* so its functions (a_function_of_30_bytes_no_[0-9]*, ){2,}.* and 1[0-9] more are open again"' "$file"
}

@test "a required patch whose functions are all patched still is skipped; so is one that is not required" {
	line lp_a.ko required
	line lp_b.ko
	line lp_c.ko
	line lp_d.ko
	functions lp_a vmlinux/f,1 loop/g,1
	functions lp_b vmlinux/h,1
	functions lp_c vmlinux/f,1
	functions lp_d loop/g,1
	replaced_by lp_c lp_a lp_b
	[ "$status" -eq 0 ]
	file_has '^state=applied$'
	file_has '^patch=lp_a outcome=skipped .* step=done reason="replaced by lp_c"$'
	file_has '^patch=lp_b outcome=skipped .* step=done reason="replaced by lp_c"$'
}

@test "a required patch with more functions than the limit failed when it is replaced" {
	line lp_a.ko required
	line lp_b.ko required
	line lp_c.ko
	# shellcheck disable=SC2046 # one word a function
	functions lp_a $(seq -f 'vmlinux/%0100g,1' 600)
	functions lp_b vmlinux/f,1
	cp -r "$root/sys/kernel/livepatch/lp_a" "$root/sys/kernel/livepatch/lp_c"
	functions lp_c vmlinux/f,1
	replaced_by lp_c lp_a lp_b
	[ "$status" -eq 1 ]
	file_has '^state=failed$'
	file_has '^patch=lp_a outcome=failed .* reason="replaced by lp_c; which of its functions are open again is not known"$'
	file_has '^patch=lp_b outcome=skipped'
}

@test "a later run says of a required patch that was replaced what the boot's first run said" {
	line lp_a.ko required
	line lp_b.ko
	functions lp_a vmlinux/f,1
	functions lp_b vmlinux/g,1
	replaced_by lp_b lp_a
	loaded lp_b "$baked/$release/lp_b.ko"
	for module in "" loaded; do
		[ -z "$module" ] || loaded lp_a "$baked/$release/lp_a.ko"
		injected_again finit_module:retval=0
		[ "$status" -eq 1 ]
		for line in '^state=failed$' \
			'^patch=lp_a outcome=failed .* step=inactive reason="replaced by lp_b, so its function f is open again"$'; do
			grep -q "$line" "$file.last"
		done
	done
	apply_again --dry-run
	[ "$status" -eq 1 ]
	output_has 'reason="replaced by lp_b, so its function f is open again"'
	sed -i '/^patch=lp_a/s/outcome=failed/outcome=skipped/' "$file"
	injected_again finit_module:retval=0
	[ "$status" -eq 0 ]
	grep -q '^patch=lp_a outcome=skipped .* reason="replaced by lp_b"$' "$file.last"
	# Where that verdict is lost, nobody knows which functions they were.
	injected finit_module:retval=0
	[ "$status" -eq 0 ]
	file_has '^patch=lp_a outcome=skipped .* reason="replaced by lp_b"$'
}

@test "a dead core fails what would be loaded, and nothing else" {
	line lp_a.ko
	line lp_b.ko disabled required
	line lp_c.ko
	echo kpatch.skip=lp_c >"$root/proc/cmdline"
	line lp_d.ko
	injected finit_module:error=ENODEV
	file_has 'patch=lp_b outcome=skipped'
	file_has 'patch=lp_c outcome=skipped'
	file_has 'patch=lp_d outcome=failed .*not tried'
}

@test "a patch over the size limit is not even read" {
	line lp_a.ko
	truncate -s 65M "$baked/$release/lp_a.ko"
	apply
	file_has 'outcome=failed .* step=open reason=".*is larger than 67108864 bytes'
}

@test "a module that says two things of itself is not loaded" {
	for fields in "vermagic=6.0-other vermagic=$release" "name=lp_a name=lp_b vermagic=$release" \
		"livepatch=N vermagic=$release"; do
		rm -f "$manifest"
		module "$baked/$release/lp_a.ko" $fields livepatch=Y
		echo "$release lp_a.ko sha256=$(sum "$baked/$release/lp_a.ko")" >"$manifest"
		injected finit_module:retval=0
		file_has 'outcome=failed .* step=modinfo'
	done
	# As two source files of one patch may.
	module "$baked/$release/lp_a.ko" livepatch=Y "vermagic=$release" livepatch=Y "vermagic=$release"
	echo "$release lp_a.ko sha256=$(sum "$baked/$release/lp_a.ko")" >"$manifest"
	enabled lp_a
	injected finit_module:retval=0
	file_has 'outcome=applied'
}

@test "limits hold to the byte" {
	head -c 1048576 /dev/zero | tr '\0' '#' | fold -w 500 >"$manifest"
	truncate -s 1048576 "$manifest"
	sed -i 's/\x0/#/g' "$manifest"
	apply
	[ "$status" -eq 0 ]
	echo >>"$manifest"
	apply
	[ "$status" -eq 2 ]
	file_has 'larger than the limit'
}

@test "a wrong setting keeps its default and is told" {
	echo "transition_timeout=soon" >"$root/etc/kpatch-early/kpatch-early.conf"
	apply
	[ "$status" -eq 0 ]
	grep -q 'kpatch-early.conf line 1: transition_timeout= needs' "$root/dev/kmsg"
}

@test "without its status file a run is not as it should be: a warning, and exit status 1" {
	rm -r "$root/run"
	: >"$root/run"
	line lp_a.ko
	enabled lp_a
	injected finit_module:retval=0
	[ "$status" -eq 1 ]
	grep -q '^<28>kpatch-early: /run/kpatch-early/status cannot be written: Not a directory; the boot goes on$' "$root/dev/kmsg"
	grep -q '^<27>kpatch-early: applied: 1 of 1 patches' "$root/dev/kmsg"
	echo kpatch.disable >"$root/proc/cmdline"
	run "$early" apply --root "$root"
	[ "$status" -eq 1 ]
	echo what >"$manifest"
	: >"$root/proc/cmdline"
	run "$early" apply --root "$root"
	[ "$status" -eq 2 ]
	run bash -c "'$early' apply --dry-run --root '$root' >/dev/full"
	[ "$status" -eq 2 ]
	rm "$manifest"
	run bash -c "'$early' apply --dry-run --root '$root' >/dev/full"
	[ "$status" -eq 1 ]
	output_has "standard output cannot be written: No space left on device"
	# Of a later run, too.
	rm "$root/run"
	line lp_a.ko
	injected finit_module:retval=0
	[ "$status" -eq 0 ]
	mkdir "$file.last"
	injected_again finit_module:retval=0
	[ "$status" -eq 1 ]
	grep -q 'status.last cannot be written: Is a directory; the boot goes on$' "$root/dev/kmsg"
}

@test "the boot's verdict is that of its first run; a later one writes status.last" {
	line lp_a.ko
	injected finit_module:error=ENOEXEC
	cp "$file" "$BATS_TEST_TMPDIR/verdict"
	enabled lp_a
	injected_again finit_module:retval=0
	[ "$status" -eq 0 ]
	cmp "$file" "$BATS_TEST_TMPDIR/verdict"
	grep -q '^patch=lp_a outcome=applied' "$file.last"
	echo " kpatch.disable=1" >"$root/proc/cmdline"
	apply
	file_has '^state=disabled$'
	: >"$root/proc/cmdline"
	injected_again finit_module:retval=0
	file_has '^state=disabled$'
	grep -q '^state=applied$' "$file.last"
}

@test "a run that has no line for this kernel is no verdict, one that skips all its patches is" {
	apply
	file_has '^state=nothing$'
	line lp_a.ko disabled
	apply_again
	file_has '^patch=lp_a outcome=skipped'
	[ ! -e "$file.last" ]
	apply_again
	[ -e "$file.last" ]
}

@test "/dev/kmsg that is missing: records go to standard error" {
	rm -r "$root/dev"
	apply
	[ "$status" -eq 0 ]
	output_has 'kpatch-early: nothing: '
}

@test "an empty root: disabled, in order" {
	mkdir "$BATS_TEST_TMPDIR/nowhere"
	run "$early" apply --root "$BATS_TEST_TMPDIR/nowhere"
	[ "$status" -eq 0 ]
	output_has 'disabled: '
}

@test "closed standard streams do no harm" {
	line lp_a.ko
	run bash -c "'$early' apply --root '$root' --dry-run <&- >&- 2>&-"
	[ "$status" -le 1 ]
	run bash -c "'$early' apply --root '$root' <&- >&- 2>&-"
	[ "$status" -eq 1 ]
	file_has 'patch=lp_a outcome=failed'
	! grep -q 'in force$' "$baked/$release/lp_a.ko"
}

@test "bad usage: exit status 2, and nothing is done" {
	for words in "apply --root" "apply --wrong" "apply word" "apply --root $root word"; do
		run "$program" $words
		[ "$status" -eq 2 ]
	done
	[ ! -e "$file" ]
}

# awake RULE: applies two patches on a machine that has the CPUs $cpus; sets forks, without the one for all loads. A host so
# busy that the helpers are not waited for to their first turn is asked again.
awake() {
	mkdir -p "$root/sys/devices/system/cpu"
	echo "$cpus" >"$root/sys/devices/system/cpu/online"
	for attempt in {1..20}; do
		rm -f "$file"
		run strace -f -qq -o "$BATS_TEST_TMPDIR/strace" -e "trace=fork,clone,sched_setaffinity,finit_module,poll" \
			-e inject=finit_module:retval=0 "$@" "$early" apply --root "$root"
		grep -q '= 0 (Timeout)' "$BATS_TEST_TMPDIR/strace" || break
		echo "# attempt $attempt: the helpers had no turn in time" >&3
	done
	sed -i '/poll/d' "$BATS_TEST_TMPDIR/strace"
	forks=$(($(grep -cE '(fork|clone)\(' "$BATS_TEST_TMPDIR/strace") - 1))
}

@test "helpers are made once a run, one for each CPU, before the first load; none on one CPU" {
	line lp_a.ko
	line lp_b.ko
	enabled lp_a
	enabled lp_b
	echo 0 >"$root/sys/kernel/livepatch/lp_b/replace"
	cpus=0-1
	awake
	[ "$forks" -eq 2 ]
	[ "$(grep -c 'finit_module(' "$BATS_TEST_TMPDIR/strace")" -eq 2 ]
	[ "$(grep -cE 'setaffinity.*\[[01][] ]' "$BATS_TEST_TMPDIR/strace")" -eq 2 ]
	[ "$(grep -n 'setaffinity(' "$BATS_TEST_TMPDIR/strace" | head -n 1 | cut -d: -f1)" -lt \
		"$(grep -n 'finit_module(' "$BATS_TEST_TMPDIR/strace" | head -n 1 | cut -d: -f1)" ]
	cpus=0
	awake
	[ "$forks" -eq 0 ]
}

@test "helpers: the setting and the word turn them off; one that cannot be made stops nothing" {
	line lp_a.ko
	enabled lp_a
	cpus=0-1
	awake -e inject=fork,clone:error=EAGAIN
	[ "$status" -eq 0 ]
	[ "$forks" -eq 2 ]
	file_has '^patch=lp_a outcome=applied'
	awake -e inject=sched_setaffinity:error=EINVAL
	[ "$status" -eq 0 ]
	[ "$forks" -eq 2 ]
	file_has '^patch=lp_a outcome=applied'
	echo "quiet kpatch.keep_awake=0" >"$root/proc/cmdline"
	awake
	[ "$forks" -eq 0 ]
	file_has '^patch=lp_a outcome=applied'
	echo quiet >"$root/proc/cmdline"
	echo keep_awake=no >"$root/etc/kpatch-early/kpatch-early.conf"
	awake
	[ "$forks" -eq 0 ]
	file_has '^patch=lp_a outcome=applied'
}

@test "a dry run says of nothing that it is in force" {
	line lp_a.ko
	line lp_b.ko
	echo x >>"$baked/$release/lp_b.ko"
	apply --dry-run
	[ "$status" -eq 1 ]
	output_has "kpatch-early: lp_a: would be loaded"
	output_has "kpatch-early: partial: 1 of 2 patches for $release would be in force; 1 of 2 patches failed"
	[[ $output != *"applied in"* ]]
}

@test "a --root that is not there is an error of each verb that has one" {
	: >"$BATS_TEST_TMPDIR/file"
	for missing in "$BATS_TEST_TMPDIR/none" "$BATS_TEST_TMPDIR/file"; do
		for words in "$early apply" "$early apply --dry-run" "$early rollback" "$program bake -k 6.1" "$program bless" \
			"$program reset" "$program disable" "$program enable" \
			"$program overlay -k 6.1 -o $BATS_TEST_TMPDIR/o" "$program overlay --off-addon -o $BATS_TEST_TMPDIR/o"; do
			run $words --root "$missing"
			[ "$status" -eq 2 ]
			output_has ": --root $missing: there is no such folder"
			[ ! -e "$BATS_TEST_TMPDIR/o" ]
		done
	done
}
