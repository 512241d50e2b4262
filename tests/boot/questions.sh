# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The questions that each kernel is asked in restored guests: outcome words, refusals and their words, stalls, replace, skip,
# signature policy; and the rules of check. For restored-KERNEL.t, after restore.sh.
. "$(dirname "${BASH_SOURCE[0]}")/rules.sh"

three="lp_version lp_loadavg lp-execdomains"

# load_before MODULE: has the guest load this sample before our program runs
load_before() {
	install -m 644 "$patches/$1.ko" "$tree/$1.ko"
	before <<<"insmod /$1.ko"
}

outcomes() {
	# shellcheck disable=SC2086 # one word a patch
	patches $three
	ask three-restored
	ask skip kpatch.skip=lp-loadavg.ko
	ask disabled kpatch.disable=1 kpe_reason=kpatch.disable_on_the_kernel_command_line
	ask disabled kpatch.enable=0 kpe_reason=kpatch.enable=0
	BOOT_CPUS=2 ask three-restored
	patches lp_version lp_loadavg lp_replace
	ask replace
	new_tree
	line lp_version.ko required
	line lp_loadavg.ko required
	line lp_replace.ko
	ask replace-required
	patches lp_later lp_depends
	install -D -m 644 "$patches/kpe_later.ko" "$tree/test/$release/kpe_later.ko"
	ask later
	patches lp_stall lp_version
	load_before kpe_sleeper
	echo transition_timeout=4 >"$tree/etc/kpatch-early/kpatch-early.conf"
	ask stall
}

# manifests SERIES OTHER: lines that are wrong, and lines for other kernels beside those of SERIES
manifests() {
	patches lp_version
	raw_line lp_loadavg.ko "$(printf '%064d' 0)" optional
	ask bad-manifest
	new_tree
	release=another-release raw_line lp_version.ko "$(printf '%064d' 0)"
	ask other-kernel
	new_tree
	use "$2"
	line lp_loadavg.ko
	use "$1"
	line lp_version.ko required
	ask two-kernels
}

# The kernel takes no patch of ours, for the reason that the guest's script is told.
refusals() {
	# shellcheck disable=SC2086 # one word a patch
	patches $three
	ask refused lockdown=integrity kpe_reason=the_kernel_forbids_loading.*Lockdown: kpe_last=Lockdown:
	ask refused module.sig_enforce=1 kpe_reason=the_kernel_wants_a_valid_signature kpe_last=signature
	before <<<'echo 0 >/proc/sys/kernel/ftrace_enabled'
	case $release in
	7.*) ask three-restored ;; # "deprecated and no longer disables ftrace"
	*) ask refused kpe_reason=a_function_is_taken_by_another_user_of_ftrace kpe_last=ftrace ;;
	esac
	load_before kpe_kill_ftrace
	ask dead-ftrace
}

sample() { install -D -m 644 "$patches/lp_loadavg.ko" "$baked/$1"; }

# wrong_files OTHER: a tree with every kind of wrong patch between good ones; OTHER is a patch for another kernel
wrong_files() {
	local good zeros name
	good=$(sum "$patches/lp_loadavg.ko")
	zeros=$(printf '%064d' 0)
	line lp_version.ko
	sample digest.ko
	raw_line digest.ko "$zeros"
	sample truncated.ko
	truncate -s 3000 "$baked/truncated.ko"
	raw_line truncated.ko "$(sum "$baked/truncated.ko")"
	: >"$baked/empty.ko"
	raw_line empty.ko "$(sum "$baked/empty.ko")"
	raw_line missing.ko "$good"
	ln -s lp_version.ko "$baked/link.ko"
	raw_line link.ko "$good"
	mkfifo "$baked/fifo.ko"
	raw_line fifo.ko "$good"
	sample writable.ko
	chmod 666 "$baked/writable.ko"
	raw_line writable.ko "$good"
	sample foreign.ko
	chown 1000 "$baked/foreign.ko"
	raw_line foreign.ko "$good"
	install -m 644 "$1" "$baked/lp_replace.ko"
	raw_line lp_replace.ko "$(sum "$1")"
	line lp_loadavg.ko
	for name in not_a_patch lp_unknown_symbol lp_unknown_function lp_init_fails lp_init_returns_one; do
		line "$name.ko"
	done
	raw_line build.ko "$good" buildid=0123456789abcdef
	line lp-execdomains.ko
}

