# A manifest for another kernel only.
. /test/lib.sh
init_ran
all_original
state nothing
has "$status" '^reason="the manifest has no line for this kernel"$' "the status file says why"
our_log
has /tmp/log "^nothing: " "the kernel log says so"
done_testing
