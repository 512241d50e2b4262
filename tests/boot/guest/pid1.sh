# What pid1-init found, as the init behind kpatch-early. kpe_words= on the kernel command line
# holds how it should have been called, with _ for blanks.
. /test/lib.sh
patched_version
in_force lp_version
state applied
is "$found_state" applied "the status file was there when init began"
is "$found_mounted" "" "what the program had mounted but /run was not"
has /proc/mounts "^tmpfs /run tmpfs" "/run is a file system of its own"
is "$found_words" "$(sed -n 's/.*kpe_words=\([^ ]*\).*/\1/p' /proc/cmdline | tr _ ' ')" \
	"init was called by its own name, with the words of the kernel command line"
is "$found_self" "PPid: 0 SigBlk: 0000000000000000 " "its parent is the kernel, and no signal is blocked"
our_log
has /tmp/log "^applied: 1 of 1 patches" "the kernel log says what was applied"
missing=$(sed -n 's/.*kpatch\.init=\(\/nowhere\).*/\1/p' /proc/cmdline)
[ -z "$missing" ] ||
	has /tmp/log "^kpatch.init=$missing cannot be executed: it is missing" "an init that is missing is told"
no_oops
done_testing
