#!/usr/bin/env -S bats --tap
# The answer of status: its first line, its table, --json and --check. The static program runs in a chroot, whose sysfs is a folder.

load helpers

setup() {
	fake_root
	mkdir -p "$root/usr/sbin" "$(dirname "$file")"
	cp "$top/build/kpatch-early" "$root/usr/sbin/"
}

inside() { run chroot "$root" /usr/sbin/kpatch-early "$@"; }

# verdict STATE REASON [LINE...]: the boot's, in the status file
verdict() { printf '%s\n' version=1 "kernel=$release" "state=$1" "reason=\"$2\"" "${@:3}" >"$file"; }

applied='patch=lp_a outcome=applied ms=34 step=done reason=""'
failed='patch=lp_b outcome=failed ms=3 step=load reason="a security policy forbids it"'

# answer CHECK WORD LINE: what status says first, what --check exits with, and the word of --json; --json has each row of the text
answer() {
	inside status
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "$3" ] || {
		echo "$output"
		return 1
	}
	text=$output
	inside
	[ "$output" = "$text" ]
	inside status --check
	[ "$status $output" = "$1 " ]
	inside status --json
	[ "$status" -eq 0 ]
	echo "$output" | TEXT=$text WORD=$2 perl -MJSON::PP -0e '
		my $s = decode_json(<STDIN>);
		my @rows = ((map { sprintf "  %-15s %s", $_->{name}, $_->{text} } @{$s->{current}}),
			map { sprintf "  %-15s %s", $_->{title}, $_->{text} } @{$s->{rows}});
		push @rows, "  apply, later    $s->{last}{state}: $s->{last}{reason}" if $s->{last};
		my $json = join "\n", $s->{summary}, @rows;
		print "$s->{answer}\n$json\n";
		exit !($s->{answer} eq $ENV{WORD} && $json eq $ENV{TEXT})'
}

row() { grep -qxF -- "$(printf '  %-15s %s' "$1" "$2")" <<<"$text" || { echo "$text"; return 1; }; }

no_row() { [[ $text != *$'\n'"  $1 "* ]] || { echo "$text"; return 1; }; }

@test "patched, in the initramfs or later" {
	verdict applied "" "$applied"
	enabled lp_a
	answer 0 patched "patched: 1 of 1 live patches in force on $release"
	row lp_a "in force (34 ms)"
	[ "$(wc -l <<<"$text")" -eq 2 ]
	verdict applied "" before_root=yes "$applied"
	answer 0 patched "patched: 1 of 1 live patches in force on $release, since before the root was mounted"
	verdict applied "" "${applied/applied/already}"
	answer 0 patched "patched: 1 of 1 live patches in force on $release"
	row lp_a "in force, since before apply ran"
}

@test "what was replaced, or is for another build of the kernel, is not missing" {
	verdict applied "" 'patch=lp_old outcome=skipped ms=1 step=done reason="replaced by lp_a"' "$applied" \
		'patch=lp_x outcome=skipped ms=1 step=buildid reason="it is for another build of this kernel release"'
	enabled lp_a
	answer 0 patched "patched: 1 of 1 live patches in force on $release"
	row lp_old "replaced by lp_a"
	row lp_x "skipped: it is for another build of this kernel release"
}

@test "in part, with the reason" {
	verdict partial "1 of 2 patches failed" "$applied" "$failed"
	enabled lp_a
	answer 1 in-part "PATCHED IN PART: 1 of 2 live patches in force on $release; lp_b: failed at load: a security policy forbids it"
	row lp_b "failed at load: a security policy forbids it"
	row "the boot" "partial: 1 of 2 patches failed"
	verdict applied "" "$applied" 'patch=lp_c outcome=skipped ms=0 step=select reason="kpatch.skip= on the kernel command line"'
	answer 1 in-part "PATCHED IN PART: 1 of 2 live patches in force on $release; lp_c: skipped: kpatch.skip= on the kernel command line"
	enabled lp_c 1 1
	answer 1 in-part "PATCHED IN PART: 1 of 2 live patches in force on $release; lp_c: in transition; look again"
}

@test "not patched: all failed, all skipped, or the manifest was not used" {
	verdict failed "1 of 1 patches failed" "$failed"
	answer 1 failed "NOT PATCHED: 0 of 1 live patches in force on $release; lp_b: failed at load: a security policy forbids it"
	row "to do" "kpatch-early-messages(7) explains the reason"
	verdict failed "/etc/kpatch-early/manifest line 3: unknown option"
	answer 1 failed "NOT PATCHED: 0 of 0 live patches in force on $release; /etc/kpatch-early/manifest line 3: unknown option"
	verdict nothing "all 1 patches are skipped" 'patch=lp_c outcome=skipped ms=0 step=select reason="the manifest says disabled"'
	answer 1 skipped "NOT PATCHED: 0 of 1 live patches in force on $release; lp_c: skipped: the manifest says disabled"
}

