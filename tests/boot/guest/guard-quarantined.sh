# After two boots that panicked: unpatched, and it says why; the same at every later boot.
. /test/guard.sh
state quarantined
guard quarantined
has "$status" '^reason="2 boots loaded it, and none was blessed' "the status file says why"
all_original
for name in lp_version lp_panic lp_loadavg; do
	not_loaded $name
	outcome $name skipped guard "the boot guard"
done
our_log
has /tmp/log "^quarantined: 0 of 3 patches .* 2 boots loaded it" "the log says why"
is "$(wc -l </tmp/log)" 1 "and says no more"
no_variables_left
says 0 "quarantined" kpatch-early status
says 0 '"guard": "quarantined"' kpatch-early status --json
says 1 "" kpatch-early status --quiet
is "$(sequence)" 3 "the record was written three times: two tries and the quarantine"
says 0 "not blessed" kpatch-early bless
is "$(sequence)" 4 "and once more: this boot is good, though without the set"
no_oops
done_testing
