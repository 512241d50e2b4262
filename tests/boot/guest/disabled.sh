# The administrator said no: nothing is loaded, and the boot says why. kpe_reason= on the command
# line holds what the reason must say, with _ for blanks.
. /test/lib.sh
init_ran
all_original
for name in lp_version lp_loadavg lp_execdomains; do not_loaded "$name"; done
reason=$(sed -n 's/.*kpe_reason=\([^ ]*\).*/\1/p' /proc/cmdline | tr _ ' ')
state disabled
has "$status" "^reason=\".*$reason.*\"$" "the status file gives the reason: $reason"
hasnt "$status" "^patch=" "the status file lists no patch"
our_log
has /tmp/log "^disabled: .*$reason" "the kernel log says so"
kpatch-early status --quiet
is $? 1 "status --quiet answers no"
no_oops
done_testing