# the_traits_of KERNEL: what the guest told last, as the manual's table has them in the row of this kernel, and how its modules lie
the_traits_of() {
	local compression
	compression=$(find "$kernel/lib/modules/$release/kernel/fs" -name 'ext4.ko*' | sed 's/.*\.ko//; s/^\.//')
	echo ".It $1$(sed -n 's/^trait: / Ta /p' "$work/tap" | tr -d '\n') Ta ${compression:-no}"
}

# Ways of the kernel's own: the manual tells of the same.
traits() {
	local row
	patches lp_version
	before <<-'END'
		echo 0 >/proc/sys/kernel/ftrace_enabled
		cat /proc/sys/kernel/ftrace_enabled >/ftrace
		echo 1 >/proc/sys/kernel/ftrace_enabled
	END
	# The same length, since the text is changed within the file.
	sed "s/vermagic=$release/vermagic=$(tr 0-9 9 <<<"$release")/" "$patches/kpe_later.ko" >"$tree/other-release.ko"
	check "$(cmp -s "$patches/kpe_later.ko" "$tree/other-release.ko"; echo $(($? != 1)))" "a module's vermagic is changed"
	ask traits
	row=$(cut -d. -f1,2 <<<"$release")
	case $release in
	*-rt-*) row+=-rt ;;
	7.*) row=7.x ;; # the newest that there is
	esac
	row=$(the_traits_of "$row")
	verdict "the manual has the row: $row" grep -qxF -e "$row" man/kpatch-early-boot.7
}

# replacing: bake finds out from this kernel's own struct klp_patch which patches replace others
replacing() {
	local store=$work/replacing/var/lib/kpatch/$release told
	install -D -m 644 -t "$store" "$patches"/lp_{loadavg,replace,version}.ko
	bake_store() { { "$BUILD/kpatch-early" bake -k "$release" --root "$work/replacing" >/dev/null; } 2>&1; }
	told=$(bake_store)
	check "$([[ -z $told ]]; echo $?)" "bake tells nothing of one patch that replaces others"
	# The same length, since the text is changed within the file.
	sed s/name=lp_replace/name=lp_another/ "$patches/lp_replace.ko" >"$store/lp_another.ko"
	told=$(bake_store)
	check "$([[ $told == *" 2 patches for $release replace those before them, so of these only lp_replace.ko "* ]]; echo $?)" \
		"bake tells which of two patches that replace others will be in force"
}

# own_numbers: two guests of one saved state have neither a boot_id nor random numbers in common
own_numbers() {
	local guest
	new_tree
	mkdir "$tree/test"
	echo "cat /proc/sys/kernel/random/boot_id; od -An -tx1 -N16 /dev/urandom" >"$tree/test/numbers.sh"
	add_tree
	next_log
	for guest in one other; do
		images/restored "$kernel" "$initramfs" numbers "$log" >"$work/$guest"
	done
	verdict "two guests have no number in common" \
		test "$(grep -cvxFf "$work/one" "$work/other") $(wc -l <"$work/one")" = "2 2"
}

# questions SERIES OTHER: all of them, of the kernel SERIES; OTHER is one more kernel, whose patches are not for it
questions() {
	local other
	use "$2"
	other=$patches/lp_replace.ko
	use "$1"
	outcomes
	manifests "$1" "$2"
	refusals
	rules
	own_numbers
	replacing
	traits
	new_tree
	wrong_files "$other"
	ask faults
	done_booting
}
