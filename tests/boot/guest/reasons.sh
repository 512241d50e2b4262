# SPDX-License-Identifier: GPL-2.0-or-later
# How the kernel, or we, refuse the samples that end no boot.

# reason_of NAME: sets $step, $why, what we say of it, and $cause, what the guard keeps of it
reason_of() {
	case $1 in
	lp_init_fails) step=load why="own init refused" cause="Domain error" ;;
	lp_init_returns_one) step=enable why="returned without enabling" cause="an init returned without enabling" ;;
	lp_unknown_function) step=load why="a function to patch was not found" cause="Invalid argument" ;;
	lp_unknown_symbol) step=load why="does not know a symbol" cause="the kernel does not know a symbol" ;;
	lp_stall) step=transition why="its transition did not end in 2 s" cause="a transition did not end" ;;
	not_a_patch) step=modinfo why="it is not a live patch" cause="" ;;
	esac
}

not_in_force() {
	[ ! -e "/sys/kernel/livepatch/$1" ]
	ok $? "$1 is not in force"
}
