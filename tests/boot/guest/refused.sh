# The kernel takes no patch of ours. kpe_reason= holds what each reason must say, with _ for blanks.
. /test/lib.sh
init_ran
all_original
reason=$(sed -n 's/.*kpe_reason=\([^ ]*\).*/\1/p' /proc/cmdline | tr _ ' ')
state failed
for name in lp_version lp_loadavg; do
	has "$status" "^patch=$name outcome=failed ms=[0-9]* step=load reason=\".*$reason" "$name is refused: $reason"
	not_loaded "$name"
done
outcome lp_execdomains failed load "$(sed -n 's/.*kpe_last=\([^ ]*\).*/\1/p' /proc/cmdline | tr _ ' ')"
our_log
has /tmp/log "^lp_version: failed at load: .*the boot goes on" "the kernel log says so"
done_testing
