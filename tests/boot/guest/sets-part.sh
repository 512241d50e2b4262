# The last known good of a set that is quarantined.
. /test/slots.sh
state partial
guard quarantined
has "$status" '^reason="2 boots loaded it, and none was blessed.*what was proven before is loaded"$' "the status file says why"
patched_version
patched_loadavg
not_loaded lp_panic
outcome lp_panic skipped guard "the boot guard leaves it out"
says 1 "" kpatch-early status --quiet
says 0 "not blessed: 2 boots loaded it" bless
our_log
has /tmp/log "^partial: 2 of 3 patches .* in force; 2 boots loaded it" "the log says why"
no_oops
done_testing