@test "not patched: nothing is installed for this kernel, but for another" {
	patch "$store/6.1.0-other/lp-version.ko" 6.1.0-other
	patch "$store/6.1.0-other/lp-b.ko" 6.1.0-other
	verdict nothing "the manifest has no line for this kernel"
	answer 1 not-installed "NOT PATCHED: no live patch is installed for this kernel, $release"
	row "installed for" "6.1.0-other: lp_b lp_version"
	row "to do" "get the patch for $release; kpatch-early install --rebuild FILE.ko; reboot"
}

@test "a root that never had a store is not told to rebuild anything" {
	verdict applied "" "$applied"
	enabled lp_a
	answer 0 patched "patched: 1 of 1 live patches in force on $release"
	[[ $text != *rebuild* && $text != *installed* ]]
	rm -r "$root/sys/kernel/livepatch"
	verdict nothing "the manifest has no line for this kernel"
	answer 1 not-installed "NOT PATCHED: no live patch is installed for this kernel, $release"
	row "to do" "get the patch for $release, and build the image or the overlay with it"
	[[ $text != *rebuild* ]]
	# One that can be rebuilt has only lost its last patch.
	mkdir "$root/boot"
	: >"$root/boot/initrd.img-$release"
	verdict applied "" "$applied"
	enabled lp_a
	answer 0 patched "patched: 1 of 1 live patches in force on $release"
	row lp_a "in force (34 ms); no longer installed"
	row "to do" "rebuild it (/usr/lib/kpatch-early/rebuild, quiet if that is done) and reboot"
}

@test "not patched: installed, but not in the initramfs that booted" {
	patch "$store/$release/lp-a.ko"
	for command in "verdict nothing there_is_no_manifest" "rm $file"; do
		$command
		answer 1 not-booted "NOT PATCHED: installed for $release, but not in the initramfs that booted"
		row lp_a "installed, but not in the initramfs that booted"
		row "to do" "rebuild it (/usr/lib/kpatch-early/rebuild, quiet if that is done) and reboot"
	done
	row "the boot" "/run/kpatch-early/status is missing: apply has not run, or its verdict was lost"
}

@test "switched off, and by what" {
	verdict disabled "kpatch.disable on the kernel command line"
	answer 3 off "NOT PATCHED: switched off on $release: kpatch.disable on the kernel command line"
	row "to do" "take the word away, and reboot"
	verdict disabled "kpatch-early disable; kpatch-early enable takes it back"
	answer 3 off "NOT PATCHED: switched off on $release: kpatch-early disable; kpatch-early enable takes it back"
	no_row "to do"
	rm "$file"
	echo "quiet kpatch.enable=0" >"$root/proc/cmdline"
	answer 3 off "NOT PATCHED: switched off on $release: kpatch.enable=0 on the kernel command line"
	echo quiet >"$root/proc/cmdline"
	echo enabled=no >"$root/etc/kpatch-early/kpatch-early.conf"
	answer 1 not-installed "NOT PATCHED: no live patch is installed for this kernel, $release"
	patch "$store/$release/lp-a.ko"
	answer 3 off "NOT PATCHED: switched off on $release: enabled=no in /etc/kpatch-early/kpatch-early.conf"
	# Somebody loaded it all the same.
	enabled lp_a
	answer 0 unrecorded "patched: 1 of 1 live patches in force on $release, though no record says how"
}

@test "not any more: somebody turned it off since" {
	verdict applied "" before_root=yes "$applied" "${applied/lp_a/lp_c}"
	answer 1 reverted "NOT PATCHED any more: 0 of 2 live patches in force on $release; lp_a: turned off or replaced since the boot, which had it in force"
	row "to do" "reboot, and the boot loads them again"
	enabled lp_a 0
	enabled lp_c
	answer 1 in-part "PATCHED IN PART: 1 of 2 live patches in force on $release; lp_a: turned off or replaced since the boot, which had it in force"
}

@test "in force, though no record says how, or the record says otherwise" {
	enabled lp_hand
	answer 0 unrecorded "patched: 1 of 1 live patches in force on $release, though no record says how"
	row lp_hand "in force, though no record says how"
	verdict failed "1 of 1 patches failed" "$failed"
	enabled lp_b
	answer 0 unrecorded "patched: 2 of 2 live patches in force on $release, though no record says how"
	row lp_b "in force, though the boot's verdict is: failed: a security policy forbids it"
}

