# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# For restored-zoo-*.t and guard-zoo-flavours.t: a bad patch a row, alone and between two good ones, each time with a store that knows
# of nothing. No panic= is on the command line. After restore.sh, or lib.sh and a base.
. "$(dirname "$0")/slots.sh"

# Of a row: $guest is the script that runs until the machine restarts, and $settings are more settings.
settings=()

# guest SCRIPT NAME...: boots the set of these names, and tells the script of it
guest() {
	local IFS=,
	boot_again "$1" panic=0 "kpe.set=${*:2}" "kpe.tries=${tries:-0}"
}

# ends TEXT TRIES NAME...: TRIES boots with the set of these names end with TEXT, and the next one is unpatched
ends() {
	local text=$1 tries=$2 i
	shift 2
	new_store
	with_settings "guard_tries=$tries" "${settings[@]}"
	set_of "$@"
	for ((i = 0; i < tries; i++)); do boot_to_restart "$text"; done
	guest zoo-quarantined "$@"
}

# crashes NAME TEXT: a row that ends with TEXT on the console
crashes() {
	ends "$2" 1 "$1"
	ends "$2" 2 lp_version "$1" lp_loadavg
	comes_back
}

# comes_back: the good patches without the bad one are in force at once
comes_back() {
	set_of lp_version lp_loadavg
	guest zoo-good lp_version lp_loadavg
}

# refused NAME [TRIES]: a row that the kernel refuses; tests/boot/guest/zoo.sh knows how. It is tried at each boot, or TRIES
# times.
refused() {
	new_store
	with_settings "${settings[@]}"
	set_of "$1"
	for ((i = 0; i < ${2:-3}; i++)); do guest zoo-refused "$1"; done
	[[ -z ${2:-} ]] || tries=$2 guest zoo-quarantined "$1"
	set_of lp_version "$1" lp_loadavg
	guest zoo-partial lp_version "$1" lp_loadavg
}
