# SPDX-License-Identifier: GPL-2.0-or-later
# TAP for guest scripts: BusyBox sh. The last command is done_testing; without its plan the
# boot counts as failed.
kpe_count=${kpe_count:-0} # scripts source each other, and this more than once
status=/run/kpatch-early/status

ok() { # ok STATUS TEXT
	kpe_count=$((kpe_count + 1))
	if [ "$1" -eq 0 ]; then echo "ok $kpe_count - $2"; else echo "not ok $kpe_count - $2"; fi
}

diag() { sed 's/^/# /'; }

is() { # is GOT EXPECTED TEXT
	[ "$1" = "$2" ]
	ok $? "$3"
	[ "$1" = "$2" ] || printf 'got:      %s\nexpected: %s\n' "$1" "$2" | diag
}

has() { # has FILE PATTERN TEXT: some line of FILE matches the basic regular expression
	grep -q -e "$2" "$1"
	ok $? "$3"
	grep -q -e "$2" "$1" || { echo "no line matches: $2"; cat "$1"; } | diag
}

hasnt() { # hasnt FILE PATTERN TEXT
	! grep -q -e "$2" "$1"
	ok $? "$3"
	! grep -e "$2" "$1" | diag
}

in_force() { # in_force NAME: the kernel's own view
	is "$(cat "/sys/kernel/livepatch/$1/enabled" "/sys/kernel/livepatch/$1/transition" 2>&1 | tr '\n' ' ')" \
		"1 0 " "$1 is enabled and not in transition"
}

not_loaded() { # not_loaded NAME
	[ ! -e "/sys/module/$1" ] && [ ! -e "/sys/kernel/livepatch/$1" ]
	ok $? "$1 is not in the kernel"
}

outcome() { # outcome NAME WORD STEP PATTERN: the patch's line in the status file
	has "$status" "^patch=$1 outcome=$2 ms=[0-9]* step=$3 reason=\".*$4.*\"\$" \
		"the status file says $1 $2 at $3: $4"
}

state() { is "$(sed -n 's/^state=//p' "$status")" "$1" "the state of the boot is $1"; }

# word NAME: what kpe.NAME= on the kernel command line says
word() { sed -n "s/.* kpe\.$1=\([^ ]*\).*/\1/p" /proc/cmdline; }

# apply_again: asks the program to do it again, with what a boot kept for this, or a restored guest still has. From now on
# $status is what that run says.
apply_again() {
	local tree=/run/kpatch-early/tree
	status=/run/kpatch-early/status.last
	[ -e $tree ] || { kpatch-early apply; return; }
	cp -r $tree /tmp/tree
	for link in proc sys dev run; do ln -s "/$link" "/tmp/tree/$link"; done
	kpatch-early apply --root /tmp/tree
}

# Our records in the kernel log, without time.
our_log() { dmesg | sed -n 's/^.*\] kpatch-early: //p' >/tmp/log; }

patched_version() { has /proc/version "patched before the root was mounted" "/proc/version is patched"; }
original_version() { hasnt /proc/version "patched" "/proc/version is not patched"; }
patched_loadavg() { has /proc/loadavg " patched" "/proc/loadavg is patched"; }
original_loadavg() { hasnt /proc/loadavg "patched" "/proc/loadavg is not patched"; }
patched_execdomains() { has /proc/execdomains "patched" "/proc/execdomains is patched"; }
original_execdomains() { hasnt /proc/execdomains "patched" "/proc/execdomains is not patched"; }
all_original() { original_version; original_loadavg; original_execdomains; }

init_ran() { ok 0 "the root's init runs"; }

no_oops() {
	dmesg >/tmp/dmesg
	hasnt /tmp/dmesg "Oops\|BUG:\|WARNING:\|Call [Tt]race" "the kernel log shows no oops and no warning"
}

# A module that refuses to load is reported with a trace by some kernels; an oops never is ours.
no_oops_but_ours() {
	dmesg >/tmp/dmesg
	hasnt /tmp/dmesg "Oops\|BUG:" "the kernel log shows no oops"
}

done_testing() { echo "1..$kpe_count"; }