@test "quarantined, with the way out" {
	reason="2 boots loaded it, and none was blessed; this set is not loaded until it changes, or kpatch-early reset"
	verdict quarantined "$reason" guard=quarantined \
		'patch=lp_a outcome=skipped ms=0 step=guard reason="the boot guard lets nothing of this set be loaded"'
	answer 1 quarantined "NOT PATCHED: quarantined on $release: $reason"
	row "boot guard" quarantined
	row "to do" "install another build of the patch, or run kpatch-early reset; then reboot"
}

@test "the boot guard: on trial, proven, off from the next boot on" {
	verdict applied "" guard=trying "$applied"
	enabled lp_a
	answer 0 patched "patched: 1 of 1 live patches in force on $release"
	row "boot guard" "on trial, until kpatch-early-bless.timer says that this boot was good"
	verdict applied "" guard=none "$applied"
	answer 0 patched "patched: 1 of 1 live patches in force on $release"
	row "boot guard" "remembers nothing: a patch that breaks a boot is loaded at the next one, too"
	# The record is opened through the real /proc.
	mkdir -p "$root/proc/self/fd"
	for number in {3..30}; do ln -s /slots "$root/proc/self/fd/$number"; done
	echo guard_store=/slots >"$root/etc/kpatch-early/kpatch-early.conf"
	inside bless --init
	inside disable
	[ "$status" -eq 0 ]
	answer 0 patched "patched: 1 of 1 live patches in force on $release"
	row "next boot" "no patch: kpatch-early disable; kpatch-early enable takes it back"
	inside enable
	answer 0 patched "patched: 1 of 1 live patches in force on $release"
	no_row "next boot"
}

@test "a status file that is empty, cut off or none is said to be that, and believed in nothing" {
	patch "$store/$release/lp-a.ko"
	: >"$file"
	answer 1 failed "NOT PATCHED: 0 of 1 live patches in force on $release; /run/kpatch-early/status is empty: the boot's verdict was lost"
	row lp_a installed
	[[ $text != *rebuild* ]]
	for content in 'patch=' 'patch=a outcome="x' 'x' '=' '"' 'ms=1x' $'\\' $'version=1\nkernel=x' \
		$'version=2\nstate=applied' $'state=applied\nversion=1'; do
		printf '%s\n' "$content" >"$file"
		answer 1 failed "NOT PATCHED: 0 of 1 live patches in force on $release; /run/kpatch-early/status is damaged: what it says of the boot is not used"
	done
	verdict applied "" "$applied"
	truncate -s -1 "$file"
	enabled lp_a
	answer 0 unrecorded "patched: 1 of 1 live patches in force on $release, though no record says how"
	row "the boot" "/run/kpatch-early/status is damaged: what it says of the boot is not used"
	rm "$file"
	mkdir "$file"
	answer 0 unrecorded "patched: 1 of 1 live patches in force on $release, though no record says how"
	row "the boot" "/run/kpatch-early/status cannot be read"
}

@test "without /sys nobody knows" {
	verdict applied "" "$applied"
	rm -r "$root/sys"
	answer 1 unknown "not known: /sys is not mounted, and nothing else tells what is in force on $release"
	row "to do" "mount /sys"
}

@test "a later run stands beside the boot's verdict" {
	verdict partial "1 of 2 patches failed" "$applied" "$failed"
	enabled lp_a
	printf '%s\n' version=1 kernel=6.1 state=nothing 'reason="there is no manifest"' >"$file.last"
	answer 1 in-part "PATCHED IN PART: 1 of 2 live patches in force on $release; lp_b: failed at load: a security policy forbids it"
	row "apply, later" "nothing: there is no manifest"
}

@test "status --json keeps what the status file says, and its types" {
	verdict partial "1 of 2 patches failed" guard=proven "$applied" \
		'patch=lp_b outcome=failed ms=3 step=load reason="it says \"no\" \\ and more"'
	inside status --json
	[ "$status" -eq 0 ]
	echo "$output" | perl -MJSON::PP -0e '
		my $s = decode_json(<STDIN>);
		exit !($s->{version} == 1 && $s->{state} eq "partial" && $s->{guard} eq "proven" && @{$s->{patches}} == 2
			&& $s->{patches}[0]{ms} == 12 + 22 && $s->{patches}[0]{name} eq "lp_a"
			&& $s->{patches}[1]{reason} eq q(it says "no" \ and more)
			&& $s->{in_force} == 0 && $s->{expected} == 2 && $s->{current}[1]{now} eq "failed")'
	verdict nothing ""
	inside status --json
	echo "$output" | perl -MJSON::PP -0e 'exit !(@{decode_json(<STDIN>)->{patches}} == 0)'
	[[ $output == *'"version": 1,'* ]]
}

