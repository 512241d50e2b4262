# What is not trusted is not loaded. kpe_reason= holds what the reason must say, with _ for blanks.
. /test/lib.sh
init_ran
all_original
not_loaded lp_version
state failed
reason=$(sed -n 's/.*kpe_reason=\([^ ]*\).*/\1/p' /proc/cmdline | tr _ ' ')
has "$status" "reason=\".*$reason" "the status file says why: $reason"
our_log
has /tmp/log "$reason" "the kernel log says why"
no_oops
done_testing