@test "what is fixed: in force, installed, or refused" {
	mkdir -p "$root/etc/kpatch-early/manifest.d"
	patch "$store/$release/lp-c.ko"
	echo "$release lp-c.ko fixes=CVE-4" >"$root/etc/kpatch-early/manifest.d/10.conf"
	verdict partial "1 of 2 patches failed" "$applied fixes=CVE-1,CVE-2" "$failed fixes=CVE-3" \
		'patch=lp_old outcome=skipped ms=1 step=done reason="replaced by lp_a" fixes=CVE-0'
	enabled lp_a
	inside status --fixes
	[ "$status" -eq 0 ]
	[ "$output" = "CVE-1 in-force lp_a"$'\n'"CVE-2 in-force lp_a"$'\n'"CVE-3 refused lp_b"$'\n'"CVE-4 installed lp_c" ]
	answer 1 in-part "PATCHED IN PART: 1 of 3 live patches in force on $release; lp_b: failed at load: a security policy forbids it; no longer installed"
	row lp_a "in force (34 ms); no longer installed; fixes CVE-1,CVE-2"
	row lp_b "failed at load: a security policy forbids it; no longer installed; would fix CVE-3"
	row lp_c "installed, but not in the initramfs that booted; would fix CVE-4"
	row lp_old "replaced by lp_a; no longer installed"
	inside status --json
	echo "$output" | perl -MJSON::PP -0e '
		my $s = decode_json(<STDIN>);
		exit !("@{$s->{current}[0]{fixes}}" eq "CVE-1 CVE-2" && $s->{patches}[0]{fixes} eq "CVE-1,CVE-2")'
	rm -r "$root/sys/kernel/livepatch/lp_a"
	inside status --fixes
	[ "${lines[0]}" = "CVE-1 refused lp_a" ]
}

@test "a drop-in tells what a patch fixes that booted without that word, unless the kernel has another build" {
	mkdir -p "$root/etc/kpatch-early/manifest.d"
	patch "$store/$release/lp-a.ko"
	echo "$release lp-a.ko fixes=CVE-1" >"$root/etc/kpatch-early/manifest.d/10.conf"
	verdict applied "" "$applied"
	enabled lp_a
	loaded lp_a "$store/$release/lp-a.ko"
	inside status --fixes
	[ "$output" = "CVE-1 in-force lp_a" ]
	module "$store/$release/lp-a.ko" name=lp_a livepatch=Y license=GPL "vermagic=$release other "
	inside status --fixes
	[ "$status $output" = "0 " ]
	# An overlay's patches are not those of the store.
	patch "$store/$release/lp-a.ko"
	verdict applied "" overlay=yes "$applied"
	inside status --fixes
	[ "$status $output" = "0 " ]
	# Nothing is known, and nothing is claimed.
	rm -r "$root/etc/kpatch-early/manifest.d"
	verdict applied "" "$applied"
	inside status --fixes
	[ "$status $output" = "0 " ]
}

@test "which overlay was booted stands in one row, and in --json" {
	verdict applied "" overlay=yes "$applied"
	enabled lp_a
	answer 0 patched "patched: 1 of 1 live patches in force on $release"
	row overlay "the initramfs had one"
	verdict applied "" overlay=yes overlay_manifest=0123abcd "$applied"
	answer 0 patched "patched: 1 of 1 live patches in force on $release"
	row overlay "the initramfs had one, overlay_manifest=0123abcd"
	inside status --json
	output_has '"overlay_manifest": "0123abcd",'
}

@test "colours are for a terminal, and for who wants them" {
	verdict applied "" "$applied"
	enabled lp_a
	command="chroot $root /usr/sbin/kpatch-early status"
	run env TERM=xterm script -qec "$command" /dev/null
	[[ $output == $'\033[1;32mpatched\033[0m: 1 of 1 '* ]]
	rm -r "$root/sys/kernel/livepatch"
	run env TERM=xterm script -qec "$command" /dev/null
	[[ $output == $'\033[1;31mNOT PATCHED any more\033[0m: '* ]]
	for variable in NO_COLOR=1 TERM=dumb; do
		run env TERM=xterm $variable script -qec "$command" /dev/null
		[[ $output == "NOT PATCHED any more: "* ]]
	done
	run env TERM=xterm $command
	[[ $output == "NOT PATCHED any more: "* ]]
}

@test "what can't be printed is an error" {
	run bash -c "chroot '$root' /usr/sbin/kpatch-early status >/dev/full"
	[ "$status" -eq 1 ]
}
